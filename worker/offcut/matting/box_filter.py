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
    row = width + 2 * radius
    lines = np.zeros((height + 2 * radius + 1, row), np.float32)
    lines[radius : radius + height, radius : radius + width] = values
    sums = window_sums(lines.reshape(-1), row, radius)[: height * row].reshape(height, row)[:, :width]
    return sums * parts(0, height, 0, width, radius, values.shape)


def window_sums(line: np.ndarray, row: int, radius: int) -> np.ndarray:
    """Sums over square windows of rows that follow each other as one line, which is what WebAssembly is fast at.

    Args:
        line: float32 ``(n,)``, with as many zeros around a picture as windows reach beyond it.
        row: length of a row, zeros included.
        radius: half the window's side in pixels, at least 0.

    Returns:
        float32, ``2 * radius`` rows and as many values shorter: the first is that of the window whose first pixel is the
        line's first. In the last ``2 * radius`` places of a row a window runs on into the next, and means nothing.
    """
    window = 2 * radius + 1
    return _sums(_sums(line, window, 1), window, row)


def parts(top: int, bottom: int, left: int, right: int, radius: int, shape: tuple[int, int]) -> np.ndarray:
    """One by the number of a picture's pixels in the window around each pixel of a box; 0 for those beyond the picture.

    Args:
        top, bottom, left, right: the box's first row, the one beyond its last, and so its columns.
        radius: half the window's side in pixels.
        shape: height and width of the picture.

    Returns:
        float32 ``(bottom - top, right - left)``.
    """
    return _parts(top, bottom, radius, shape[0])[:, None] * _parts(left, right, radius, shape[1])


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


def _parts(first: int, last: int, radius: int, length: int) -> np.ndarray:
    positions = np.arange(first, last)
    counts = np.minimum(positions + radius + 1, length) - np.maximum(positions - radius, 0)
    within = (positions >= 0) & (positions < length)
    return (within / np.maximum(counts, 1)).astype(np.float32)
