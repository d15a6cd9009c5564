"""The brush: a soft round stroke along a polyline, the same that the page paints on its canvas.

A segment of the line is made of `RINGS` round lines of decreasing radius on top of each other, each opaque with an edge
one pixel wide: a pixel's coverage is the part of the rings that contain it. With pressure, the radius of a segment is
the mean of those at both ends. Where segments overlap the largest coverage counts, so a stroke that crosses itself has
the same opacity everywhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from offcut.arrays import AlphaU8, Doubles, Floats, Integers
from offcut.errors import OptionError
from offcut.geometry import MAX_COORDINATE, Box
from offcut.protocol.brush import MAX_STROKE_SIZE, MIN_PRESSURE, MIN_STROKE_SIZE, RINGS, ring_radii
from offcut.validation import check_choice, check_number, check_numbers

FIELDS = ("mode", "size", "softness", "opacity", "points")
"""Keys of an operation that `read` takes."""

_SIDE = 128
"""Side of the squares that a stroke is painted in; segments that are too far from a square are skipped."""

_MAX_DISTANCES = 2**20
"""How many distances between squares and segments are in memory at a time."""


@dataclass(frozen=True)
class Stroke:
    """A polyline in segments, and how it paints."""

    start: Doubles
    """First point of each segment, float64 ``(n, 2)`` of x and y."""

    end: Doubles
    """Last point of each segment, float64 ``(n, 2)`` of x and y."""

    radius: Floats
    """Of each segment in pixels, float32 ``(n,)``, above 0."""

    softness: float
    """0 to 1: the part of the radius over which coverage falls."""

    opacity: float
    """0 to 1."""


def read(operation: dict[str, Any]) -> Stroke:
    """Read a stroke from its operation (`FIELDS`). Raises OptionError."""
    check_choice("stroke's mode", operation.get("mode"), ("restore", "erase"))
    softness = check_number("stroke's softness", operation.get("softness", 0), 0, 1)
    opacity = check_number("stroke's opacity", operation.get("opacity", 1), 0, 1)
    return polyline(operation, softness, opacity)


def polyline(operation: dict[str, Any], softness: float = 0, opacity: float = 1) -> Stroke:
    """Read a painted line.

    Args:
        operation: has `size`, the diameter in pixels, and `points`: x, y and pressure of each point in one list.
        softness: 0 to 1.
        opacity: 0 to 1.

    Raises:
        OptionError: a value makes no sense.
    """
    size = check_number("stroke's size", operation.get("size"), MIN_STROKE_SIZE, MAX_STROKE_SIZE)
    points = check_numbers("stroke's points", operation.get("points"), MAX_COORDINATE)
    if not points or len(points) % 3:
        raise OptionError("A stroke's points are x, y and pressure of each, and at least one point.")
    rows = np.array(points, np.float64).reshape(-1, 3)
    # A single point is a segment of length 0.
    first, last = (rows, rows) if len(rows) == 1 else (rows[:-1], rows[1:])
    pressure = np.clip(rows[:, 2], MIN_PRESSURE, 1)
    radius = pressure if len(rows) == 1 else (pressure[:-1] + pressure[1:]) / 2
    return Stroke(first[:, :2], last[:, :2], (radius * (size / 2)).astype(np.float32), softness, opacity)


def reach(stroke: Stroke, height: int, width: int) -> Box | None:
    """Return the part of a picture of that size that the stroke can touch; None where it touches nothing."""
    margin = stroke.radius[:, None] + 1
    low = np.minimum(stroke.start, stroke.end) - margin
    high = np.maximum(stroke.start, stroke.end) + margin
    left, top = np.floor(low.min(0)).astype(int)
    right, bottom = np.ceil(high.max(0)).astype(int)
    box = Box(int(top), int(bottom), int(left), int(right)).within(height, width)
    return None if box.is_empty else box


def coverage(stroke: Stroke, box: Box) -> Iterator[tuple[Box, Floats | None]]:
    """Iterate over the squares of a box that the stroke touches.

    Args:
        stroke: the stroke.
        box: a part of the picture.

    Yields:
        A square, cut off at the box, and the coverage of its pixels without the opacity: float32 ``(h, w)``, 0 to 1;
        None where every pixel is covered in full.
    """
    # The grid of squares does not depend on the box, and so neither does rounding.
    tops = np.arange(box.top // _SIDE * _SIDE, box.bottom, _SIDE)
    lefts = np.arange(box.left // _SIDE * _SIDE, box.right, _SIDE)
    half = np.float32(_SIDE / 2)
    half_diagonal = half * np.float32(2**0.5) + 1
    inverse_radius = 1 / stroke.radius
    rings = RINGS if stroke.softness > 0 else 1
    opaque_radius = stroke.radius * np.float32(1 - stroke.softness * (1 - 1 / rings)) - np.float32(0.5)
    rows_at_once = max(1, _MAX_DISTANCES // (len(lefts) * len(inverse_radius)))
    for first in range(0, len(tops), rows_at_once):
        some_tops = tops[first : first + rows_at_once]
        centres = np.stack(np.meshgrid(lefts + half, some_tops + half), -1).reshape(-1, 2)
        distance = np.sqrt(_squared_distances(centres[:, 0, None], centres[:, 1, None], stroke.start, stroke.end))
        is_full = (distance + half_diagonal <= opaque_radius).any(1)
        # In radii: a segment adds nothing where another one is nearer by more than the width of a ring's edge.
        nearest = ((distance + half_diagonal + 1) * inverse_radius).min(1, keepdims=True)
        is_near = (distance - half_diagonal - 1) * inverse_radius <= np.minimum(nearest, 1)
        for index in np.flatnonzero(is_near.any(1)):
            top, left = int(some_tops[index // len(lefts)]), int(lefts[index % len(lefts)])
            square = Box(top, top + _SIDE, left, left + _SIDE)
            part = square.within_box(box)
            if is_full[index]:
                yield part, None
            else:
                covered = _square_coverage(stroke, square, np.flatnonzero(is_near[index]))
                yield part, covered[part.inside(square).slices]


def paint(alpha: AlphaU8, stroke: Stroke, box: Box, mode: str) -> AlphaU8:
    """Paint a stroke onto a part of an alpha.

    Args:
        alpha: uint8 ``(h, w)``; not changed.
        stroke: the stroke.
        box: the part of the alpha.
        mode: ``"restore"`` or ``"erase"``.

    Returns:
        The part with the stroke, a new uint8 array of the box's shape.
    """
    result = alpha[box.slices].copy()
    target = np.float32(255 if mode == "restore" else 0)
    for square, covered in coverage(stroke, box):
        part = result[square.inside(box).slices]
        amount = np.float32(stroke.opacity) * (np.float32(1) if covered is None else covered)
        part[...] = part + (target - part) * amount + np.float32(0.5)
    return result


def _square_coverage(stroke: Stroke, square: Box, segments: Integers) -> Floats:
    """Coverage of a square by the segments of these indices, float32 ``(_SIDE, _SIDE)``, 0 to 1."""
    # Relative to the square's corner, so that 32 bits are enough however large the photo is.
    corner = (square.left, square.top)
    start, end = ((points[segments] - corner).astype(np.float32) for points in (stroke.start, stroke.end))
    x = np.arange(_SIDE, dtype=np.float32)[None, :] + np.float32(0.5)
    y = x.T
    radii = stroke.radius[segments]
    covered = np.zeros((_SIDE, _SIDE), np.float32)
    for radius in np.unique(radii):
        nearest = np.full((_SIDE, _SIDE), np.inf, np.float32)
        for segment in np.flatnonzero(radii == radius):
            np.minimum(nearest, _squared_distances(x, y, start[segment], end[segment]), out=nearest)
        np.maximum(covered, _falloff(np.sqrt(nearest), float(radius), stroke.softness), out=covered)
    return covered


def _falloff(distance: Floats, radius: float, softness: float) -> Floats:
    """Coverage of pixels at these distances from a line, float32 ``(h, w)``, 0 to 1."""
    radii = np.array(ring_radii(radius, softness)[::-1])
    knots = np.unique(np.concatenate([radii - 0.5, radii + 0.5]))
    values = np.clip(radii[None, :] + 0.5 - knots[:, None], 0, 1).mean(1)
    return np.asarray(np.interp(distance, knots, values).astype(np.float32))


def _squared_distances(x: np.ndarray, y: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Squared distances of points ``x, y`` from segments ``(…, 2)``; the two broadcast."""
    along = end - start
    length = (along * along).sum(-1)
    # Shorter than a millionth of a pixel is a point; the inverse of less would be infinite.
    scale = np.divide(1, length, out=np.zeros_like(length), where=length > 1e-12)
    dx, dy = x - start[..., 0], y - start[..., 1]
    part = np.clip((dx * along[..., 0] + dy * along[..., 1]) * scale, 0, 1)
    dx, dy = dx - part * along[..., 0], dy - part * along[..., 1]
    return np.asarray(dx * dx + dy * dy)
