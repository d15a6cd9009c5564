"""Box filter: means over square windows, in time that hardly depends on the window's size."""

import numpy as np

from offcut.arrays import Floats
from offcut.geometry import Box


def box_mean(values: Floats, radius: int) -> Floats:
    """Average ``(2 * radius + 1)²`` pixels around each pixel, fewer at the borders.

    Args:
        values: float32 ``(h, w)``.
        radius: in pixels, at least 0.

    Returns:
        float32 ``(h, w)``.
    """
    height, width = values.shape
    row = width + 2 * radius
    lines = np.zeros((height + 2 * radius + 1, row), np.float32)
    lines[radius : radius + height, radius : radius + width] = values
    sums = window_sums(lines.reshape(-1), row, radius)[: height * row].reshape(height, row)[:, :width]
    mean: Floats = sums * window_weights(Box(0, height, 0, width), radius, (height, width))
    return mean


def window_sums(line: Floats, row: int, radius: int) -> Floats:
    """Sum over square windows of rows that are stored as one line: long lines are what WebAssembly is fast at.

    Args:
        line: float32 ``(n,)``, with zeros around the picture as far as windows reach beyond it.
        row: length of a row, zeros included.
        radius: half the window's side in pixels, at least 0.

    Returns:
        float32, ``2 * radius`` rows and ``2 * radius`` values shorter. The first sum is that of the window that starts
        at the line's first pixel. The last ``2 * radius`` sums of a row run into the next row and are meaningless.
    """
    window = 2 * radius + 1
    return _sums(_sums(line, window, 1), window, row)


def window_weights(box: Box, radius: int, shape: tuple[int, ...]) -> Floats:
    """Return 1 / the number of picture pixels in the window around each pixel of a box; 0 for pixels beyond the
    picture.

    Args:
        box: in pixels of the picture; may reach beyond it.
        radius: half the window's side in pixels.
        shape: height and width of the picture.

    Returns:
        float32 ``(h, w)`` of the box.
    """
    rows, columns = _weights(box.top, box.bottom, radius, shape[0]), _weights(box.left, box.right, radius, shape[1])
    weights: Floats = rows[:, None] * columns
    return weights


def _sums(line: Floats, count: int, step: int) -> Floats:
    """Sum `count` values that are `step` apart, from each position, by doubling: float32 ``(n,)``.

    A running sum would need one addition instead of a few, but each would wait for the one before: eight times as long.
    """
    if count == 1:
        return line
    half = _sums(line, count // 2, step)
    shift = count // 2 * step
    sums: Floats = half[:-shift] + half[shift:]
    if count % 2:
        sums = sums[: line.size - (count - 1) * step]
        sums += line[(count - 1) * step :]
    return sums


def _weights(first: int, last: int, radius: int, length: int) -> Floats:
    """`window_weights` along one axis, float32 ``(last - first,)``."""
    positions = np.arange(first, last)
    counts = np.minimum(positions + radius + 1, length) - np.maximum(positions - radius, 0)
    within = (positions >= 0) & (positions < length)
    weights: Floats = (within / np.maximum(counts, 1)).astype(np.float32)
    return weights
