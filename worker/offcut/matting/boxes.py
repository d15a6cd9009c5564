"""Means over square windows, in time that hardly depends on the window's size."""

import numpy as np


def box_mean(values: np.ndarray, radius: int) -> np.ndarray:
    """The mean over ``(2 * radius + 1)²`` pixels around each, over fewer at the borders.

    Args:
        values: float32 array ``(height, width)``.
        radius: in pixels, at least 0.

    Returns:
        float32 array of the same shape.
    """
    height, width = values.shape
    window, row = 2 * radius + 1, width + 2 * radius
    # All rows with zeros around them as one line, which is what WebAssembly is fast at. Where a window runs on into the
    # next row it begins in the zeros, and such places are cut off.
    line = np.zeros((height + 2 * radius) * row + 2 * radius, np.float32)
    line[: line.size - 2 * radius].reshape(-1, row)[radius : radius + height, radius : radius + width] = values
    sums = _sums(_sums(line, window, 1), window, row).reshape(height, row)[:, :width]
    return sums * (_parts(height, radius)[:, None] * _parts(width, radius))


def _sums(line: np.ndarray, count: int, step: int) -> np.ndarray:
    """Sums of `count` values each, `step` apart, from each place on that has as many: from sums of half as many.

    A running sum would be one addition instead of a few, but each would wait for the one before: eight times as long.
    """
    if count == 1:
        return line
    half = _sums(line, count // 2, step)
    shift = count // 2 * step
    sums = half[:-shift] + half[shift:]
    if count % 2:
        sums = sums[: line.size - (count - 1) * step]
        sums += line[(count - 1) * step :]
    return sums


def _parts(length: int, radius: int) -> np.ndarray:
    """One by the number of pixels in each window."""
    positions = np.arange(length)
    counts = np.minimum(positions + radius + 1, length) - np.maximum(positions - radius, 0)
    return (1 / counts).astype(np.float32)
