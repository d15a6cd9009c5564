"""Boxes (x0, y0, x1, y1) on the page, where None means no box, and other geometry that MicroPython lacks."""

import math


def union(box, other):
    """Return the smallest box that holds two."""
    if box is None or other is None:
        return other or box
    return min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3])


def overlaps(box, other):
    """Return whether two boxes have a point in common."""
    return box[0] <= other[2] and other[0] <= box[2] and box[1] <= other[3] and other[1] <= box[3]


def clamp(value, low, high):
    """Return the number between `low` and `high` that is next to `value`."""
    return min(high, max(low, value))


def length(dx, dy):
    """Return the length of a vector. MicroPython has no `math.hypot`."""
    return math.sqrt(dx * dx + dy * dy)
