"""Pixels as `ImageBitmap`, the one form in which the page is given them."""

import js
import numpy as np
from pyodide.ffi import JsProxy

from offcut.browser.files import forget
from offcut.browser.interop import plain
from offcut.editing.display import Source, strips
from offcut.geometry import Box


async def bitmap_of(height: int, width: int, source: Source) -> JsProxy:
    """An `ImageBitmap` of a picture, with straight alpha and the very same values.

    `source` gives uint8 ``(h, w)`` for white with that alpha, ``(h, w, 3)`` for opaque colours, ``(h, w, 4)`` for RGBA.
    """
    image = js.ImageData.new(width, height)
    # In strips, so that all four channels are never whole in the engine's memory too, which cannot be given back.
    for strip in strips(Box(0, height, 0, width)):
        some = image.data.subarray(strip.top * width * 4, strip.bottom * width * 4)
        some.assign(_rgba(source(strip)).reshape(-1))
    options = {"premultiplyAlpha": "none", "colorSpaceConversion": "none"}
    bitmap = await js.createImageBitmap(image, plain(options))
    forget(image.data.buffer)
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
