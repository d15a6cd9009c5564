"""Closed-form matting on a small picture, without any sparse library.

Levin, Lischinski and Weiss, "A Closed-Form Solution to Natural Image Matting" (TPAMI 2008): within each window of 3 × 3
pixels alpha is a linear function of the colours. Their matting Laplacian couples pixels at most two apart. The system is
solved from a start that was solved at half the size.
"""

import numpy as np
from PIL import Image

from . import system

EPSILON = 1e-6
"""Regularisation of a window's colour covariance, colours in 0..1; Levin and others use 1e-7 to 1e-3."""

_SMALL = 48  # pixels: below this side a start from half the size gains nothing
_WINDOW = [(down, across) for down in (-1, 0, 1) for across in (-1, 0, 1)]


def solve(photo: np.ndarray, start: np.ndarray, unknown: np.ndarray, weight: float) -> np.ndarray:
    """Find alpha where it is unknown.

    Args:
        photo: uint8 ``(height, width, 3)``.
        start: float32 ``(height, width)``, 0 to 1: the alpha of known pixels, and a guess for unknown ones.
        unknown: bool ``(height, width)``.
        weight: how much the guess counts, against a window's share of 1; 0 for not at all.

    Returns:
        float32 ``(height, width)``, 0 to 1; known pixels as in `start`.
    """
    first = start
    height, width = unknown.shape
    if min(height, width) >= _SMALL:
        small = ((width + 1) // 2, (height + 1) // 2)
        halved = solve(
            np.asarray(Image.fromarray(photo).resize(small, Image.Resampling.BOX)),
            _resized(start, small, Image.Resampling.BOX),
            _resized(unknown.astype(np.float32), small, Image.Resampling.BOX) > 0,
            weight,
        )
        first = np.where(unknown, _resized(halved, (width, height), Image.Resampling.BILINEAR), start)
    # A ring of repeated pixels: then every pixel is the centre of a window, in a picture of any size.
    padded, guess, free = (np.pad(each, ((1, 1), (1, 1), (0, 0))[: each.ndim], mode="edge")
                           for each in (photo, start, unknown))
    found = system.solve(laplacian(padded), np.pad(first, 1, mode="edge"), guess, free, weight)
    return np.clip(np.where(unknown, found[1:-1, 1:-1], start), 0, 1).astype(np.float32)


def laplacian(photo: np.ndarray) -> system.Planes:
    """The matting Laplacian of a picture, uint8 ``(height, width, 3)``, at least 3 × 3.

    Returns:
        The planes (`assist.system`), float32 ``(height, width)``.
    """
    height, width = photo.shape[:2]
    inner = (height - 2, width - 2)
    # Double precision: in windows of one or two colours the covariance has next to no inverse.
    colours = photo / 255.0
    parts = [colours[1 + down : 1 + down + inner[0], 1 + across : 1 + across + inner[1]] for down, across in _WINDOW]
    mean = sum(parts) / 9
    apart = [part - mean for part in parts]
    covariance = sum(each[..., :, None] * each[..., None, :] for each in apart) / 9
    inverse = np.linalg.inv(covariance + EPSILON / 9 * np.eye(3))
    weighted = [(inverse @ each[..., None])[..., 0] for each in apart]
    planes: system.Planes = {}
    for one, (top, left) in enumerate(_WINDOW):
        for other in range(one + 1, 9):
            offset = (_WINDOW[other][0] - top, _WINDOW[other][1] - left)
            coupling = (1 + np.einsum("ijk,ijk->ij", apart[one], weighted[other])) / -9
            plane = planes.setdefault(offset, np.zeros((height, width), np.float32))
            plane[1 + top : 1 + top + inner[0], 1 + left : 1 + left + inner[1]] += coupling
    return system.balance(planes)


def _resized(values: np.ndarray, size: tuple[int, int], kernel: Image.Resampling) -> np.ndarray:
    return np.asarray(Image.fromarray(np.asarray(values, np.float32), "F").resize(size, kernel))
