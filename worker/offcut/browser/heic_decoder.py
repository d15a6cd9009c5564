"""HEIC photos where the browser cannot read them: libheif as WebAssembly, fetched with the first one."""

from typing import Any

import numpy as np
from PIL import Image
from pyodide.ffi import JsException, JsProxy, to_js

from offcut.browser.fetched_codecs import MISSING, load_codec
from offcut.codecs.metadata import finished
from offcut.codecs.photo import Photo
from offcut.codecs.refusals import damaged
from offcut.codecs.stated_colours import heif_profile
from offcut.errors import CodecDownloadError, OffcutError, OutOfMemoryError
from offcut.memory_budget import Budget

_ROWS = 256


class HeicDecoder:
    """Reads HEIC files. Each file has an instance of its own, whose memory is given back with the photo."""

    def __init__(self, site: str) -> None:
        """`site` is the absolute URL of the folder that index.html lies in."""
        self._site = site

    async def decode(self, data: bytes, refusal: OffcutError, budget: Budget) -> Photo:
        """Decode like `offcut.codecs.decode`.

        Args:
            data: the bytes of the file.
            refusal: raised where the site was built without the decoder.
            budget: asked by the header whether it may be opened; a larger photo is returned whole.

        Raises:
            CodecDownloadError: the decoder could not be fetched.
            TruncatedImageError: the file is damaged, or not compressed as HEIC files are.
            ImageTooLargeError, OutOfMemoryError
        """
        try:
            heif = await load_codec(self._site, "HEIC", "libheif.mjs")
        except CodecDownloadError as error:
            raise (refusal if error.reason == MISSING else error) from None
        try:
            return finished(_picture(heif, data, budget), data, None, None)
        except MemoryError as error:
            raise OutOfMemoryError("This device has not enough memory to open this photo. Close other tabs.") from error
        except JsException as error:  # it has aborted, for memory or for what is in the file
            raise damaged("HEIC") from error


def _picture(heif: JsProxy, data: bytes, budget: Budget) -> Image.Image:
    """Return the file's main picture, upright, mode RGB or RGBA, with its profile in `info`."""
    context = heif.heif_context_alloc()
    _checked(heif.heif_context_read_from_memory(context, to_js(data)))
    handle = _checked(heif.heif_js_context_get_primary_image_handle(context))
    size = heif.heif_image_handle_get_width(handle), heif.heif_image_handle_get_height(handle)
    budget.plan(size)
    has_alpha = bool(heif.heif_image_handle_has_alpha_channel(handle))
    is_premultiplied = has_alpha and bool(heif.heif_image_handle_is_premultiplied_alpha(handle))
    colours, layout = heif.heif_colorspace.heif_colorspace_RGB, heif.heif_chroma.heif_chroma_interleaved_RGBA
    made = _checked(heif.heif_js_decode_image2(handle, colours, layout))
    channel = made.channels[0]
    # Not trusted to be what the header has said.
    width, height, stride = int(channel.width), int(channel.height), int(channel.stride)
    budget.plan((width, height))
    picture = Image.new("RGBA" if has_alpha else "RGB", (width, height))
    for top in range(0, height, _ROWS):
        bottom = min(height, top + _ROWS)
        values = np.asarray(channel.data.subarray(top * stride, bottom * stride).to_py())
        rows = values.reshape(bottom - top, stride)[:, : width * 4].reshape(bottom - top, width, 4)
        strip = Image.fromarray(np.ascontiguousarray(rows), "RGBa" if is_premultiplied else "RGBA")
        picture.paste(strip.convert(picture.mode), (0, top))
    if profile := heif_profile(data):
        picture.info["icc_profile"] = profile
    return picture


def _checked(answer: Any) -> Any:
    """Return what libheif has made, or raise TruncatedImageError for what it says instead."""
    code = getattr(answer, "code", None) if answer else None
    if not answer or (code is not None and getattr(code, "value", code)):
        raise damaged("HEIC")
    return answer
