"""Trimaps: alpha is solved again where it is unknown, from the photo's colours and the known alpha around."""

import numpy as np
from PIL import Image

from offcut.alpha import as_floats
from offcut.arrays import AlphaU8, Mask, PixelsU8, RgbU8
from offcut.assist import closed_form
from offcut.errors import HelpError
from offcut.geometry import Box, bounding_box
from offcut.matting.guided_filter import evaluate, linear_map

BACKGROUND, UNKNOWN, SUBJECT = 0, 128, 255
"""The three values of a trimap."""

PRIOR_WEIGHT = 1e-4
"""Weight of the current alpha as a prior (`closed_form.solve`): it decides only where colours do not."""

MAX_PIXELS = 320_000
"""Pixels of the largest picture that is solved; larger regions are solved smaller, then enlarged along the photo."""

_MARGIN = 8  # pixels of the solved picture around the unknown region: the known alpha there determines the result
_GUIDE_RADIUS = 2  # of the filter that enlarges, in pixels of the solved picture


def refine(photo: RgbU8, alpha: AlphaU8, trimap: PixelsU8) -> AlphaU8:
    """Solve alpha where a trimap is unknown, by closed-form matting (Levin and others 2008).

    Args:
        photo: uint8 ``(h, w, 3)``.
        alpha: the alpha so far, uint8 ``(h, w)``.
        trimap: uint8 ``(h, w)``: 0 background, 128 unknown, 255 subject.

    Returns:
        uint8 ``(h, w)``. Known pixels keep their alpha where it agrees with the trimap, and are 0 or 255 where it does
        not.

    Raises:
        HelpError: the sizes differ, a value of the trimap is none of the three, or nothing, or all, is unknown.
    """
    _check(photo, alpha, trimap)
    unknown = trimap == UNKNOWN
    if not unknown.any():
        raise HelpError("Nothing is marked as uncertain. Paint over the edge that should be found again.")
    if unknown.all():
        raise HelpError("Everything is marked as uncertain. Leave some of the subject and of the background unpainted.")
    agreeing = unknown | ((alpha >= UNKNOWN) == (trimap == SUBJECT))
    known = np.where(agreeing, alpha, trimap)
    box = _region_of(unknown)
    found = _solved(photo[box.slices], known[box.slices], unknown[box.slices])
    result = known.copy()
    result[box.slices] = np.where(unknown[box.slices], found, known[box.slices])
    return result


def from_stroke(alpha: AlphaU8, stroke: Mask | AlphaU8) -> PixelsU8:
    """Make a trimap from a painted area: what is painted is unknown, the rest follows the alpha.

    Args:
        alpha: the alpha so far, uint8 ``(h, w)``.
        stroke: bool or uint8 ``(h, w)``, true or at least 128 where painted.

    Returns:
        uint8 ``(h, w)``: 0 background, 128 unknown, 255 subject.

    Raises:
        HelpError: the sizes differ, or nothing, or all, is painted.
    """
    if stroke.shape != alpha.shape:
        raise HelpError("The painted area has another size than the photo. Paint it again.")
    painted = stroke if stroke.dtype == bool else stroke >= UNKNOWN
    if not painted.any():
        raise HelpError("Nothing is painted. Paint over the edge that should be found again.")
    if painted.all():
        raise HelpError("The whole photo is painted. Leave some of the subject and of the background unpainted.")
    return np.where(painted, UNKNOWN, np.where(alpha >= UNKNOWN, SUBJECT, BACKGROUND)).astype(np.uint8)


def _check(photo: RgbU8, alpha: AlphaU8, trimap: PixelsU8) -> None:
    """Check that the sizes and the trimap's values make sense. Raises HelpError."""
    if photo.shape != (*alpha.shape, 3) or trimap.shape != alpha.shape:
        raise HelpError("The painted area has another size than the photo. Paint it again.")
    if not np.isin(trimap, (BACKGROUND, UNKNOWN, SUBJECT)).all():
        raise HelpError("The painted area holds values other than background, uncertain and subject. Paint it again.")


def _region_of(unknown: Mask) -> Box:
    """The box around the unknown pixels with its margin, which grows as the region will be reduced."""
    box = bounding_box(unknown)
    assert box is not None
    margin = int(np.ceil(_MARGIN * max(1.0, (box.height * box.width / MAX_PIXELS) ** 0.5)))
    return box.grown(margin).within(*unknown.shape)


def _solved(photo: RgbU8, known: AlphaU8, unknown: Mask) -> AlphaU8:
    """The alpha of a part of the photo, uint8 ``(h, w)``; the caller uses it in unknown pixels only."""
    height, width = unknown.shape
    scale = min(1.0, (MAX_PIXELS / (height * width)) ** 0.5)
    if scale == 1:
        alpha = closed_form.solve(photo, as_floats(known), unknown, PRIOR_WEIGHT)
    else:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        image = Image.fromarray(photo)
        small = np.asarray(image.resize(size, Image.Resampling.BOX))
        start = as_floats(np.asarray(Image.fromarray(known).resize(size, Image.Resampling.BOX)))
        free = np.asarray(Image.fromarray(unknown).convert("L").resize(size, Image.Resampling.BOX)) > 0
        solved = closed_form.solve(small, start, free, PRIOR_WEIGHT)
        coefficients = linear_map(small, (solved * 255 + 0.5).astype(np.uint8), _GUIDE_RADIUS)
        alpha = np.clip(evaluate(coefficients, image, (0, 0, *size)) / np.float32(255), 0, 1)
    return (alpha * 255 + 0.5).astype(np.uint8)
