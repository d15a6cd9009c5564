"""Closed-form matting on a small picture, without any sparse library.

Levin, Lischinski and Weiss, "A Closed-Form Solution to Natural Image Matting" (TPAMI 2008): within each window of 3 × 3
pixels alpha is a linear function of the colours. Their matting Laplacian couples pixels at most two apart, so it is kept as
one plane for each of 12 offsets (it is symmetric) and applied by shifting. The system is solved by conjugate gradients with
the diagonal as preconditioner, from a start that was solved at half the size.
"""

import numpy as np
from PIL import Image

EPSILON = 1e-6
"""Regularisation of a window's colour covariance, colours in 0..1; Levin and others use 1e-7 to 1e-3."""

TOLERANCE = 1e-3
"""The solution is good enough when the residual is this part of the right-hand side."""

_MOST = 120  # iterations; with the coarse start far fewer are needed
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
    found = _iterate(laplacian(padded), np.pad(first, 1, mode="edge"), guess, free, weight)
    return np.clip(np.where(unknown, found[1:-1, 1:-1], start), 0, 1).astype(np.float32)


def laplacian(photo: np.ndarray) -> dict[tuple[int, int], np.ndarray]:
    """The matting Laplacian of a picture, uint8 ``(height, width, 3)``, at least 3 × 3.

    Returns:
        By the offset (down, across) from a pixel to a later one in reading order, what couples the two, as a float32
        plane ``(height, width)`` by the first pixel; and the diagonal at (0, 0).
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
    planes = {(0, 0): np.zeros((height, width), np.float32)}
    for one, (top, left) in enumerate(_WINDOW):
        for other in range(one + 1, 9):
            offset = (_WINDOW[other][0] - top, _WINDOW[other][1] - left)
            coupling = (1 + np.einsum("ijk,ijk->ij", apart[one], weighted[other])) / -9
            plane = planes.setdefault(offset, np.zeros((height, width), np.float32))
            plane[1 + top : 1 + top + inner[0], 1 + left : 1 + left + inner[1]] += coupling
    # Rows sum to nothing: an alpha that is the same everywhere costs nothing.
    for offset, plane in planes.items():
        if offset != (0, 0):
            here, there = _halves(offset, (height, width))
            planes[0, 0][here] -= plane[here]
            planes[0, 0][there] -= plane[here]
    return planes


def times(planes: dict[tuple[int, int], np.ndarray], values: np.ndarray) -> np.ndarray:
    """The product of a `laplacian` and an alpha, both float32 ``(height, width)``."""
    result = planes[0, 0] * values
    for offset, plane in planes.items():
        if offset != (0, 0):
            here, there = _halves(offset, values.shape)
            result[here] += plane[here] * values[there]
            result[there] += plane[here] * values[here]
    return result


def _halves(offset: tuple[int, int], shape: tuple[int, ...]) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """The pixels that have a neighbour at `offset`, and these neighbours."""
    down, across = offset
    height, width = shape
    return (
        (slice(0, height - down), slice(max(0, -across), width - max(0, across))),
        (slice(down, height), slice(max(0, across), width - max(0, -across))),
    )


def _iterate(
    planes: dict[tuple[int, int], np.ndarray], first: np.ndarray, guess: np.ndarray, free: np.ndarray, weight: float
) -> np.ndarray:
    """Conjugate gradients for ``(L + weight) x = weight · guess`` on the free pixels, the others kept."""
    one = np.float32(weight)
    scale = np.where(free, 1 / np.maximum(planes[0, 0] + one, np.float32(1e-6)), 0).astype(np.float32)
    # Measured from the known pixels alone, so that a good start does not ask for more digits.
    known = np.where(free, 0, guess)
    right = np.where(free, one * guess - times(planes, known), 0)
    values = np.where(free, first, 0).astype(np.float32)
    residual = right - np.where(free, times(planes, values) + one * values, 0)
    enough = TOLERANCE * float(np.linalg.norm(right))
    direction = scale * residual
    power = float(np.vdot(residual, direction))
    for _ in range(_MOST):
        if power <= 0 or float(np.linalg.norm(residual)) <= enough:
            break
        image = np.where(free, times(planes, direction) + one * direction, 0)
        step = np.float32(power / float(np.vdot(direction, image)))
        values += step * direction
        residual -= step * image
        better = scale * residual
        new = float(np.vdot(residual, better))
        direction = better + np.float32(new / power) * direction
        power = new
    return np.where(free, values, guess)


def _resized(values: np.ndarray, size: tuple[int, int], kernel: Image.Resampling) -> np.ndarray:
    return np.asarray(Image.fromarray(np.asarray(values, np.float32), "F").resize(size, kernel))
