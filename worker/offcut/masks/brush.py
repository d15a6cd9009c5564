"""The brush: a soft round stroke along a polyline, the same as the page paints with its canvas.

A piece between two points is made of `RINGS` round lines of falling radius, each opaque with an edge one pixel wide,
laid over each other: a pixel's coverage is the share of them that hold it. With pressure a piece has the mean of both
ends' radius. Where pieces overlap the largest coverage counts, so the whole stroke counts once, however often it
crosses itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from offcut.errors import OptionError
from offcut.geometry import Box
from offcut.protocol.brush import MAX_STROKE_SIZE, MIN_PRESSURE, MIN_STROKE_SIZE, RINGS, ring_radii
from offcut.validation import check_choice, check_number, check_numbers

_FARTHEST = 1e6
_SIDE = 128
"""Side of the squares in which pieces that are too far away are left out."""

_AT_ONCE = 2**20
"""How many distances between squares and pieces are held at a time."""

FIELDS = ("mode", "size", "softness", "opacity", "points")


@dataclass(frozen=True)
class Stroke:
    """A polyline in pieces, and how it paints."""

    start: np.ndarray
    """Where the pieces begin, float64 ``(n, 2)`` of x and y."""

    end: np.ndarray
    """Where they end."""

    radius: np.ndarray
    """Of each piece, float32 ``(n,)``, above 0."""

    softness: float
    """0 to 1: the part of the radius over which coverage falls."""

    opacity: float
    """0 to 1."""


def read(operation: dict[str, Any]) -> Stroke:
    """A stroke from its operation. Raises OptionError."""
    check_choice("stroke's mode", operation.get("mode"), ("restore", "erase"))
    softness = check_number("stroke's softness", operation.get("softness", 0), 0, 1)
    opacity = check_number("stroke's opacity", operation.get("opacity", 1), 0, 1)
    return polyline(operation, softness, opacity)


def polyline(operation: dict[str, Any], softness: float = 0, opacity: float = 1) -> Stroke:
    """The painted line of an operation with `size` and `points`. Raises OptionError."""
    size = check_number("stroke's size", operation.get("size"), MIN_STROKE_SIZE, MAX_STROKE_SIZE)
    points = check_numbers("stroke's points", operation.get("points"), _FARTHEST)
    if not points or len(points) % 3:
        raise OptionError("A stroke's points are x, y and pressure of each, and at least one point.")
    rows = np.array(points, np.float64).reshape(-1, 3)
    # A dot is a piece of no length.
    first, last = (rows, rows) if len(rows) == 1 else (rows[:-1], rows[1:])
    pressure = np.clip(rows[:, 2], MIN_PRESSURE, 1)
    radius = pressure if len(rows) == 1 else (pressure[:-1] + pressure[1:]) / 2
    radius = (radius * (size / 2)).astype(np.float32)
    return Stroke(first[:, :2], last[:, :2], radius, softness, opacity)


def reach(stroke: Stroke, height: int, width: int) -> Box | None:
    """The part of a picture that the stroke can touch; None where it passes it by."""
    margin = stroke.radius[:, None] + 1
    low = np.minimum(stroke.start, stroke.end) - margin
    high = np.maximum(stroke.start, stroke.end) + margin
    left, top = np.floor(low.min(0)).astype(int)
    right, bottom = np.ceil(high.max(0)).astype(int)
    box = Box(int(top), int(bottom), int(left), int(right)).within(height, width)
    return box if box.top < box.bottom and box.left < box.right else None


def coverage(stroke: Stroke, box: Box) -> Iterator[tuple[Box, np.ndarray | None]]:
    """Go through the squares of a box that the stroke touches.

    Yields:
        A square and the share of rings that hold each of its pixels, float32 ``(h, w)``, 0 to 1, without the opacity;
        None where all hold all.
    """
    # Squares lie the same for every box, so that rounding is the same too.
    tops = np.arange(box.top // _SIDE * _SIDE, box.bottom, _SIDE)
    lefts = np.arange(box.left // _SIDE * _SIDE, box.right, _SIDE)
    half = np.float32(_SIDE / 2)
    diagonal = half * np.float32(2**0.5) + 1
    share = 1 / stroke.radius
    inner = stroke.radius * np.float32(1 - stroke.softness * (1 - 1 / _rings(stroke))) - np.float32(0.5)
    rows_at_once = max(1, _AT_ONCE // (len(lefts) * len(share)))
    for first in range(0, len(tops), rows_at_once):
        some = tops[first : first + rows_at_once]
        centres = np.stack(np.meshgrid(lefts + half, some + half), -1).reshape(-1, 2)
        far = np.sqrt(_squares(centres[:, 0, None], centres[:, 1, None], stroke.start, stroke.end))
        full = (far + diagonal <= inner).any(1)
        # Measured in radii: a piece that is farther than another, by more than the width of a ring's edge, adds nothing.
        nearest = ((far + diagonal + 1) * share).min(1, keepdims=True)
        wanted = (far - diagonal - 1) * share <= np.minimum(nearest, 1)
        for index in np.flatnonzero(wanted.any(1)):
            top, left = int(some[index // len(lefts)]), int(lefts[index % len(lefts)])
            square = Box(top, top + _SIDE, left, left + _SIDE)
            part = square.within_box(box)
            if full[index]:
                yield part, None
            else:
                yield part, _within(stroke, square, np.flatnonzero(wanted[index]))[part.inside(square).slices]


def paint(alpha: np.ndarray, stroke: Stroke, box: Box, mode: str) -> np.ndarray:
    """`box` of an alpha, uint8 ``(h, w)``, with the stroke restored or erased in it: a new array of the box's size."""
    after = alpha[box.slices].copy()
    target = np.float32(255 if mode == "restore" else 0)
    for square, share in coverage(stroke, box):
        part = after[square.inside(box).slices]
        amount = np.float32(stroke.opacity) * (np.float32(1) if share is None else share)
        part[...] = part + (target - part) * amount + np.float32(0.5)
    return after


def _rings(stroke: Stroke) -> int:
    return RINGS if stroke.softness > 0 else 1


def _within(stroke: Stroke, square: Box, pieces: np.ndarray) -> np.ndarray:
    """Coverage of a square of `_SIDE` pixels by some pieces, float32 ``(_SIDE, _SIDE)``, 0 to 1."""
    # From the square's corner, so that 32 bits are enough however large the photo is.
    corner = (square.left, square.top)
    start, end = ((places[pieces] - corner).astype(np.float32) for places in (stroke.start, stroke.end))
    x = np.arange(_SIDE, dtype=np.float32)[None, :] + np.float32(0.5)
    y = x.T
    radii = stroke.radius[pieces]
    covered = np.zeros((_SIDE, _SIDE), np.float32)
    for radius in np.unique(radii):
        nearest = np.full((_SIDE, _SIDE), np.inf, np.float32)
        for piece in np.flatnonzero(radii == radius):
            np.minimum(nearest, _squares(x, y, start[piece], end[piece]), out=nearest)
        np.maximum(covered, _falloff(np.sqrt(nearest), float(radius), stroke), out=covered)
    return covered


def _falloff(distance: np.ndarray, radius: float, stroke: Stroke) -> np.ndarray:
    """The share of rings that hold a pixel so far from the line."""
    radii = np.array(ring_radii(radius, stroke.softness)[::-1])
    knots = np.unique(np.concatenate([radii - 0.5, radii + 0.5]))
    values = np.clip(radii[None, :] + 0.5 - knots[:, None], 0, 1).mean(1)
    share: np.ndarray = np.interp(distance, knots, values).astype(np.float32)
    return share


def _squares(x: np.ndarray, y: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Squared distances of points to pieces; the two broadcast."""
    along = end - start
    length = (along * along).sum(-1)
    scale = np.divide(1, length, out=np.zeros_like(length), where=length > 0)
    dx, dy = x - start[..., 0], y - start[..., 1]
    part = np.clip((dx * along[..., 0] + dy * along[..., 1]) * scale, 0, 1)
    dx, dy = dx - part * along[..., 0], dy - part * along[..., 1]
    squares: np.ndarray = dx * dx + dy * dy
    return squares
