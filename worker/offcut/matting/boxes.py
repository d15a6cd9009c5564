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
    return _across(_down(np.asarray(values, np.float32), radius), radius)


def _down(values: np.ndarray, radius: int) -> np.ndarray:
    """The mean along columns. Sums of 1, 2, 4, … rows make up the window's: whole rows are added, which is what
    WebAssembly is fast at, while a running sum down the columns takes eight times as long as one along the rows."""
    height, width = values.shape
    window = 2 * radius + 1
    rows = np.zeros((height + 2 * radius, width), np.float32)
    rows[radius : radius + height] = values
    sums = np.zeros((height, width), np.float32)
    taken, span = 0, 1  # rows that `sums` has by now, and rows in each of `rows`
    while taken < window:
        if window & span:
            sums += rows[taken : taken + height]
            taken += span
        if taken < window:
            rows = rows[:-span] + rows[span:]
            span *= 2
    sums *= _parts(height, radius)[:, None]
    return sums


def _across(values: np.ndarray, radius: int) -> np.ndarray:
    """The mean along rows, from running sums."""
    height, width = values.shape
    # With the first and the last repeated outwards a window's sum is one difference everywhere.
    summed = np.zeros((height, width + 2 * radius + 1), np.float32)
    inner = slice(radius + 1, radius + 1 + width)
    np.cumsum(values, axis=1, out=summed[:, inner])
    summed[:, inner.stop :] = summed[:, radius + width, None]
    sums = summed[:, 2 * radius + 1 :] - summed[:, :width]
    sums *= _parts(width, radius)
    return sums


def _parts(length: int, radius: int) -> np.ndarray:
    """One by the number of pixels in each window."""
    positions = np.arange(length)
    counts = np.minimum(positions + radius + 1, length) - np.maximum(positions - radius, 0)
    return (1 / counts).astype(np.float32)
