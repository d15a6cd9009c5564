"""Alpha found anew inside a painted region, from the photo's colours and what is known around it."""

import numpy as np
from PIL import Image

from offcut.assist import closed_form
from offcut.errors import HelpError
from offcut.matting.guided_filter import evaluate, linear_map

BACKGROUND, UNKNOWN, SUBJECT = 0, 128, 255
"""The three values of a trimap."""

WEIGHT = 1e-4
"""How much the alpha that is there counts as a guess (`closedform.solve`): it decides only where colours say nothing."""

WORKING = 320_000
"""Pixels of the largest picture that is solved for; larger regions are solved smaller, then enlarged along the photo."""

_MARGIN = 8  # pixels of the working picture around the region: what is known there is what the answer hangs on
_FOLLOWING = 2  # radius, in pixels of the working picture, of the filter that enlarges


def refine(photo: np.ndarray, alpha: np.ndarray, trimap: np.ndarray) -> np.ndarray:
    """Find alpha anew where a trimap says that it is unknown, by closed-form matting (Levin and others 2008).

    Args:
        photo: uint8 ``(height, width, 3)``.
        alpha: uint8 ``(height, width)``, the alpha so far.
        trimap: uint8 ``(height, width)``: 0 background, 128 unknown, 255 subject.

    Returns:
        uint8 ``(height, width)``. Known pixels keep their alpha where it is on the trimap's side, and are 0 or 255 where
        the trimap says otherwise.

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
    left, top, right, bottom = _around(unknown)
    part = np.s_[top:bottom, left:right]
    found = _found(photo[part], known[part], unknown[part])
    result = known.copy()
    result[part] = np.where(unknown[part], found, known[part])
    return result


def from_stroke(alpha: np.ndarray, stroke: np.ndarray) -> np.ndarray:
    """Make a trimap from a rough painted area: what is painted is unknown, the rest is what alpha says it is.

    Args:
        alpha: uint8 ``(height, width)``, the alpha so far.
        stroke: bool or uint8 ``(height, width)``, true or at least 128 where painted.

    Returns:
        uint8 ``(height, width)``: 0 background, 128 unknown, 255 subject.

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


def _check(photo: np.ndarray, alpha: np.ndarray, trimap: np.ndarray) -> None:
    if photo.shape != (*alpha.shape, 3) or trimap.shape != alpha.shape:
        raise HelpError("The painted area has another size than the photo. Paint it again.")
    if not np.isin(trimap, (BACKGROUND, UNKNOWN, SUBJECT)).all():
        raise HelpError("The painted area holds values other than background, uncertain and subject. Paint it again.")


def _around(unknown: np.ndarray) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the region with its margin, which grows as the region will be shrunk."""
    rows, columns = np.flatnonzero(unknown.any(axis=1)), np.flatnonzero(unknown.any(axis=0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    margin = int(np.ceil(_MARGIN * max(1.0, ((bottom - top) * (right - left) / WORKING) ** 0.5)))
    height, width = unknown.shape
    return max(0, left - margin), max(0, top - margin), min(width, right + margin), min(height, bottom + margin)


def _found(photo: np.ndarray, known: np.ndarray, unknown: np.ndarray) -> np.ndarray:
    """The alpha of a part of the photo, uint8; what it says of known pixels is not used."""
    height, width = unknown.shape
    scale = min(1.0, (WORKING / (height * width)) ** 0.5)
    if scale == 1:
        found = closed_form.solve(photo, known / np.float32(255), unknown, WEIGHT)
    else:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        image = Image.fromarray(photo)
        small = np.asarray(image.resize(size, Image.Resampling.BOX))
        start = np.asarray(Image.fromarray(known).resize(size, Image.Resampling.BOX)) / np.float32(255)
        free = np.asarray(Image.fromarray(unknown).convert("L").resize(size, Image.Resampling.BOX)) > 0
        solved = closed_form.solve(small, start, free, WEIGHT)
        coefficients = linear_map(small, (solved * 255 + 0.5).astype(np.uint8), _FOLLOWING)
        found = np.clip(evaluate(coefficients, image, (0, 0, *size)) / np.float32(255), 0, 1)
    return (found * 255 + 0.5).astype(np.uint8)
