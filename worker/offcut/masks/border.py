"""A border of one colour around the subject, as stickers have.

Its edge lies at the same distance from the subject's edge everywhere. The distance is computed on a smaller copy where
the border is wide, as it is smooth; that keeps the time in check.
"""

import math

import numpy as np
from PIL import Image, ImageFilter

from offcut.alpha import VISIBLE
from offcut.arrays import AlphaU8, Floats
from offcut.geometry import Box, bounding_box

_CELLS = 8
"""Width of a border in pixels of the copy on which the distance is computed."""

_LEVEL = 0.2
"""Alpha above which a pixel belongs to the subject: low, so that hair and wires do, even on a smaller copy."""

_SOLID = 0.6
"""Mean of a cell from which on what is next to it is the edge of something broad."""

_STRIP = 256
"""Rows that are drawn at once."""

_KERNEL = 3
"""Cells around a strip that its enlargement and its hairs look at."""

_FAR = 1e6


def side_of(alpha: AlphaU8) -> int:
    """Return the longer side, in pixels, of the rectangle around what is visible of an alpha; 0 where nothing is."""
    box = bounding_box(alpha >= VISIBLE)
    return max(box.width, box.height) if box else 0


def border_of(alpha: AlphaU8, width: float) -> AlphaU8:
    """Draw the border of a subject, which covers the subject itself, too.

    Args:
        alpha: how much of each pixel is visible, uint8 ``(h, w)``.
        width: of the border, in pixels, above 0; beyond the array's edge there is none.

    Returns:
        uint8 ``(h, w)``: how much of each pixel subject and border cover together. What is not above `_LEVEL` does not
        count as subject: beyond the border nothing is covered.
    """
    box = bounding_box(alpha > round(255 * _LEVEL))
    result = np.zeros_like(alpha)
    if box is None:
        return result
    cell = max(1, round(width / _CELLS))
    box = _of_whole_cells(box.grown(math.ceil(width) + 2).within(*alpha.shape), cell)
    # Strip by strip, so that the floats of a large photo are not all in memory.
    rows = max(1, _STRIP // cell) * cell
    for top in range(box.top, box.bottom, rows):
        strip = box._replace(top=top, bottom=min(top + rows, box.bottom))
        seen = strip.within(*alpha.shape)
        result[seen.slices] = _strip_of(alpha, box, strip, width, cell)[seen.inside(strip).slices]
    return result


def _strip_of(alpha: AlphaU8, box: Box, strip: Box, width: float, cell: int) -> AlphaU8:
    """Return a strip of the border: what it would be as a part of the whole.

    Args:
        alpha: uint8 ``(h, w)``.
        box: what the border is within; whole cells.
        strip: some rows of it; whole cells.
        width: of the border, in pixels.
        cell: side of a cell, in pixels.
    """
    limit = math.ceil(width / cell) + 1
    margin = (limit + _KERNEL) * cell
    around = strip._replace(top=max(box.top, strip.top - margin), bottom=min(box.bottom, strip.bottom + margin))
    seen = around.within(*alpha.shape)
    part = np.zeros(around.shape, np.uint8)
    part[seen.inside(around).slices] = alpha[seen.slices]
    distance = _distance(_reduced(part, cell), limit)
    first, last = (at // cell for at in (strip.top - around.top, strip.bottom - around.top))
    if cell > 1:
        rows = 0, first, distance.shape[1], last
        enlarged = Image.fromarray(distance).resize(strip.size, Image.Resampling.BICUBIC, rows)
        distance = np.asarray(enlarged) * np.float32(cell)
    else:
        distance = distance[first:last]
    covered: Floats = (np.float32(width + 0.5) - distance) * 255 + np.float32(0.5)
    return np.clip(covered, 0, 255).astype(np.uint8)


def _reduced(alpha: AlphaU8, cell: int) -> Floats:
    """Return the mean of each cell, 0 to 1; one half where a hair or wire passes that the mean would lose."""
    height, width = alpha.shape
    means: Floats = np.asarray(Image.fromarray(alpha).reduce(cell), np.float32) / np.float32(255)
    if cell == 1:
        return means
    largest = alpha.reshape(height // cell, cell, width // cell, cell).max((1, 3))
    near_solid = np.asarray(Image.fromarray((means > _SOLID).astype(np.uint8)).filter(ImageFilter.MaxFilter(3)))
    is_thin = (largest > 255 * _LEVEL) & (means <= _LEVEL) & (near_solid == 0)
    return np.where(is_thin, 0.5, means).astype(np.float32)


def _of_whole_cells(box: Box, cell: int) -> Box:
    """Return a box that is larger at the right and below, so that it consists of whole cells of that side."""
    height, width = (-(-side // cell) * cell for side in box.shape)
    return Box.of_size(width, height, box.left, box.top)


def _distance(alpha: Floats, limit: int) -> Floats:
    """Return how far each pixel's centre is from the subject's edge.

    Args:
        alpha: float32 ``(h, w)``, 0 to 1.
        limit: distances that are larger may be returned as any that are larger.

    Returns:
        float32 ``(h, w)``, in pixels; 0 inside. The distance is that to the nearest place at which the edge crosses
        the middle of a row or column.
    """
    return np.sqrt(np.minimum(_squares(alpha, limit), _squares(alpha.T, limit).T), dtype=np.float32)


def _squares(alpha: Floats, limit: int) -> Floats:
    """Return the squared distances to the nearest crossing of a row."""
    height, width = alpha.shape
    along = np.minimum(_to_the_left(alpha), _to_the_left(alpha[:, ::-1])[:, ::-1])
    squares = np.minimum(along, np.float32(limit + 1)) ** 2
    padded = np.full((height + 2 * limit, width), (limit + 1) ** 2, np.float32)
    padded[limit : limit + height] = squares
    result = squares
    for down in range(1, limit + 1):
        for first in (limit - down, limit + down):
            np.minimum(result, padded[first : first + height] + np.float32(down * down), out=result)
    return result


def _to_the_left(alpha: Floats) -> Floats:
    """Return the distance of each pixel to the nearest crossing of its row on the left; 0 inside the subject."""
    inside = alpha > _LEVEL
    after = np.zeros_like(alpha)
    after[:, :-1] = alpha[:, 1:]
    # Where an edge crosses two pixels, so much of both is covered: counted from the middle of the first.
    beyond = alpha + after - np.float32(0.5)
    columns = np.arange(alpha.shape[1], dtype=np.float32)
    ends = np.where(inside, columns + beyond, np.float32(-_FAR))
    return np.where(inside, np.float32(0), columns - np.maximum.accumulate(ends, axis=1))
