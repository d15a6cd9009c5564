"""Where a person's head is, from the alpha's outline alone: no face is looked for, so that the chin is an estimate."""

from typing import NamedTuple

import numpy as np

_SOLID = 128
"""Alpha from which on a pixel belongs to the head: single hairs do not."""

_RATIO = 1.35
"""Height of a head from crown to chin by its breadth with the ears, of adults."""


_NECK = 0.92
"""Part of the way from the crown to the neck's narrowest row at which the chin is, by photos of standing adults."""


class Head(NamedTuple):
    """In the photo's coordinates, between pixels."""

    x: float
    """The middle from left to right."""

    top: float
    """The crown."""

    height: float
    """From the crown to the chin, as estimated."""


def head_of(alpha: np.ndarray) -> Head | None:
    """Find the head of a person who is upright.

    Args:
        alpha: how much of each pixel is visible, uint8 ``(h, w)``.

    Returns:
        None where nothing is visible.
    """
    solid = alpha >= _SOLID
    breadth = solid.sum(1)
    rows = np.flatnonzero(breadth)
    if not len(rows):
        return None
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    smooth = np.convolve(breadth[top:bottom], np.full(window := max(1, (bottom - top) // 100), 1 / window), "same")
    end = _end_of_head(smooth)
    head = solid[top : top + max(1, round(end * 0.7))]
    columns = np.flatnonzero(head.any(0))
    return Head((float(columns[0]) + float(columns[-1]) + 1) / 2, float(top), max(1.0, end))


def _end_of_head(breadth: np.ndarray) -> float:
    """Return how far below the crown the chin is, from the breadth of each row."""
    widest = np.maximum.accumulate(breadth)
    rows = np.arange(len(breadth))
    # Shoulders are much broader than what is above them; a head is about as high as broad.
    for row in rows[1:]:
        guess = _RATIO * widest[row]
        if row < 0.6 * guess:
            continue
        after = breadth[row : min(len(breadth), row + max(2, int(0.8 * widest[row])))]
        narrow = breadth[row] <= after.min() and breadth[row] < 0.9 * widest[row]
        if narrow and after.max() > 1.25 * breadth[row]:  # the neck
            return float(min(_NECK * row, guess))
        if row >= guess:
            return float(guess)
    return float(min(len(breadth), _RATIO * widest[-1]))
