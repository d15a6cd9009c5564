"""The engine's one rectangle, and the tiles of a picture.

Rows count downwards and columns to the right. A `Box` holds whole pixels; places between pixels are (x, y) pairs of
floats, with pixel centres at .5.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np

from offcut.arrays import AnyArray, Mask

MAX_COORDINATE = 1e6
"""Largest absolute coordinate, in pixels, that is accepted from outside."""


class Box(NamedTuple):
    """A rectangle of pixels. `bottom` and `right` are the first row and column beyond it. It may be empty."""

    top: int
    bottom: int
    left: int
    right: int

    @classmethod
    def of_size(cls, width: int, height: int, left: int = 0, top: int = 0) -> "Box":
        """Return the box of that width and height, by default with its corner at the origin."""
        return cls(top, top + height, left, left + width)

    @property
    def width(self) -> int:
        """Columns; not above 0 where the box is empty."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Rows; not above 0 where the box is empty."""
        return self.bottom - self.top

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, as Pillow has them."""
        return self.width, self.height

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width, as numpy has them."""
        return self.height, self.width

    @property
    def ltrb(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom, as Pillow's `crop` and `resize` take them."""
        return self.left, self.top, self.right, self.bottom

    @property
    def slices(self) -> tuple[slice, slice]:
        """The index of the box's part of an array ``(h, w, …)``."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def is_empty(self) -> bool:
        """Whether it holds no pixel."""
        return self.top >= self.bottom or self.left >= self.right

    def grown(self, margin: int) -> "Box":
        """Return the box with `margin` pixels more on each side."""
        return Box(self.top - margin, self.bottom + margin, self.left - margin, self.right + margin)

    def halved(self) -> "Box":
        """Return the smallest box that covers it in a picture of half the width and height."""
        return Box(self.top >> 1, (self.bottom + 1) >> 1, self.left >> 1, (self.right + 1) >> 1)

    def scaled(self, scale: float) -> "Box":
        """Return the box in a copy of the picture at that scale: the nearest whole pixels, at least one by one."""
        return Box.of_size(
            max(1, round(self.width * scale)),
            max(1, round(self.height * scale)),
            round(self.left * scale),
            round(self.top * scale),
        )

    def moved(self, down: int, right: int) -> "Box":
        """Return the box `down` pixels lower and `right` pixels farther to the right."""
        return Box(self.top + down, self.bottom + down, self.left + right, self.right + right)

    def within(self, height: int, width: int) -> "Box":
        """Return the part of the box that lies in a picture of that size."""
        return self.within_box(Box(0, height, 0, width))

    def within_box(self, other: "Box") -> "Box":
        """Return the part of the box that lies in another box."""
        return Box(
            max(self.top, other.top),
            min(self.bottom, other.bottom),
            max(self.left, other.left),
            min(self.right, other.right),
        )

    def inside(self, other: "Box") -> "Box":
        """Return the box in the coordinates of another box, whose upper left corner becomes the origin."""
        return self.moved(-other.top, -other.left)


def union(boxes: Iterable[Box]) -> Box | None:
    """Return the smallest box that holds all of them; None without any."""
    boxes = list(boxes)
    if not boxes:
        return None
    tops, bottoms, lefts, rights = zip(*boxes, strict=True)
    return Box(min(tops), max(bottoms), min(lefts), max(rights))


def bounding_box(mask: Mask) -> Box | None:
    """Return the smallest box around the true pixels of a mask, bool ``(h, w)``; None where there is none."""
    rows = np.flatnonzero(mask.any(axis=1))
    if not rows.size:
        return None
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(mask[top:bottom].any(axis=0))
    return Box(top, bottom, int(columns[0]), int(columns[-1]) + 1)


def tiles(height: int, width: int, side: int) -> Iterator[Box]:
    """Yield the square tiles of a picture, row by row; the last ones of each direction may be smaller."""
    for top in range(0, height, side):
        for left in range(0, width, side):
            yield Box(top, min(top + side, height), left, min(left + side, width))


def chosen_tiles(values: AnyArray, side: int, choice: Callable[[AnyArray], Mask]) -> Iterator[tuple[Box, Mask]]:
    """Go through the square tiles that hold pixels for which `choice` is true.

    Args:
        values: ``(h, w)``, any dtype.
        side: of a tile, in pixels.
        choice: maps a part of `values` to a mask, bool ``(h, w)``.

    Yields:
        The smallest box around a tile's chosen pixels, and which of its pixels are chosen (bool, of the box's size).
    """
    height, width = values.shape
    for tile in tiles(height, width, side):
        chosen = choice(values[tile.slices])
        box = bounding_box(chosen)
        if box is not None:
            yield box.moved(tile.top, tile.left), chosen[box.slices]
