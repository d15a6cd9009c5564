"""Faint traces: nearly transparent pixels far from the subject, which keep a white background from being white.

Networks leave some alpha on shadows of tables, on wood grain or sky. Faint pixels near what is visible are soft edges
(hair, fur, blur) and stay. How far away a pixel is, is measured in cells, squares of which the longer side has about
`CELLS`.
"""

import math
from dataclasses import dataclass

import numpy as np

from offcut.alpha import VISIBLE
from offcut.arrays import AlphaU8, Floats, Mask
from offcut.geometry import Box, bounding_box
from offcut.masks.morphology import dilate

CELLS = 256

NEAR = 4
"""Cells from a visible pixel up to which every pixel is a soft edge."""

FAR = 8
"""Cells from which on a pixel is far from the subject. In between the limit rises evenly."""


def cell_of(shape: tuple[int, ...]) -> int:
    """Return the side of a cell, in pixels, for an alpha of that height and width."""
    return math.ceil(max(shape) / CELLS)


def reach(shape: tuple[int, ...]) -> int:
    """Return the distance, in pixels, within which the alpha influences which traces are removed."""
    return (FAR + 2) * cell_of(shape)


def find_limits(alpha: AlphaU8, limit: float, box: Box) -> "Limits":
    """Find up to which alpha pixels are traces.

    Args:
        alpha: uint8 ``(h, w)``, 0 to 255.
        limit: of pixels far from the subject, 0 to 255.
        box: the part of it that is asked for.
    """
    cell = cell_of(alpha.shape)
    height, width = alpha.shape
    # One cell more on each side for interpolation, and `FAR` for what lies around.
    around = Box(box.top // cell, -(-box.bottom // cell), box.left // cell, -(-box.right // cell)).grown(FAR + 1)
    around = around.within(-(-height // cell), -(-width // cell))
    part = alpha[around.top * cell : around.bottom * cell, around.left * cell : around.right * cell]
    largest = _largest_of_rows(_largest_of_rows(part, cell).T, cell).T
    visible = np.where(largest >= VISIBLE, np.uint8(255), np.uint8(0))
    near = np.array([dilate(visible, radius) for radius in range(NEAR, FAR + 1)])
    far = np.asarray((1 - near.astype(np.float32).mean(axis=0) / 255) * limit, np.float32)
    # A pixel's limit is interpolated from the cells around it.
    has_limit = dilate(np.where(far > 0, np.uint8(255), np.uint8(0)), 2) > 0
    return Limits(cell, around, far, has_limit & (largest > 0))


def _largest_of_rows(values: AlphaU8, rows: int) -> AlphaU8:
    """The largest values of so many rows at a time, uint8 ``(h / rows, w)``; `reduceat` takes twenty times as long."""
    return np.stack([values[top : top + rows].max(0) for top in range(0, len(values), rows)])


@dataclass(frozen=True)
class Limits:
    """Up to which alpha a pixel counts as a trace, by cell."""

    cell: int
    box: Box
    """The cells that are known."""

    values: Floats
    """float32 of the box's shape, 0 to 255: 0 near the subject."""

    suspects: Mask
    """Of the box's shape: the cells that may have traces. All others have only alpha 0, or no limit."""

    def remove(self, alpha: AlphaU8, place: Box) -> AlphaU8:
        """Remove the traces of a part of the alpha.

        Up to the limit alpha becomes 0, from twice the limit on it stays, and in between it rises evenly.

        Args:
            alpha: uint8 ``(h, w)``, the part.
            place: where it lies in the whole.

        Returns:
            A new array, or the same one where it has no traces.
        """
        box = self._suspect_part(place)
        if box is None:
            return alpha
        limits = self._interpolated(box.moved(place.top, place.left))
        part = alpha[box.slices].astype(np.float32)
        cleaned = np.minimum(part, 2 * np.maximum(part - limits, 0)).astype(np.uint8)
        if (cleaned == alpha[box.slices]).all():
            return alpha
        result = alpha.copy()
        result[box.slices] = cleaned
        return result

    def _suspect_part(self, place: Box) -> Box | None:
        """The box, within a place, of the cells that may have traces; None where there are none."""
        cell = self.cell
        cells = Box(place.top // cell, -(-place.bottom // cell), place.left // cell, -(-place.right // cell))
        cells = cells.within_box(self.box)
        box = bounding_box(self.suspects[cells.inside(self.box).slices])
        if box is None:
            return None
        box = box.moved(cells.top, cells.left)
        pixels = Box(box.top * cell, box.bottom * cell, box.left * cell, box.right * cell)
        return pixels.within_box(place).inside(place)

    def _interpolated(self, box: Box) -> Floats:
        """The limits of the pixels of a box, float32 of its shape, interpolated between the centres of cells."""
        rows, down = self._between(box.top, box.bottom, self.box.top, self.box.height)
        columns, across = self._between(box.left, box.right, self.box.left, self.box.width)
        tall = (
            self.values[rows] * (1 - down)[:, None]
            + self.values[np.minimum(rows + 1, self.box.height - 1)] * down[:, None]
        )
        following = np.minimum(columns + 1, self.box.width - 1)
        return np.asarray(tall[:, columns] * (1 - across) + tall[:, following] * across)

    def _between(self, start: int, stop: int, first: int, count: int) -> tuple[np.ndarray, Floats]:
        """For pixels of a row or column: the known cell before each, and how far it is to the next, 0 to 1."""
        places = (np.arange(start, stop, dtype=np.float32) + np.float32(0.5)) / self.cell - np.float32(0.5) - first
        places = np.clip(places, 0, count - 1)
        before = places.astype(np.intp)
        return before, (places - before).astype(np.float32)
