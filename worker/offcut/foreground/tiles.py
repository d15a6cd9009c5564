"""Where a photo's soft edges are."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np


class Box(NamedTuple):
    """A rectangle of pixels; bottom and right are the first row and column beyond it."""

    top: int
    bottom: int
    left: int
    right: int

    def grown(self, margin: int) -> "Box":
        """The box with so many pixels more on each side."""
        return Box(self.top - margin, self.bottom + margin, self.left - margin, self.right + margin)

    def halved(self) -> "Box":
        """The smallest box that covers it in a picture of half the width and height."""
        return Box(self.top >> 1, (self.bottom + 1) >> 1, self.left >> 1, (self.right + 1) >> 1)

    def within(self, height: int, width: int) -> "Box":
        """The part of the box that lies in a picture of that size."""
        return Box(max(self.top, 0), min(self.bottom, height), max(self.left, 0), min(self.right, width))


def soft_tiles(alpha: np.ndarray, side: int) -> Iterator[tuple[Box, np.ndarray, np.ndarray]]:
    """Go through the square tiles that have pixels which are neither kept nor removed in full.

    Args:
        alpha: uint8 ``(h, w)``, 0 to 255.
        side: of a tile, in pixels.

    Yields:
        The smallest box around a tile's soft pixels, and their rows and columns in the photo (integers, ``(n,)`` each).
    """
    height, width = alpha.shape
    for top in range(0, height, side):
        for left in range(0, width, side):
            part = alpha[top : top + side, left : left + side]
            # 0 wraps around to 255, so that one comparison finds 1 to 254.
            rows, columns = np.nonzero(part - np.uint8(1) < 254)
            if rows.size:
                rows, columns = rows + top, columns + left
                yield Box(int(rows[0]), int(rows[-1]) + 1, int(columns.min()), int(columns.max()) + 1), rows, columns
