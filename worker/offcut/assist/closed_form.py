"""Closed-form matting on a small picture, without any sparse library.

Levin, Lischinski and Weiss, "A Closed-Form Solution to Natural Image Matting" (TPAMI 2008): within each window of 3 × 3
pixels alpha is a linear function of the colours. Their matting Laplacian couples pixels at most two apart. The system is
solved from a start that was solved at half the size.
"""

import numpy as np
from PIL import Image

from offcut.assist import linear_system

EPSILON = 1e-6
"""Regularisation of a window's colour covariance, colours in 0..1; Levin and others use 1e-7 to 1e-3."""

_SMALL = 48  # pixels: below this side a start from half the size gains nothing
_WINDOW = [(down, across) for down in (-1, 0, 1) for across in (-1, 0, 1)]
_OFFSETS = {
    (down - above, across - left) for at, (above, left) in enumerate(_WINDOW) for down, across in _WINDOW[at + 1 :]
}
_BAND = 32


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
    padded, guess, free = (
        np.pad(each, ((1, 1), (1, 1), (0, 0))[: each.ndim], mode="edge") for each in (photo, start, unknown)
    )
    found = linear_system.solve(laplacian(padded), np.pad(first, 1, mode="edge"), guess, free, weight)
    return np.clip(np.where(unknown, found[1:-1, 1:-1], start), 0, 1).astype(np.float32)


def laplacian(photo: np.ndarray) -> linear_system.Planes:
    """The matting Laplacian of a picture, uint8 ``(height, width, 3)``, at least 3 × 3.

    Returns:
        The planes (`assist.system`), float32 ``(height, width)``.
    """
    height, width = photo.shape[:2]
    planes: linear_system.Planes = {offset: np.zeros((height, width), np.float32) for offset in _OFFSETS}
    # Band by band: arrays that fit in a processor's cache, and little memory.
    for top in range(0, height - 2, _BAND):
        _add_windows(planes, photo[top : min(top + _BAND + 2, height)], top)
    return linear_system.balance(planes)


def _add_windows(planes: linear_system.Planes, photo: np.ndarray, top: int) -> None:
    """Add what the windows of a band, uint8 ``(height, width, 3)``, couple. Its first row is the planes' row `top`."""
    height, width = photo.shape[0] - 2, photo.shape[1] - 2
    # Double precision: in windows of one or two colours the covariance has next to no inverse.
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


def _whitened(apart: list[np.ndarray]) -> list[np.ndarray]:
    """Colours apart from their window's mean, ``(3, h, w)`` each, made so that the product of two is dᵀ(Σ + ε/9)⁻¹d′.

    By Σ + ε/9 = LDLᵀ of every window: z = D^-½ L⁻¹ d.
    """
    a, b, c, d, e, f = (
        sum(each[row] * each[column] for each in apart) / 9 + (EPSILON / 9 if row == column else 0)
        for row in range(3)
        for column in range(row, 3)
    )
    down, far = b / a, c / a
    second = d - down * b
    rest = e - down * c
    near = rest / second
    scales = [1 / np.sqrt(pivot) for pivot in (a, second, f - far * c - near * rest)]
    result = []
    for red, green, blue in apart:
        green = green - down * red
        blue = blue - far * red - near * green
        result.append(np.stack([red * scales[0], green * scales[1], blue * scales[2]]))
    return result


def _resized(values: np.ndarray, size: tuple[int, int], kernel: Image.Resampling) -> np.ndarray:
    return np.asarray(Image.fromarray(np.asarray(values, np.float32), "F").resize(size, kernel))
