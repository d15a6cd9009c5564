"""Values between Python and JavaScript: plain objects, bytes of files, memory of buffers, pixels as bitmaps."""

import io
from typing import Any

import js
import numpy as np
import pyodide_js
from pyodide.ffi import JsException, JsProxy, jsnull, to_js

from offcut.editing.display import Source, strips
from offcut.errors import UnreadableFileError
from offcut.geometry import Box


def to_plain_js(value: object) -> Any:
    """Copy a value to JavaScript, with dictionaries as plain objects; Pyodide alone would make a `Map` of each."""
    return to_js(value, dict_converter=js.Object.fromEntries)


def from_js(value: Any) -> Any:
    """Copy a plain object or array to Python, with None for null and lists for typed arrays in it.

    Everything else, such as a `Blob`, is returned as it is.
    """
    if value is jsnull:
        return None
    if isinstance(value, JsProxy) and getattr(value, "constructor", None) in (js.Object, js.Array):
        return _plain_python(value.to_py())
    return value


def _plain_python(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain_python(entry) for name, entry in value.items()}
    if isinstance(value, memoryview):
        return value.tolist()
    return None if value is jsnull else value  # a list is used as it is: a stroke's has thousands of numbers


class PositionedFile(io.RawIOBase):
    """A file in a browser that is read or written at a place given with each call: it counts that place itself."""

    _at = 0

    def size(self) -> int:
        """Return the size in bytes."""
        raise NotImplementedError

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the place of the next byte."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, and return it; as `io.IOBase.seek`."""
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at}.get(whence)
        self._at = max(0, offset + (self.size() if begin is None else begin))
        return self._at


def heap_size() -> int:
    """Return the size of Pyodide's WebAssembly memory, in bytes."""
    return int(pyodide_js._module.HEAPU8.length)


async def read_bytes(file: JsProxy) -> bytes:
    """All bytes of a `Blob` or `File`.

    Raises:
        UnreadableFileError: the browser cannot read it: it is a folder, or was moved or changed since it was chosen.
    """
    try:
        buffer = await file.arrayBuffer()
        data: bytes = buffer.to_bytes()
        free_buffer(buffer)
        return data
    except JsException as error:
        raise UnreadableFileError(
            "The browser cannot read this file: it may have been moved or changed, or be a folder. Choose it again."
        ) from error


def free_buffer(buffer: JsProxy) -> None:
    """Free an ArrayBuffer's memory now. An idle worker may not collect its garbage for minutes.

    One that was transferred to another worker has no bytes here any more, which is not an error.
    """
    if buffer.byteLength and hasattr(buffer, "transfer"):  # not in browsers from before 2024
        buffer.transfer(0)


async def make_bitmap(height: int, width: int, source: Source) -> JsProxy:
    """Make an `ImageBitmap` of a picture, with straight alpha and the very same values.

    `source` returns uint8 ``(h, w)`` for white with that alpha, ``(h, w, 3)`` for opaque colours, or ``(h, w, 4)`` for
    RGBA.
    """
    image = js.ImageData.new(width, height)
    # In strips, so that all four channels are never whole in the engine's memory too, which cannot be given back.
    for strip in strips(Box(0, height, 0, width)):
        some = image.data.subarray(strip.top * width * 4, strip.bottom * width * 4)
        some.assign(_rgba(source(strip)).reshape(-1))
    options = {"premultiplyAlpha": "none", "colorSpaceConversion": "none"}
    bitmap: JsProxy = await js.createImageBitmap(image, to_plain_js(options))
    free_buffer(image.data.buffer)
    return bitmap


def _rgba(values: np.ndarray) -> np.ndarray:
    if values.shape[2:] == (4,):
        return np.ascontiguousarray(values)
    whole = np.full((*values.shape[:2], 4), 255, np.uint8)
    if values.ndim == 2:
        whole[..., 3] = values
    else:
        whole[..., :3] = values
    return whole
