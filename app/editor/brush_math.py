"""The brush in numbers: rings that make it soft, its size on a slider, and the area a piece of a stroke touches.

The worker computes the same brush with numpy (`offcut.editing`): coverage of a pixel is the share of rings that hold it.
"""

import math

RINGS = 16
SMALLEST, LARGEST = 1.0, 2000.0
"""Diameter of a brush in photo pixels."""


def radii(radius, softness):
    """Radii of the rings, outermost first. A hard brush is one ring."""
    if softness <= 0:
        return [radius]
    return [radius * (1 - softness * (1 - ring / RINGS)) for ring in range(RINGS, 0, -1)]


def weights(count):
    """What each ring adds where rings are summed up, so that after ring k the coverage is k of `count`.

    In whole steps of the canvas's 8 bits: parts of a step would be rounded off ring by ring.
    """
    return [(round(255 * (ring + 1) / count) - round(255 * ring / count)) / 255 for ring in range(count)]


def pressure(value):
    """Pressure as the brush uses it. Devices without any report 0 or 0.5."""
    return min(1.0, max(0.1, value))


def size_of(slider):
    """Diameter in photo pixels of a slider at 0 to 100: each step is the same factor."""
    return SMALLEST * (LARGEST / SMALLEST) ** (slider / 100)


def slider_of(size):
    """Where the slider stands for a diameter."""
    size = min(LARGEST, max(SMALLEST, size))
    return 100 * math.log(size / SMALLEST) / math.log(LARGEST / SMALLEST)


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
