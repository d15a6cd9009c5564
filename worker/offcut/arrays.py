"""Names of the arrays that the engine works on.

An annotation fixes the dtype only. Shape and range are a convention that each name stands for.
"""

from typing import Any

import numpy as np
from PIL import Image

AlphaU8 = np.ndarray[tuple[Any, ...], np.dtype[np.uint8]]
"""How much of each pixel the subject covers, uint8 ``(h, w)``, 0 (background) to 255 (subject)."""

AlphaF32 = np.ndarray[tuple[Any, ...], np.dtype[np.float32]]
"""The same as float32 ``(h, w)``, 0 to 1."""

RgbU8 = np.ndarray[tuple[Any, ...], np.dtype[np.uint8]]
"""Colours as they are in the file, mostly sRGB, uint8 ``(h, w, 3)``."""

RgbaU8 = np.ndarray[tuple[Any, ...], np.dtype[np.uint8]]
"""Colours and alpha, not premultiplied, uint8 ``(h, w, 4)``."""

PixelsU8 = np.ndarray[tuple[Any, ...], np.dtype[np.uint8]]
"""A picture of any mode with 8 bits a channel, uint8 ``(h, w)`` or ``(h, w, channels)``."""

PixelsU16 = np.ndarray[tuple[Any, ...], np.dtype[np.uint16]]
"""The same with 16 bits a channel."""

Mask = np.ndarray[tuple[Any, ...], np.dtype[np.bool_]]
"""Chosen pixels, bool ``(h, w)``."""

Floats = np.ndarray[tuple[Any, ...], np.dtype[np.float32]]
"""Any float32 array; the docstring states its shape and range."""

Doubles = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]
"""Any float64 array; the docstring states its shape and range."""

Integers = np.ndarray[tuple[Any, ...], np.dtype[np.int64]]
"""Any int64 array, mostly of indices or counts; the docstring states its shape."""

AnyArray = np.ndarray[tuple[Any, ...], np.dtype[Any]]
"""An array whose dtype does not matter."""


def resize_floats(values: Floats, size: tuple[int, int], kernel: Image.Resampling) -> Floats:
    """Resize an array of floats with one of Pillow's kernels.

    Args:
        values: ``(h, w)`` or ``(h, w, channels)``; converted to float32.
        size: width and height of the result.
        kernel: such as ``Image.Resampling.BOX``.

    Returns:
        float32, with the same channels.
    """
    if values.ndim == 3:
        return np.dstack([resize_floats(values[..., channel], size, kernel) for channel in range(values.shape[2])])
    return np.asarray(Image.fromarray(np.ascontiguousarray(values, np.float32), "F").resize(size, kernel))
