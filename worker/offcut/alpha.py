"""What the values of an alpha mean."""

from collections.abc import Iterator

import numpy as np

from offcut.arrays import AlphaF32, AlphaU8, Mask
from offcut.geometry import Box, chosen_tiles

OPAQUE = 250
"""Alpha (0 to 255) at and above which a pixel is treated as fully opaque.

Networks often return 250 to 254 inside opaque subjects; the background can contribute at most 2 % there. The guided
filter uses the same limit.
"""

FAINT = 5
"""Alpha below which the guided filter treats a pixel as background, not as an edge."""

VISIBLE = 26
"""Alpha from which on a pixel counts as visible: a tenth. From 256 minus this on it counts as fully kept."""

Change = tuple[Box, AlphaU8]
"""A part of an alpha and its new values, uint8 of the box's shape."""


def as_floats(alpha: AlphaU8) -> AlphaF32:
    """Return an alpha, uint8 ``(h, w)``, 0 to 255, as float32 ``(h, w)``, 0 to 1."""
    return np.divide(alpha, np.float32(255), dtype=np.float32)


def soft_tiles(alpha: AlphaU8, side: int) -> Iterator[tuple[Box, Mask]]:
    """Iterate over the square tiles that have soft pixels: alpha of at least 1 and less than `OPAQUE`.

    Args:
        alpha: uint8 ``(h, w)``, 0 to 255.
        side: of a tile, in pixels.

    Yields:
        The bounding box of a tile's soft pixels, and which of its pixels are soft (bool, of the box's shape).
    """
    # 0 wraps around to 255, so that one comparison finds 1 to OPAQUE - 1.
    return chosen_tiles(alpha, side, lambda part: part - np.uint8(1) < OPAQUE - 1)
