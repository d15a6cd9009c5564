"""AVIF files, which neither Pyodide's Pillow nor browsers write: libavif as WebAssembly, fetched when it is needed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import IO

import js
import numpy as np
from PIL import Image
from pyodide.ffi import JsException, JsProxy

from offcut.browser.fetched_codecs import load_codec
from offcut.browser.interop import free_buffer, to_plain_js
from offcut.codecs.avif_boxes import with_metadata
from offcut.codecs.encode import Format
from offcut.codecs.image_strips import strips
from offcut.errors import CodecDownloadError, OutOfMemoryError

_ROWS = 256

_KEPT_S = 20
"""Seconds that the module is kept for the next picture: memories of ended ones pile up until the browser collects
them."""

_SUBSAMPLINGS = {"4:2:0": 1, "4:4:4": 3}
"""The encoder's numbers for them."""

_SETTINGS = {
    "qualityAlpha": 100,  # lossless
    "denoiseLevel": 0,
    "tileColsLog2": 0,
    "tileRowsLog2": 0,
    "chromaDeltaQ": False,
    "sharpness": 0,
    "tune": 0,
    "enableSharpYUV": False,
    "bitDepth": 8,
    "lossless": False,
}
"""The encoder has no defaults."""


class AvifEncoder:
    """Pillow's writer of AVIF in the browser. It is there while `writing` lasts, and its memory a little longer."""

    def __init__(self, site: str) -> None:
        """`site` is the absolute URL of the folder that index.html lies in."""
        self._site = site
        self._module: JsProxy | None = None
        self._users = 0
        self._ending: asyncio.TimerHandle | None = None
        self._lock = asyncio.Lock()
        Image.register_save("AVIF", self._save)

    @asynccontextmanager
    async def writing(self, target: Format) -> AsyncIterator[None]:
        """Have what writes a format at hand. Raises CodecDownloadError."""
        if target.title != "AVIF":
            yield
            return
        async with self._lock:
            if self._ending:
                self._ending.cancel()
            if self._module is None:
                self._module = await load_codec(self._site, "AVIF", "avif_enc.js", "avif_enc.wasm")
            self._users += 1
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                self._ending = asyncio.get_running_loop().call_later(_KEPT_S, self._end)

    def _end(self) -> None:
        if not self._users:
            self._module = None

    def _save(self, image: Image.Image, file: IO[bytes], _name: str | bytes) -> None:
        """Write a picture with the options that `offcut.codecs.encode` gives Pillow's own writer."""
        given = image.encoderinfo
        settings = _SETTINGS | {
            "quality": given["quality"],
            "speed": given["speed"],
            "subsample": _SUBSAMPLINGS[given["subsampling"]],
        }
        module = self._module
        if module is None:
            raise CodecDownloadError("AVIF files are written only while their encoder is at hand.", kind="AVIF")
        pixels = _rgba(image)
        try:
            made = module.encode(pixels, image.width, image.height, to_plain_js(settings))
        except JsException as error:
            self._module = None  # what has aborted does not work again
            raise OutOfMemoryError(
                "This device has not enough memory to write this picture as AVIF. Save it as WebP, or smaller."
            ) from error
        finally:
            free_buffer(pixels.buffer)
        file.write(with_metadata(made.to_bytes(), given.get("icc_profile"), given.get("exif")))


def _rgba(image: Image.Image) -> JsProxy:
    """Copy a picture to JavaScript, four bytes a pixel, in strips."""
    pixels: JsProxy = js.Uint8Array.new(image.width * image.height * 4)
    for top, strip in strips(image, _ROWS):
        at = top * image.width * 4
        values = np.asarray(strip.convert("RGBA")).reshape(-1)
        pixels.subarray(at, at + values.size).assign(values)
    return pixels
