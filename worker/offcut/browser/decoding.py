"""Decode photos that Pillow cannot read in Pyodide but the browser can: AVIF nearly everywhere, HEIC in Safari."""

import js
import numpy as np
from PIL import Image
from pyodide.ffi import JsException, JsProxy, to_js

from offcut.codecs import Photo, decode
from offcut.codecs.decode import check_size
from offcut.codecs.sniff import format_of
from offcut.codecs.to_rgb8 import opaque_to_none
from offcut.errors import NotAnImageError


async def decode_in_browser(data: bytes) -> Photo:
    """Decode like `offcut.codecs.decode`, and let the browser decode formats that Pillow does not have in Pyodide.

    Raises:
        OffcutError: as `offcut.codecs.decode`.
    """
    try:
        return decode(data)
    except NotAnImageError as error:
        if format_of(data) not in ("AVIF", "HEIC"):
            raise
        try:
            return _photo(await js.createImageBitmap(js.Blob.new(to_js([to_js(data)]))))
        except JsException:
            raise error from None


def _photo(bitmap: JsProxy) -> Photo:
    try:
        check_size((bitmap.width, bitmap.height))
        canvas = js.OffscreenCanvas.new(bitmap.width, bitmap.height)
        context = canvas.getContext("2d")
        context.drawImage(bitmap, 0, 0)
        pixels = np.asarray(context.getImageData(0, 0, bitmap.width, bitmap.height).data.to_py())
        picture = Image.fromarray(pixels.reshape(bitmap.height, bitmap.width, 4), "RGBA")
    finally:
        bitmap.close()
    return Photo(picture.convert("RGB"), opaque_to_none(picture.getchannel("A")))
