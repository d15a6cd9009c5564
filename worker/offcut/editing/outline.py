"""Where a subject ends: what a canvas is fitted to."""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from offcut.alpha import FAINT, VISIBLE
from offcut.editing.settings import Placement

_SOLID = 128
"""Alpha from which on a subject at the photo's edge counts as cut by it."""

_BAND = 0.003
"""How near to the photo's edge a cut subject may already fade, as a part of the photo's side."""

_MIN_RUN = 0.05
"""Part of the subject's side that must lie at the photo's edge for the subject to count as cut there."""

SIDES = ("left", "top", "right", "bottom")


class Rectangle(NamedTuple):
    """A rectangle in the photo's coordinates, between pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        """Its middle, x and y."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def grown(self, left: float, top: float, right: float, bottom: float) -> "Rectangle":
        """Return the rectangle with so much more at each side."""
        return Rectangle(self.left - left, self.top - top, self.right + right, self.bottom + bottom)

    def joined(self, other: "Rectangle") -> "Rectangle":
        """Return the smallest rectangle that holds both."""
        return Rectangle(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def within(self, other: "Rectangle") -> "Rectangle":
        """Return the part that lies in another rectangle: empty where there is none, at the nearest place in it."""
        return Rectangle(
            min(max(self.left, other.left), other.right),
            min(max(self.top, other.top), other.bottom),
            max(min(self.right, other.right), other.left),
            max(min(self.bottom, other.bottom), other.top),
        )


@dataclass(frozen=True)
class Outline:
    """The outermost points of what is visible of a photo, in the photo's coordinates."""

    size: tuple[int, int]
    """Width and height of the photo."""

    x: np.ndarray
    y: np.ndarray
    """Corners of the outermost pixels, float64 ``(n,)``."""

    side: int
    """Longer side of the rectangle around what is clearly visible, in pixels (`offcut.masks.border.side_of`)."""

    cuts: dict[str, tuple[tuple[float, float], tuple[float, float]]]
    """By side of the photo where its edge cuts the subject: the two ends of the cut."""

    def box(self, placement: Placement) -> Rectangle:
        """Return the smallest rectangle around the placed subject."""
        x, y = placed(self.x, self.y, self.size, placement)
        # Turned by a right angle, corners lie between pixels but for the last digits.
        return Rectangle(*(round(float(value), 6) for value in (x.min(), y.min(), x.max(), y.max())))

    def cut_box(self, placement: Placement) -> tuple[Rectangle, frozenset[str]]:
        """Return the rectangle as far as no cut of the subject shows in it, and the sides at which a cut limits it.

        A turned cut is slanted: the rectangle ends where the cut reaches farthest into the subject.
        """
        limits, sides = self.box(placement)._asdict(), set()
        for side, ends in self.cuts.items():
            columns, rows = np.array(ends, np.float64).T
            x, y = placed(columns, rows, self.size, placement)
            at = SIDES[(SIDES.index(side) + round(placement.rotate / 90)) % 4]
            along = x if at in ("left", "right") else y
            sides.add(at)
            limits[at] = float(along.max() if at in ("left", "top") else along.min())
        box = Rectangle(**limits)
        if box.width < 1 or box.height < 1:
            return self.box(placement), frozenset()
        return box, frozenset(sides)


def placed(x: np.ndarray, y: np.ndarray, size: tuple[int, int], placement: Placement) -> tuple[np.ndarray, np.ndarray]:
    """Return where points of a photo of that width and height lie once it is placed."""
    middle_x, middle_y = size[0] / 2, size[1] / 2
    cos, sin = math.cos(math.radians(placement.rotate)), math.sin(math.radians(placement.rotate))
    x, y = x - middle_x, y - middle_y
    across = middle_x + placement.x + placement.scale * (cos * x - sin * y)
    return across, middle_y + placement.y + placement.scale * (sin * x + cos * y)


def outline_of(alpha: np.ndarray) -> Outline | None:
    """Find the outline of what is visible.

    What is at least a tenth visible belongs to it, and fainter pixels, such as single hairs, as far as they continue
    it without a gap. A faint trace far away does not.

    Args:
        alpha: how much of each pixel is visible, uint8 ``(h, w)``.

    Returns:
        None where nothing is visible.
    """
    height, width = alpha.shape
    clear = alpha >= VISIBLE
    rows, columns = np.flatnonzero(clear.any(1)), np.flatnonzero(clear.any(0))
    if not len(rows):
        return None
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    faint, side = alpha >= FAINT, max(bottom - top, right - left)
    while True:
        before = top, bottom, left, right
        top, bottom = _continued(np.any(faint[:, left:right], axis=1), top, bottom)
        left, right = _continued(np.any(faint[top:bottom], axis=0), left, right)
        if before == (top, bottom, left, right):
            break
    seen = faint[top:bottom, left:right]
    rows = np.flatnonzero(seen.any(1))
    # The outermost pixels of each row are all that can be outermost, however the subject is turned.
    first, last = left + seen[rows].argmax(1), right - seen[rows, ::-1].argmax(1)
    rows = rows + top
    x, y = np.concatenate([first, last, first, last]), np.concatenate([rows, rows, rows + 1, rows + 1])
    return Outline((width, height), x.astype(float), y.astype(float), side, _cuts(alpha, right - left, bottom - top))


def _continued(seen: Any, start: int, stop: int) -> tuple[int, int]:
    """Return the run of true values that begins and ends around a known one."""
    before, after = np.flatnonzero(~seen[:start]), np.flatnonzero(~seen[stop:])
    return (int(before[-1]) + 1 if len(before) else 0), (stop + int(after[0]) if len(after) else len(seen))


def _cuts(alpha: np.ndarray, width: int, height: int) -> dict[str, tuple[tuple[float, float], tuple[float, float]]]:
    """Find the sides of the photo at which a subject of that width and height is cut."""
    cuts = {}
    for side in SIDES:
        lines = alpha if side in ("top", "bottom") else alpha.T
        length = width if side in ("top", "bottom") else height
        if side in ("bottom", "right"):
            lines = lines[::-1]
        band = lines[: max(1, round(_BAND * len(lines)))] >= _SOLID
        run = np.flatnonzero(band.any(0))
        if len(run) < max(2, _MIN_RUN * length):
            continue
        # Where it already fades, the cut is the outermost line on which most of it is solid.
        solid = np.flatnonzero(2 * band.sum(1) >= len(run))
        depth = float(solid[0]) if len(solid) else 0.0
        start, stop = float(run[0]), float(run[-1]) + 1
        at = depth if side in ("top", "left") else len(lines) - depth
        ends = ((start, at), (stop, at)) if side in ("top", "bottom") else ((at, start), (at, stop))
        cuts[side] = ends
    return cuts
