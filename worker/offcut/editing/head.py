"""Where a person's head is: by a face that was found, or else by the alpha's outline alone. The chin is an estimate."""

from typing import NamedTuple

import numpy as np

from offcut.inference.faces import Face

_SOLID = 128
"""Alpha from which on a pixel belongs to the head: single hairs do not."""

_RATIO = 1.35
"""Height of a head from crown to chin by its breadth with the ears, of adults."""


_NECK = 0.92
"""Part of the way from the crown to the neck's narrowest row at which the chin is, by photos of standing adults."""


_CHIN = 1.6
"""How far below the eyes the chin is, in distances of eyes and mouth: by eye on portraits (docs/decisions/0118)."""

_HALF = 0.9
"""Half the breadth in which the crown is looked for above the eyes, in distances of eyes and mouth."""


class Head(NamedTuple):
    """In the photo's coordinates, between pixels."""

    x: float
    """The middle from left to right."""

    top: float
    """The crown."""

    height: float
    """From the crown to the chin, as estimated."""


def head_of(alpha: np.ndarray, face: Face | None = None) -> Head | None:
    """Find the head of a person who is upright.

    Args:
        alpha: how much of each pixel is visible, uint8 ``(h, w)``.
        face: of that person; None where none was found.

    Returns:
        None where nothing is visible.
    """
    solid = alpha >= _SOLID
    if face is not None and face.mouth > face.eyes:
        return _around(face, solid)
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


def _around(face: Face, solid: np.ndarray) -> Head:
    """Return the head with that face: the crown is where the subject ends above it."""
    span = face.mouth - face.eyes
    height, width = solid.shape
    left, right = (min(max(round(face.x + side * _HALF * span), 0), width) for side in (-1, 1))
    above = solid[: min(max(round(face.eyes), 0), height), left : max(right, left + 1)].any(1)
    free = np.flatnonzero(~above)
    top = float(free[-1] + 1) if len(free) else 0.0
    top = min(top, face.eyes - span / 2)
    return Head(face.x, top, face.eyes + _CHIN * span - top)


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
