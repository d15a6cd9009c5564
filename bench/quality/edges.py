"""Contact sheets of edges at 100 %: parts of the photo, the true cutout and every candidate's, pixel for pixel."""

from __future__ import annotations

import numpy as np
from PIL import Image

from bench.quality.photos import Photo
from bench.quality.sheet import CELL, AlphaOf, Row, lay, worst_first

PARTS = 2
"""Parts shown of a photo."""

PHOTOS = 20
"""Largest number of photos on a sheet."""

STEP = 16
"""Pixels between the places that are compared."""

BACKGROUND = (0, 160, 0)
"""Behind the cutouts: a light fringe shows on it, a dark one, and a grey one."""


def draw(
    photos: list[Photo], candidates: list[str], alpha: AlphaOf, errors: dict[str, dict[str, float]]
) -> Image.Image:
    """Return a sheet, mode RGB, worst photos first as on `sheet.draw`'s. Nothing on it is resized.

    Args:
        photos: those of one set.
        candidates: their names, the columns.
        alpha: where a candidate's alpha comes from.
        errors: mean absolute errors by the photo's key and candidate.
    """
    rows = [
        row
        for photo in worst_first(photos, errors, candidates[0])[:PHOTOS]
        for row in _rows(photo, candidates, [np.asarray(alpha(photo, name)) for name in candidates])
    ]
    return lay(["photo", "truth", *candidates], rows)


def parts(truth: np.ndarray, side: int = CELL, count: int = PARTS) -> list[tuple[slice, slice]]:
    """Return the squares of an alpha that hold most of its edge, without overlap; they depend on the truth alone.

    Args:
        truth: float `(height, width)`, 0 to 1.
        side: of the squares, in pixels; a smaller alpha limits it.
        count: largest number of squares.

    Returns:
        Rows and columns of each, most edge first; none where the alpha has no edge.
    """
    height, width = truth.shape
    tall, wide = min(side, height), min(side, width)
    sums = np.pad(_edge(truth), ((1, 0), (1, 0))).cumsum(0, dtype=np.float64).cumsum(1)
    tops, lefts = (_places(size - part) for size, part in ((height, tall), (width, wide)))
    bottoms, rights = tops + tall, lefts + wide
    inside = (
        sums[np.ix_(bottoms, rights)]
        - sums[np.ix_(tops, rights)]
        - sums[np.ix_(bottoms, lefts)]
        + sums[np.ix_(tops, lefts)]
    )
    found: list[tuple[slice, slice]] = []
    while len(found) < count and inside.max() > 0.5:
        row, column = np.unravel_index(inside.argmax(), inside.shape)
        top, left = int(tops[row]), int(lefts[column])
        found.append((slice(top, top + tall), slice(left, left + wide)))
        inside[np.ix_(abs(tops - top) < tall, abs(lefts - left) < wide)] = 0
    return found


def _places(last: int) -> np.ndarray:
    """Starts of squares, `STEP` apart, and the last that fits."""
    return np.unique([*range(0, last, STEP), last])


def _edge(truth: np.ndarray) -> np.ndarray:
    """How much of an edge each pixel is, 0 to 1: it is partly transparent, or its neighbour differs."""
    result = 4 * truth * (1 - truth)
    for axis in (0, 1):
        change = np.abs(np.diff(truth, axis=axis))
        ahead = result[:-1] if axis == 0 else result[:, :-1]
        np.maximum(ahead, change, out=ahead)
    return result


def _rows(photo: Photo, candidates: list[str], alphas: list[np.ndarray]) -> list[Row]:
    colours, truth = photo.colours(), photo.truth()
    rows = []
    for part in parts(truth):
        true = (truth[part] * 255 + 0.5).astype(np.uint8)
        top, left = (place.start for place in part)
        row = [(Image.fromarray(colours[part]), f"{photo.name} {left}, {top}"), (_cutout(colours[part], true), "")]
        for alpha in alphas:
            error = np.abs(alpha[part] / 255 - truth[part]).mean()
            row.append((_cutout(colours[part], alpha[part]), f"MAE here {error:.4f}"))
        rows.append(row)
    return rows


def _cutout(colours: np.ndarray, alpha: np.ndarray) -> Image.Image:
    result = Image.new("RGB", (colours.shape[1], colours.shape[0]), BACKGROUND)
    result.paste(Image.fromarray(colours), mask=Image.fromarray(alpha))
    return result
