"""The brush in numbers, as the page alone needs them; what the worker computes too is in `offcut.protocol.brush`."""

import math

from offcut.protocol.brush import MAX_SIZE, MIN_SIZE


def weights(count):
    """What each ring adds where rings are summed up, so that after ring k the coverage is k of `count`.

    In whole steps of the canvas's 8 bits: parts of a step would be rounded off ring by ring.
    """
    return [(round(255 * (ring + 1) / count) - round(255 * ring / count)) / 255 for ring in range(count)]


def size_of(slider):
    """Diameter in photo pixels of a slider at 0 to 100: each step is the same factor."""
    return MIN_SIZE * (MAX_SIZE / MIN_SIZE) ** (slider / 100)


def slider_of(size):
    """Where the slider stands for a diameter."""
    size = min(MAX_SIZE, max(MIN_SIZE, size))
    return 100 * math.log(size / MIN_SIZE) / math.log(MAX_SIZE / MIN_SIZE)


def area_of(slider):
    """Pixels of a speck for a slider at 0 to 100: 1 to 100,000, each step the same factor."""
    return round(10 ** (slider / 20))


def around(box, other):
    """The smallest box (x0, y0, x1, y1) that holds two; None is no box."""
    if box is None or other is None:
        return other or box
    return min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3])


def touch(box, other):
    """Whether two boxes have a point in common."""
    return box[0] <= other[2] and other[0] <= box[2] and box[1] <= other[3] and other[1] <= box[3]
