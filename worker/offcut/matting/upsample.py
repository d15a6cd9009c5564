"""A coarse alpha at the photo's size."""

from math import ceil

import numpy as np
from PIL import Image

_TILE = 256
_SUPPORT = 2
"""Pixels that the bicubic kernel sees to each side, of the coarser of both pictures."""


def upsample(coarse: np.ndarray, size: tuple[int, int]) -> Image.Image:
    """Enlarge a coarse alpha to the photo's size with a bicubic kernel (Keys 1981, a = -0.5, as Pillow has it).

    Bicubic follows curved outlines better than bilinear: 1 to 6 % lower error on binary masks (docs/quality.md).

    Args:
        coarse: float array ``(height, width)``, 0 to 1.
        size: width and height of the photo.

    Returns:
        A picture of mode ``"L"``, 0 (background) to 255 (subject).
    """
    # Enlarged as floats: rounding to 8 bits first would show as steps in wide soft edges. In tiles, because a photo of floats
    # would be the largest thing in memory, and because most of them are all subject or all background. The kernel sees
    # beyond a tile, so there is no seam.
    values = np.asarray(coarse, np.float32) * np.float32(255) + np.float32(0.5)
    source = Image.fromarray(values, "F")
    width, height = size
    across, down = source.width / width, source.height / height
    result = Image.new("L", size)
    for top in range(0, height, _TILE):
        bottom = min(top + _TILE, height)
        rows = _seen(top * down, bottom * down, down)
        for left in range(0, width, _TILE):
            right = min(left + _TILE, width)
            seen = values[rows, _seen(left * across, right * across, across)]
            if seen.min() == seen.max():
                result.paste(int(seen[0, 0]), (left, top, right, bottom))
                continue
            box = (left * across, top * down, min(right * across, source.width), min(bottom * down, source.height))
            tile = source.resize((right - left, bottom - top), Image.Resampling.BICUBIC, box)
            result.paste(tile.convert("L"), (left, top))  # clips, and drops what comes after the point
    return result


def _seen(first: float, last: float, scale: float) -> slice:
    """The pixels of a side that the kernel sees for a part of it; `scale` is how many there are for one of the result's."""
    reach = ceil(_SUPPORT * max(1.0, scale)) + 1
    return slice(max(0, int(first) - reach), ceil(last) + reach)
