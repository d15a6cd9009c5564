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
    summed = np.zeros([size + (index == axis) for index, size in enumerate(values.shape)], np.float32)
    np.cumsum(values, axis=axis, out=summed[1:] if axis == 0 else summed[:, 1:])
    positions = np.arange(length)
    last = np.minimum(positions + radius + 1, length)
    first = np.maximum(positions - radius, 0)
    counts = (last - first).astype(np.float32)
    sums = summed.take(last, axis)
    sums -= summed.take(first, axis)
    sums /= counts[:, None] if axis == 0 else counts
    return sums
