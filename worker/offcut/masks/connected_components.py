"""Connected components of a mask, by runs of pixels along rows.

Runs that touch in neighbouring rows are joined, all at once (Shiloach and Vishkin 1982, "An O(log n) parallel
connectivity algorithm": hook the larger root onto the smaller, then let every run point to its root). So the work follows
the number of runs, not of pixels.
"""

from dataclasses import dataclass

import numpy as np

_ROWS = 512


@dataclass(frozen=True)
class Components:
    """Runs of a mask's set pixels and the component of each. Pixels touch by their sides."""

    shape: tuple[int, int]
    starts: np.ndarray
    """Where each run begins, as row · (width + 1) + column, ascending."""

    ends: np.ndarray
    """Where it ends: one beyond its last pixel."""

    labels: np.ndarray
    """Component of each run, 0 to `count` - 1."""

    count: int

    @property
    def areas(self) -> np.ndarray:
        """Pixels of each component, int64 ``(count,)``."""
        return np.bincount(self.labels, self.ends - self.starts, self.count).astype(np.int64)

    def touching_border(self) -> np.ndarray:
        """Whether each component has a pixel in an outermost row or column, bool ``(count,)``."""
        height, width = self.shape
        row, first = np.divmod(self.starts, width + 1)
        last = first + self.ends - self.starts
        outer = (row == 0) | (row == height - 1) | (first == 0) | (last == width)
        return np.bincount(self.labels[outer], minlength=self.count) > 0

    def at(self, x: int, y: int) -> int | None:
        """The component of a pixel, or None where it is not set."""
        place = y * (self.shape[1] + 1) + x
        run = int(np.searchsorted(self.starts, place, "right")) - 1
        return int(self.labels[run]) if run >= 0 and place < self.ends[run] else None

    def mask(self, chosen: np.ndarray) -> np.ndarray:
        """The pixels of some components, bool ``(h, w)``. `chosen` is bool ``(count,)``."""
        height, width = self.shape
        runs = chosen[self.labels]
        # +1 where a run begins, -1 where it ends; the spare column at the end of each row takes the last ends.
        steps = np.zeros(height * (width + 1) + 1, np.int8)
        steps[self.starts[runs]] = 1
        steps[self.ends[runs]] -= 1
        filled = np.add.accumulate(steps[:-1], dtype=np.int8).reshape(height, width + 1)
        return filled[:, :width].astype(bool)


def components(mask: np.ndarray) -> Components:
    """Find the connected components of a mask, bool ``(h, w)``."""
    starts, ends = _runs(mask)
    roots = _joined(starts, ends, mask.shape[1] + 1)
    kept, labels = np.unique(roots, return_inverse=True)
    return Components(mask.shape, starts, ends, labels.reshape(-1), len(kept))


def _runs(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    height, width = mask.shape
    found: list[tuple[np.ndarray, np.ndarray]] = []
    for top in range(0, height, _ROWS):
        part = mask[top : top + _ROWS]
        # An unset column before and after: then each run has both of its ends.
        padded = np.zeros((len(part), width + 2), np.int8)
        padded[:, 1:-1] = part
        steps = np.diff(padded, axis=1).reshape(-1)
        offset = top * (width + 1)
        found.append((np.flatnonzero(steps == 1) + offset, np.flatnonzero(steps == -1) + offset))
    starts, ends = (np.concatenate(parts) for parts in zip(*found))
    return starts, ends


def _joined(starts: np.ndarray, ends: np.ndarray, stride: int) -> np.ndarray:
    """The first run of each run's component."""
    # Those runs of the row below that begin before this one ends, and end after it begins.
    first = np.searchsorted(ends, starts + stride, "right")
    last = np.searchsorted(starts, ends + stride, "left")
    counts = last - first
    above = np.repeat(np.arange(len(starts)), counts)
    below = np.arange(len(above)) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(first, counts)
    roots = np.arange(len(starts))
    while len(above):
        one, other = roots[above], roots[below]
        low, high = np.minimum(one, other), np.maximum(one, other)
        apart = low != high
        above, below = above[apart], below[apart]
        np.minimum.at(roots, high[apart], low[apart])
        while True:
            nearer = roots[roots]
            if (nearer == roots).all():
                break
            roots = nearer
    return roots


def component_at(mask: np.ndarray, place: tuple[int, int]) -> np.ndarray:
    """Return the component of a mask that holds one pixel.

    Args:
        mask: bool ``(h, w)``.
        place: row and column of the pixel.

    Returns:
        bool ``(h, w)``; empty where the pixel is not set.
    """
    found = components(mask)
    chosen = np.zeros(found.count, bool)
    label = found.at(place[1], place[0])
    if label is not None:
        chosen[label] = True
    return found.mask(chosen)


def largest_component(mask: np.ndarray) -> np.ndarray:
    """Return the component of a mask, bool ``(h, w)``, with the most pixels; the first in reading order among equals."""
    found = components(mask)
    chosen = np.zeros(found.count, bool)
    if found.count:
        chosen[found.areas.argmax()] = True
    return found.mask(chosen)
