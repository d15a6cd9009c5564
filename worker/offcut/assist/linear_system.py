"""Linear systems over the pixels of a picture, without a sparse matrix library.

The matrix is symmetric and couples pixels that are near each other, so it is stored as planes, one for each offset
(rows down, columns across) from a pixel to a later one in reading order. A plane is float32 ``(h, w)``: the coefficient
of each pixel and the pixel at that offset from it. The diagonal is the plane (0, 0).
"""

import numpy as np

from offcut.arrays import Floats, Mask

Planes = dict[tuple[int, int], Floats]
"""A matrix: its planes by their offsets."""

TOLERANCE = 1e-3
"""The iteration ends when the norm of the residual is this part of that of the right-hand side."""

_MAX_ITERATIONS = 300
"""Far fewer are needed from a good start."""


def halves(offset: tuple[int, int], shape: tuple[int, ...]) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return the indices of the pixels that have a neighbour at an offset, and of these neighbours.

    Args:
        offset: rows down, at least 0, and columns across.
        shape: height and width of the picture.
    """
    down, across = offset
    height, width = shape
    return (
        (slice(0, height - down), slice(max(0, -across), width - max(0, across))),
        (slice(down, height), slice(max(0, across), width - max(0, -across))),
    )


def balance(planes: Planes) -> Planes:
    """Return the planes with the diagonal of a Laplacian: every row of the matrix sums to 0."""
    diagonal = np.zeros_like(next(iter(planes.values())))
    for offset, plane in planes.items():
        if offset != (0, 0):
            here, there = halves(offset, plane.shape)
            diagonal[here] -= plane[here]
            diagonal[there] -= plane[here]
    return planes | {(0, 0): diagonal}


def times(planes: Planes, values: Floats) -> Floats:
    """Multiply the matrix by a picture, float32 ``(h, w)``; returns the same shape."""
    result = planes[0, 0] * values
    for offset, plane in planes.items():
        if offset != (0, 0):
            here, there = halves(offset, values.shape)
            result[here] += plane[here] * values[there]
            result[there] += plane[here] * values[here]
    return result


def solve(planes: Planes, start: Floats, prior: Floats, free: Mask, weight: float) -> Floats:
    """Solve ``(matrix + weight) x = weight · prior`` by conjugate gradients, with the diagonal as preconditioner.

    Args:
        planes: the matrix.
        start: the values of free pixels from which the iteration starts, float32 ``(h, w)``.
        prior: the values of pixels that are not free, and those that free ones are drawn to, float32 ``(h, w)``.
        free: the pixels that are solved for, bool ``(h, w)``.
        weight: of the prior in free pixels, at least 0.

    Returns:
        float32 ``(h, w)``; `prior` where pixels are not free.
    """
    added = np.float32(weight)
    preconditioner = np.where(free, 1 / np.maximum(planes[0, 0] + added, np.float32(1e-6)), 0).astype(np.float32)
    right = np.where(free, added * prior - times(planes, np.where(free, 0, prior)), 0)
    values = np.where(free, start, 0).astype(np.float32)
    residual = right - np.where(free, times(planes, values) + added * values, 0)
    tolerance = TOLERANCE * float(np.linalg.norm(right))
    direction = preconditioner * residual
    squared_norm = float(np.vdot(residual, direction))
    for _ in range(_MAX_ITERATIONS):
        if squared_norm <= 0 or float(np.linalg.norm(residual)) <= tolerance:
            break
        product = np.where(free, times(planes, direction) + added * direction, 0)
        step = np.float32(squared_norm / float(np.vdot(direction, product)))
        values += step * direction
        residual -= step * product
        preconditioned = preconditioner * residual
        next_squared_norm = float(np.vdot(residual, preconditioned))
        direction = preconditioned + np.float32(next_squared_norm / squared_norm) * direction
        squared_norm = next_squared_norm
    return np.where(free, values, prior)
