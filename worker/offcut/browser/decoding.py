"""What the browser's decoder does for the engine: formats and colour profiles that Pillow in Pyodide cannot read.

AVIF is read nearly everywhere, HEIC, JPEG XL and JPEG 2000 in Safari, icons everywhere. HEIC has a decoder of its own
for other browsers (`offcut.browser.heic_decoder`).
"""

import functools
import io

import js
import numpy as np
from PIL import Image
from pyodide.ffi import JsException, JsProxy, to_js

from offcut.arrays import PixelsU8
from offcut.browser.heic_decoder import HeicDecoder
from offcut.codecs import Photo, decode
from offcut.codecs.boxes import heif_size
from offcut.codecs.colours import Unconverted
from offcut.codecs.downscale import within
from offcut.codecs.image_strips import strips
from offcut.codecs.to_rgb8 import opaque_to_none
from offcut.codecs.transparency import heed
from offcut.errors import NotAnImageError, TruncatedImageError
from offcut.memory_budget import WHOLE, Budget

_NO_PICTURES = ("drawing", "page", "pdf", "raw", "video", "sound", "archive")
"""Reasons for a refusal that the browser is not asked about."""

_STRIP_PIXELS = 2_000_000
"""Pixels that are converted at a time."""


async def decode_in_browser(data: bytes, heic: HeicDecoder, budget: Budget) -> Photo:
    """Decode like `offcut.codecs.decode`, with the help of the browser.

    It decodes what the engine cannot read and the browser can, and converts colours by profiles with tables (CMYK, some
    of scanners and printers), as there is no LittleCMS.

    Raises:
        OffcutError: as `offcut.codecs.decode`, and CodecDownloadError.
    """
    try:
        photo = decode(data, budget)
    except (NotAnImageError, TruncatedImageError) as error:
        if error.reason in _NO_PICTURES:
            raise
        try:
            if stated := heif_size(data):
                budget.plan(stated)
            return within(_photo(await _pixels(await _bitmap(data), budget)), budget)
        except (JsException, _UnreadableCanvasError):
            if error.reason == "heic":  # a whole file, as far as its boxes say
                return within(await heic.decode(data, error, budget), budget)
            raise error from None
    unconverted, photo.unconverted = photo.unconverted, None
    if unconverted:
        photo.image = await _converted(unconverted, photo.image)
        heed(photo)
    return photo


async def _converted(unconverted: Unconverted, rough: Image.Image) -> Image.Image:
    """Return the colours in sRGB, as the browser shows them; `rough` where it cannot tell.

    It is given the pixels in files of its own, strip by strip: so this works for TIFFs too, nothing depends on how the
    browser turns a photo, and no canvas is too large.
    """
    source, result = unconverted.image, rough.copy()
    rows = max(1, _STRIP_PIXELS // source.width)
    try:
        for top, strip in strips(source, rows):
            pixels = await _pixels(await _bitmap(_file_of(strip, unconverted.icc_profile)))
            result.paste(Image.fromarray(np.ascontiguousarray(pixels[..., :3])), (0, top))
    # A canvas that cannot be had or read, or a profile that cannot be written.
    except (JsException, _UnreadableCanvasError, OSError, ValueError):
        return rough
    return result


def _file_of(strip: Image.Image, icc_profile: bytes) -> bytes:
    """Return a file that every browser reads: PNG, or for CMYK, which PNG does not have, the finest JPEG."""
    buffer = io.BytesIO()
    if strip.mode == "CMYK":
        strip.save(buffer, "JPEG", quality=100, subsampling=0, icc_profile=icc_profile)
    else:
        strip.save(buffer, "PNG", compress_level=0, icc_profile=icc_profile)
    return buffer.getvalue()


async def _bitmap(data: bytes) -> JsProxy:
    bitmap: JsProxy = await js.createImageBitmap(js.Blob.new(to_js([to_js(data)])))
    return bitmap


def _photo(pixels: PixelsU8) -> Photo:
    picture = Image.fromarray(pixels, "RGBA")
    return heed(Photo(picture.convert("RGB"), opaque_to_none(picture.getchannel("A"))))


async def _pixels(bitmap: JsProxy, budget: Budget = WHOLE) -> PixelsU8:
    """Return a bitmap's sRGB values, uint8 ``(h, w, 4)``, and close it."""
    try:
        budget.plan((bitmap.width, bitmap.height))
        if not _canvases_are_true():
            return await _frame_pixels(bitmap)
        context = js.OffscreenCanvas.new(bitmap.width, bitmap.height).getContext("2d")
        context.drawImage(bitmap, 0, 0)
        return _read(context, bitmap.width, bitmap.height)
    finally:
        bitmap.close()


async def _frame_pixels(bitmap: JsProxy) -> PixelsU8:
    """Return a bitmap's values as a frame of video gives them, where no canvas does. Raises _UnreadableCanvasError."""
    if not hasattr(js, "VideoFrame"):
        raise _UnreadableCanvasError
    frame = js.VideoFrame.new(bitmap, to_js({"timestamp": 0}, dict_converter=js.Object.fromEntries))
    try:
        options = to_js({"format": "RGBA"}, dict_converter=js.Object.fromEntries)
        size = frame.allocationSize(options)
        if size != bitmap.width * bitmap.height * 4:  # another layout, in a browser that does not convert
            raise _UnreadableCanvasError
        buffer = js.Uint8Array.new(size)
        await frame.copyTo(buffer, options)
    finally:
        frame.close()
    values = np.asarray(buffer.to_py()).reshape(bitmap.height, bitmap.width, 4)
    return np.asarray(Image.fromarray(values, "RGBa").convert("RGBA"))  # a bitmap's colours are premultiplied


class _UnreadableCanvasError(Exception):
    """This browser has no canvas in workers (Safari before 16.4), or gives out other pixels than are there."""


@functools.cache
def _canvases_are_true() -> bool:
    """Whether what is read from a canvas is what was drawn.

    Strict protection against fingerprinting, as of Tor Browser, gives out white or noise. A step more or less in some
    pixels, as of Brave, is not seen in a photo.
    """
    if not hasattr(js, "OffscreenCanvas"):
        return False
    context = js.OffscreenCanvas.new(16, 16).getContext("2d")
    context.fillStyle = "#336699"
    context.fillRect(0, 0, 16, 16)
    wanted = np.array([0x33, 0x66, 0x99, 0xFF], np.int16)
    return bool(np.abs(_read(context, 16, 16) - wanted).max() <= 4)


def _read(context: JsProxy, width: int, height: int) -> PixelsU8:
    pixels = np.asarray(context.getImageData(0, 0, width, height).data.to_py())
    return pixels.reshape(height, width, 4)
