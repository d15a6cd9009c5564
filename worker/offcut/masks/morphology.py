"""Morphology: an alpha dilated or eroded by a disc."""

import math

import numpy as np

from offcut.arrays import AlphaU8, PixelsU8


def grow(alpha: AlphaU8, pixels: float) -> AlphaU8:
    """Dilate an alpha, uint8 ``(h, w)``, by a disc; erode it where `pixels` is below 0.

    Between whole numbers of pixels the result is interpolated. 0 returns the alpha unchanged.
    """
    if pixels < 0:
        return ~grow(~alpha, -pixels)
    whole, part = int(pixels), pixels - int(pixels)
    low = dilate(alpha, whole)
    if not part:
        return low
    low, high = low.astype(np.float32), dilate(alpha, whole + 1)
    return np.asarray((low + (high - low) * np.float32(part) + np.float32(0.5)).astype(np.uint8))


def dilate(values: PixelsU8, radius: int) -> PixelsU8:
    """Replace each value by the largest one within a disc around it.

    A disc is a stack of rows of different widths. The maximum of a row is that of two overlapping runs whose length is
    a power of two, and the maxima of those runs come from each other by doubling.

    Args:
        values: uint8 ``(h, w)``. Beyond the border it counts as 0.
        radius: of the disc, in whole pixels. 0 returns `values` unchanged.

    Returns:
        uint8 ``(h, w)``.
    """
    if radius == 0:
        return values
    height, width = values.shape
    padded = np.zeros((height + 2 * radius, width + 2 * radius), values.dtype)
    padded[radius : radius + height, radius : radius + width] = values
    result = values.copy()
    runs = {1: padded}  # by length: each value is the maximum of the run that begins there
    length = 1
    while 2 * length <= 2 * radius + 1:
        shorter = runs[length]
        runs[2 * length] = np.maximum(shorter[:, :-length], shorter[:, length:])
        length *= 2
    rows = padded
    previous = -1
    for up in range(radius, -1, -1):
        half = math.isqrt(radius * radius - up * up)
        if half != previous:
            span = 2 * half + 1
            run = 1 << (span.bit_length() - 1)
            first, second = radius - half, radius + half + 1 - run
            rows = np.maximum(runs[run][:, first : first + width], runs[run][:, second : second + width])
            previous = half
        for shift in {radius - up, radius + up}:
            np.maximum(result, rows[shift : shift + height], out=result)
    return result
