"""Enlarge a coarse alpha to the photo's size."""

from math import ceil

import numpy as np
from PIL import Image

from offcut.arrays import AlphaF32
from offcut.geometry import Box, tiles

_TILE = 256
_SUPPORT = 2
"""Radius of the bicubic kernel, in pixels of the coarser of both pictures."""


def upsample(coarse: AlphaF32, size: tuple[int, int]) -> Image.Image:
    """Enlarge a coarse alpha to the photo's size with a bicubic kernel (Keys 1981, a = -0.5, as Pillow has it).

    Bicubic follows curved outlines better than bilinear: 1 to 6 % lower error on binary masks (docs/decisions/0043).

    Args:
        coarse: float32 ``(h, w)``, 0 to 1.
        size: width and height of the photo.

    Returns:
        Mode L, 0 (background) to 255 (subject).
    """
    # Enlarged as floats: rounding to 8 bits first would show as steps in wide soft edges. In tiles, because a photo of
    # floats would be the largest array in memory, and because most tiles are all subject or all background. The kernel
    # reads beyond the tile, so there is no seam.
    values = np.asarray(coarse, np.float32) * np.float32(255) + np.float32(0.5)
    source = Image.fromarray(values, "F")
    width, height = size
    across, down = source.width / width, source.height / height
    reach = ceil(_SUPPORT * max(1.0, across, down)) + 1
    result = Image.new("L", size)
    for tile in tiles(height, width, _TILE):
        left, top = tile.left * across, tile.top * down
        right, bottom = min(tile.right * across, source.width), min(tile.bottom * down, source.height)
        seen = values[Box(int(top), ceil(bottom), int(left), ceil(right)).grown(reach).within(*values.shape).slices]
        if seen.min() == seen.max():
            result.paste(int(seen[0, 0]), tile.ltrb)
            continue
        part = source.resize(tile.size, Image.Resampling.BICUBIC, (left, top, right, bottom))
        result.paste(part.convert("L"), (tile.left, tile.top))  # the conversion clips and truncates
    return result
