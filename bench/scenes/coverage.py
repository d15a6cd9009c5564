"""How much of each pixel drawn shapes cover."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PIL import Image, ImageDraw

SAMPLES = 8
"""Samples of a pixel along each axis, up to `FINE_PIXELS`; half of that beyond, to keep large scenes quick."""

FINE_PIXELS = 4_000_000

_BAND = 2**25
"""Samples that are drawn at once."""


def cover(size: tuple[int, int], shapes: Iterable[tuple[np.ndarray, int]]) -> np.ndarray:
    """Draw polygons one over another and count samples.

    Args:
        size: width and height in pixels.
        shapes: corners, float ``(n, 2)`` as x and y in pixels, and opacity, 0 to 255. A later one hides the earlier.

    Returns:
        Alpha, uint8 ``(height, width)``.
    """
    width, height = size
    samples = SAMPLES if width * height <= FINE_PIXELS else SAMPLES // 2
    # Whole samples, as Pillow would make them, but before the bands are cut: it rounds towards zero.
    large = [(np.rint(corners * samples), value) for corners, value in shapes]
    reach = np.array([(corners[:, 1].min(), corners[:, 1].max()) for corners, _ in large]).reshape(-1, 2)
    rows = max(1, _BAND // (width * samples * samples))
    alpha = np.empty((height, width), np.uint8)
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        band = Image.new("L", (width * samples, (bottom - top) * samples))
        pen = ImageDraw.Draw(band)
        seen = np.flatnonzero((reach[:, 1] >= top * samples - 1) & (reach[:, 0] <= bottom * samples + 1))
        for index in seen:
            corners, value = large[index]
            pen.polygon((corners - (0, top * samples)).ravel().tolist(), fill=value)
        alpha[top:bottom] = np.asarray(band.reduce(samples))
    return alpha


def stroke(points: np.ndarray, widths: np.ndarray | float) -> np.ndarray:
    """The polygons around lines of changing width.

    Args:
        points: float ``(..., n, 2)``, at least 2 points a line.
        widths: in pixels at each point, ``(..., n)``, or one for all.

    Returns:
        float ``(..., 2 * n, 2)``.
    """
    along = np.gradient(points, axis=-2)
    along /= np.maximum(np.hypot(along[..., 0], along[..., 1]), 1e-9)[..., None]
    half = np.broadcast_to(widths, points.shape[:-1])[..., None] / 2
    aside = np.stack([-along[..., 1], along[..., 0]], -1) * half
    return np.concatenate([points + aside, (points - aside)[..., ::-1, :]], -2)
