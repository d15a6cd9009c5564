"""Connected components of a mask, from the runs of set pixels in its rows.

Runs that touch in neighbouring rows are joined, all at once (Shiloach and Vishkin 1982, "An O(log n) parallel
connectivity algorithm": hook the larger root onto the smaller, then let every run point to its root). Time follows the
number of runs, not of pixels.
"""

from dataclasses import dataclass

import numpy as np

from offcut.arrays import Integers, Mask

_ROWS = 512
"""Rows whose runs are found at a time, so that no copy of the whole mask is made."""


@dataclass(frozen=True)
class Components:
    """Runs of a mask's set pixels, and the component of each. Pixels touch by their sides."""

    shape: tuple[int, ...]
    """Height and width of the mask."""

    starts: Integers
    """Start of each run as row · (width + 1) + column, ascending, int64 ``(runs,)``."""

    ends: Integers
    """End of each run: one beyond its last pixel, int64 ``(runs,)``."""

    labels: Integers
    """Component of each run, 0 to `count` - 1, int64 ``(runs,)``. Components are numbered in reading order."""

    count: int
    """Number of components."""

    @property
    def areas(self) -> Integers:
        """Pixels of each component, int64 ``(count,)``."""
        return np.bincount(self.labels, self.ends - self.starts, self.count).astype(np.int64)

    def touching_border(self) -> Mask:
        """Return whether each component has a pixel in an outermost row or column, bool ``(count,)``."""
        height, width = self.shape
        row, first = np.divmod(self.starts, width + 1)
        last = first + self.ends - self.starts
        outer = (row == 0) | (row == height - 1) | (first == 0) | (last == width)
        return np.bincount(self.labels[outer], minlength=self.count) > 0

    def touching(self, mask: Mask) -> Mask:
        """Return whether each component has a pixel of another mask, bool ``(h, w)``: bool ``(count,)``."""
        height, width = self.shape
        wider = np.zeros((height, width + 1), np.int64)
        wider[:, :width] = mask
        before = np.concatenate(([0], np.cumsum(wider)))
        hit = before[self.ends] > before[self.starts]
        return np.bincount(self.labels[hit], minlength=self.count) > 0

    def at(self, x: int, y: int) -> int | None:
        """Return the component of a pixel, or None where the pixel is not set."""
        position = y * (self.shape[1] + 1) + x
        run = int(np.searchsorted(self.starts, position, "right")) - 1
        return int(self.labels[run]) if run >= 0 and position < self.ends[run] else None

    def mask(self, chosen: Mask) -> Mask:
        """Return the pixels of some components.

        Args:
            chosen: which ones, bool ``(count,)``.

        Returns:
            bool ``(h, w)``.
        """
        height, width = self.shape
        runs = chosen[self.labels]
        # +1 where a run starts, -1 where it ends. Each row has one column more, for the ends at the border.
        steps = np.zeros(height * (width + 1) + 1, np.int8)
        steps[self.starts[runs]] = 1
        steps[self.ends[runs]] -= 1
        filled = np.add.accumulate(steps[:-1], dtype=np.int8).reshape(height, width + 1)
        return filled[:, :width].astype(bool)


def components(mask: Mask) -> Components:
    """Find the connected components of a mask, bool ``(h, w)``."""
    starts, ends = _runs(mask)
    roots = _roots(starts, ends, mask.shape[1] + 1)
    unique, labels = np.unique(roots, return_inverse=True)
    return Components(mask.shape, starts, ends, labels.reshape(-1), len(unique))


def component_at(mask: Mask, place: tuple[int, int]) -> Mask:
    """Return the component of a mask that contains one pixel.

    Args:
        mask: bool ``(h, w)``.
        place: row and column of the pixel.

    Returns:
        bool ``(h, w)``; all False where the pixel is not set.
    """
    row, column = place
    found = components(mask)
    chosen = np.zeros(found.count, bool)
    label = found.at(column, row)
    if label is not None:
        chosen[label] = True
    return found.mask(chosen)


def _runs(mask: Mask) -> tuple[Integers, Integers]:
    """Starts and ends of the runs of set pixels, as in `Components`."""
    height, width = mask.shape
    starts: list[Integers] = []
    ends: list[Integers] = []
    for top in range(0, height, _ROWS):
        part = mask[top : top + _ROWS]
        # An unset column on each side, so that every run has a start and an end.
        padded = np.zeros((len(part), width + 2), np.int8)
        padded[:, 1:-1] = part
        steps = np.diff(padded, axis=1).reshape(-1)
        offset = top * (width + 1)
        starts.append(np.flatnonzero(steps == 1) + offset)
        ends.append(np.flatnonzero(steps == -1) + offset)
    return np.concatenate(starts), np.concatenate(ends)


def _roots(starts: Integers, ends: Integers, stride: int) -> Integers:
    """The first run of each run's component, int64 ``(runs,)``. `stride` is the width plus 1."""
    # A run touches those of the next row that start before it ends, and end after it starts.
    first = np.searchsorted(ends, starts + stride, "right")
    last = np.searchsorted(starts, ends + stride, "left")
    counts = last - first
    above = np.repeat(np.arange(len(starts)), counts)
    below = np.arange(len(above)) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(first, counts)
    roots = np.arange(len(starts))
    while len(above):
        upper, lower = roots[above], roots[below]
        low, high = np.minimum(upper, lower), np.maximum(upper, lower)
        apart = low != high
        above, below = above[apart], below[apart]
        np.minimum.at(roots, high[apart], low[apart])
        while True:
            parents = roots[roots]
            if (parents == roots).all():
                break
            roots = parents
    return roots
