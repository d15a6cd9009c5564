"""Means over square windows, in time that does not depend on the window's size."""

import numpy as np


def box_mean(values: np.ndarray, radius: int) -> np.ndarray:
    """The mean over ``(2 * radius + 1)²`` pixels around each, over fewer at the borders.

    Args:
        values: float32 array ``(height, width)``. Values near zero keep most digits: subtract a constant beforehand.
        radius: in pixels, at least 0.

    Returns:
        float32 array of the same shape.
    """
    return _along(_along(values, radius, 0), radius, 1)


def _along(values: np.ndarray, radius: int, axis: int) -> np.ndarray:
    length = values.shape[axis]
    # Running sums, with the first and the last repeated outwards: then a window's sum is one difference everywhere.
    shape = list(values.shape)
    shape[axis] = length + 2 * radius + 1
    summed = np.zeros(shape, np.float32)
    inner = slice(radius + 1, radius + 1 + length)
    outer = slice(radius + 1 + length, None)
    if axis == 0:
        np.cumsum(values, axis=0, out=summed[inner])
        summed[outer] = summed[radius + length]
        sums = summed[2 * radius + 1 :] - summed[:length]
    else:
        np.cumsum(values, axis=1, out=summed[:, inner])
        summed[:, outer] = summed[:, radius + length, None]
        sums = summed[:, 2 * radius + 1 :] - summed[:, :length]
    positions = np.arange(length)
    counts = np.minimum(positions + radius + 1, length) - np.maximum(positions - radius, 0)
    part = (1 / counts).astype(np.float32)
    sums *= part[:, None] if axis == 0 else part
    return sums
