"""Square neighbourhoods and connected regions of boolean masks, in plain numpy."""

from __future__ import annotations

import numpy as np


def eroded(mask: np.ndarray, radius: int, *, beyond: bool = False) -> np.ndarray:
    """The pixels whose square of `2 * radius + 1` pixels a side lies in `mask`, a boolean `(height, width)` array.

    `beyond` says what the picture's surroundings count as.
    """
    side = 2 * radius + 1
    padded = np.pad(mask, radius, constant_values=beyond)
    # The sum over a square from four corners of the running sums (Crow 1984, "Summed-area tables").
    sums = np.pad(padded.astype(np.int64), ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    full = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    return full == side * side


def largest(mask: np.ndarray) -> np.ndarray:
    """The largest region of `mask` whose pixels touch by their sides, as a mask; empty where `mask` is.

    Of several regions of the same size it is the one that begins first, read by rows.
    """
    height, width = mask.shape
    steps = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    # Both in the order of reading, so the n-th start and the n-th end are the same run of pixels.
    rows, starts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    result = np.zeros((height, width + 1), np.int8)
    if rows.size:
        labels = _joined(rows.size, *_touching(rows, starts, ends, width + 2))
        chosen = labels == np.bincount(labels, weights=ends - starts).argmax()
        result[rows[chosen], starts[chosen]] = 1
        # Runs of one row never touch each other, so no end is another's start.
        result[rows[chosen], ends[chosen]] = -1
    return result.cumsum(axis=1)[:, :width] > 0


def _touching(rows: np.ndarray, starts: np.ndarray, ends: np.ndarray, stride: int) -> tuple[np.ndarray, np.ndarray]:
    """The pairs of runs that lie in neighbouring rows and share a column."""
    below = (rows + 1) * stride
    first = np.searchsorted(rows * stride + ends, below + starts, side="right")
    last = np.searchsorted(rows * stride + starts, below + ends, side="left")
    counts = np.maximum(last - first, 0)
    upper = np.repeat(np.arange(rows.size), counts)
    offsets = np.arange(upper.size) - np.repeat(counts.cumsum() - counts, counts)
    return upper, np.repeat(first, counts) + offsets


def _joined(count: int, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """For `count` things of which the pairs `(one, other)` belong together: the lowest number in each one's group."""
    labels = np.arange(count)
    while not np.array_equal(labels[one], labels[other]):
        low = np.minimum(labels[one], labels[other])
        np.minimum.at(labels, np.maximum(labels[one], labels[other]), low)
        while not np.array_equal(shorter := labels[labels], labels):
            labels = shorter
    return labels
