"""Large linear systems over a picture's pixels, without any sparse library.

The matrix couples pixels near each other and is symmetric, so it is kept as planes: by the offset (down, across) from a
pixel to a later one in reading order, what couples the two, float32 ``(height, width)`` by the first pixel; the diagonal
is at (0, 0).
"""

import numpy as np

Planes = dict[tuple[int, int], np.ndarray]

TOLERANCE = 1e-3
"""The solution is good enough when the residual is this part of the right-hand side."""

_MOST = 300  # iterations; far fewer are needed from a fair start


def halves(offset: tuple[int, int], shape: tuple[int, ...]) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """The pixels of a ``(height, width)`` picture that have a neighbour at `offset`, and these neighbours, as slices."""
    down, across = offset
    height, width = shape
    return (
        (slice(0, height - down), slice(max(0, -across), width - max(0, across))),
        (slice(down, height), slice(max(0, across), width - max(0, -across))),
    )


def balance(planes: Planes) -> Planes:
    """Set the diagonal so that rows sum to nothing: a picture that is the same everywhere then costs nothing."""
    diagonal = np.zeros_like(next(iter(planes.values())))
    for offset, plane in planes.items():
        if offset != (0, 0):
            here, there = halves(offset, plane.shape)
            diagonal[here] -= plane[here]
            diagonal[there] -= plane[here]
    return planes | {(0, 0): diagonal}


def times(planes: Planes, values: np.ndarray) -> np.ndarray:
    """Multiply the matrix by a picture, float32 ``(h, w)``; returns the same shape."""
    result: np.ndarray = planes[0, 0] * values
    for offset, plane in planes.items():
        if offset != (0, 0):
            here, there = halves(offset, values.shape)
            result[here] += plane[here] * values[there]
            result[there] += plane[here] * values[here]
    return result


def solve(planes: Planes, first: np.ndarray, guess: np.ndarray, free: np.ndarray, weight: float) -> np.ndarray:
    """Solve ``(matrix + weight) x = weight · guess`` by conjugate gradients, with the diagonal as preconditioner.

    Args:
        first: float32 ``(height, width)``, where to start.
        guess: float32 ``(height, width)``: what pixels that are not free are, and what free ones are drawn to.
        free: bool ``(height, width)``.
        weight: how strongly, at least 0.

    Returns:
        float32 ``(height, width)``.
    """
    one = np.float32(weight)
    scale = np.where(free, 1 / np.maximum(planes[0, 0] + one, np.float32(1e-6)), 0).astype(np.float32)
    right = np.where(free, one * guess - times(planes, np.where(free, 0, guess)), 0)
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
