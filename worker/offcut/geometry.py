"""The tiles of a photo, and where its soft edges are in them."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

KEPT = 250
"""Alphas of 255 from which on a pixel counts as kept, as they are no edge for the refinement either: networks say so of
whole subjects that nothing shines through, and what could is at most a fiftieth of the colour behind."""


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
        return self.within_box(Box(0, height, 0, width))

    def within_box(self, other: "Box") -> "Box":
        """The part of the box that lies in another."""
        return Box(
            max(self.top, other.top),
            min(self.bottom, other.bottom),
            max(self.left, other.left),
            min(self.right, other.right),
        )

    @property
    def slices(self) -> tuple[slice, slice]:
        """What takes the box's part out of an array ``(h, w, …)``."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def moved(self, down: int, right: int) -> "Box":
        """The box so many pixels farther down and to the right."""
        return Box(self.top + down, self.bottom + down, self.left + right, self.right + right)

    def inside(self, other: "Box") -> "Box":
        """The box as it lies in another box's part of a picture."""
        return self.moved(-other.top, -other.left)


def tiles(height: int, width: int, side: int) -> Iterator[Box]:
    """The square tiles of a picture, row by row; the last ones are as large as there is room."""
    for top in range(0, height, side):
        for left in range(0, width, side):
            yield Box(top, min(top + side, height), left, min(left + side, width))


def soft_tiles(alpha: np.ndarray, side: int) -> Iterator[tuple[Box, np.ndarray]]:
    """Go through the square tiles that have soft pixels, which are neither removed nor kept (`KEPT`).

    Args:
        alpha: uint8 ``(h, w)``, 0 to 255.
        side: of a tile, in pixels.

    Yields:
        The smallest box around a tile's soft pixels, and which of its pixels are soft (bool, of the box's size).
    """
    # 0 wraps around to 255, so that one comparison finds 1 to KEPT - 1.
    return chosen_tiles(alpha, side, lambda part: part - np.uint8(1) < KEPT - 1)


def chosen_tiles(
    values: np.ndarray, side: int, choice: Callable[[np.ndarray], np.ndarray]
) -> Iterator[tuple[Box, np.ndarray]]:
    """Go through the square tiles that have values which `choice` is true of: `soft_tiles`, for any array ``(h, w)``."""
    for tile in tiles(*values.shape, side):
        chosen = choice(values[tile.slices])
        if chosen.any():
            rows, columns = (np.flatnonzero(chosen.any(axis=axis)) for axis in (1, 0))
            box = Box(int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)
            yield box.moved(tile.top, tile.left), chosen[box.slices]
