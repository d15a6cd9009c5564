"""Closed-form matting on a small picture, without a sparse matrix library.

Levin, Lischinski and Weiss, "A Closed-Form Solution to Natural Image Matting" (TPAMI 2008): within each window of 3 × 3
pixels alpha is a linear function of the colours. Their matting Laplacian couples pixels that are at most two apart. The
system is solved from the solution at half the size.
"""

import numpy as np
from PIL import Image

from offcut.arrays import AlphaF32, Doubles, Mask, RgbU8, resize_floats
from offcut.assist import linear_system

EPSILON = 1e-6
"""Regularisation of a window's colour covariance, colours in 0..1; Levin and others use 1e-7 to 1e-3."""

_SMALL = 48  # pixels a side, below which a start from half the size gains nothing
_WINDOW = [(down, across) for down in (-1, 0, 1) for across in (-1, 0, 1)]
_OFFSETS = {
    (down - above, across - left) for at, (above, left) in enumerate(_WINDOW) for down, across in _WINDOW[at + 1 :]
}
_BAND = 32  # rows of windows at a time


def solve(photo: RgbU8, prior: AlphaF32, unknown: Mask, weight: float) -> AlphaF32:
    """Solve alpha where it is unknown.

    Args:
        photo: uint8 ``(h, w, 3)``.
        prior: the alpha of known pixels, and a prior for unknown ones, float32 ``(h, w)``, 0 to 1.
        unknown: bool ``(h, w)``.
        weight: of the prior, where each window has a weight of 1; 0 ignores it.

    Returns:
        float32 ``(h, w)``, 0 to 1; `prior` where pixels are known.
    """
    start = prior
    height, width = unknown.shape
    if min(height, width) >= _SMALL:
        small = ((width + 1) // 2, (height + 1) // 2)
        half = solve(
            np.asarray(Image.fromarray(photo).resize(small, Image.Resampling.BOX)),
            resize_floats(prior, small, Image.Resampling.BOX),
            resize_floats(unknown.astype(np.float32), small, Image.Resampling.BOX) > 0,
            weight,
        )
        start = np.where(unknown, resize_floats(half, (width, height), Image.Resampling.BILINEAR), prior)
    # The outermost pixels are repeated, so that every pixel is the centre of a window, in a picture of any size.
    matrix = laplacian(np.pad(photo, ((1, 1), (1, 1), (0, 0)), mode="edge"))
    solved = linear_system.solve(
        matrix,
        np.pad(start, 1, mode="edge"),
        np.pad(prior, 1, mode="edge"),
        np.pad(unknown, 1, mode="edge"),
        weight,
    )
    return np.clip(np.where(unknown, solved[1:-1, 1:-1], prior), 0, 1).astype(np.float32)


def laplacian(photo: RgbU8) -> linear_system.Planes:
    """Return the matting Laplacian of a picture, uint8 ``(h, w, 3)``, of at least 3 × 3 pixels."""
    height, width = photo.shape[:2]
    planes: linear_system.Planes = {offset: np.zeros((height, width), np.float32) for offset in _OFFSETS}
    # Band by band: arrays that fit in a CPU's cache, and little memory.
    for top in range(0, height - 2, _BAND):
        _add_windows(planes, photo[top : min(top + _BAND + 2, height)], top)
    return linear_system.balance(planes)


def _add_windows(planes: linear_system.Planes, photo: RgbU8, top: int) -> None:
    """Add the coefficients of a band's windows to the planes.

    Args:
        planes: float32 ``(height, width)`` each; added to in place.
        photo: the band, uint8 ``(rows, width, 3)``.
        top: row of the planes at which the band begins.
    """
    height, width = photo.shape[0] - 2, photo.shape[1] - 2
    # Double precision: in windows of one or two colours the covariance is nearly singular.
    colours = np.ascontiguousarray(photo.transpose(2, 0, 1)) / 255.0
    parts = [colours[:, 1 + down : 1 + down + height, 1 + across : 1 + across + width] for down, across in _WINDOW]
    mean = sum(parts) / 9
    white = _whitened([part - mean for part in parts])
    for one, (down, across) in enumerate(_WINDOW):
        here = np.s_[top + 1 + down : top + 1 + down + height, 1 + across : 1 + across + width]
        for other in range(one + 1, 9):
            coupling = white[one][0] * white[other][0]
            coupling += white[one][1] * white[other][1]
            coupling += white[one][2] * white[other][2]
            coupling += 1
            coupling /= -9
            planes[_WINDOW[other][0] - down, _WINDOW[other][1] - across][here] += coupling


def _whitened(differences: list[Doubles]) -> list[Doubles]:
    """Whiten colours by their window's covariance: the product of two results is dᵀ(Σ + ε/9)⁻¹e.

    With Σ + ε/9 = LDLᵀ of every window, z = D^-½ L⁻¹ d.

    Args:
        differences: d, the colours of a window's nine pixels minus the window's mean, float64 ``(3, h, w)`` each.

    Returns:
        z of the nine pixels, float64 ``(3, h, w)`` each.
    """
    a, b, c, d, e, f = (
        sum(each[row] * each[column] for each in differences) / 9 + (EPSILON / 9 if row == column else 0)
        for row in range(3)
        for column in range(row, 3)
    )
    l21, l31 = b / a, c / a
    pivot2 = d - l21 * b
    rest = e - l21 * c
    l32 = rest / pivot2
    scales = [1 / np.sqrt(pivot) for pivot in (a, pivot2, f - l31 * c - l32 * rest)]
    result = []
    for red, green, blue in differences:
        second = green - l21 * red
        third = blue - l31 * red - l32 * second
        result.append(np.stack([red * scales[0], second * scales[1], third * scales[2]]))
    return result
