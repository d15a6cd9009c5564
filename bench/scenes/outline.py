"""The body that hair and lace belong to: a closed curve around the middle of the picture."""

from __future__ import annotations

import numpy as np


def body(size: tuple[int, int], random: np.random.Generator, part: float = 0.3, corners: int = 720) -> np.ndarray:
    """A round shape with bulges.

    Args:
        size: width and height of the picture.
        random: where the bulges come from.
        part: its mean radius, of the shorter side.
        corners: how many points.

    Returns:
        float ``(corners, 2)``, x and y in pixels, in the order of growing angle from the right.
    """
    width, height = size
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    radius = np.ones(corners)
    for order in range(2, 7):
        radius += random.normal(0, 0.16 / order) * np.cos(order * angle + random.uniform(0, 2 * np.pi))
    radius *= part * min(size)
    centre = np.array([width, height]) * random.uniform(0.45, 0.55, 2)
    return centre + radius[:, None] * np.stack([1.15 * np.cos(angle), np.sin(angle)], 1)


def outward(curve: np.ndarray) -> np.ndarray:
    """Unit vectors that point away from a closed curve's inside, ``(n, 2)``. The curve runs as `body`'s."""
    along = np.roll(curve, -1, 0) - np.roll(curve, 1, 0)
    away = np.stack([along[:, 1], -along[:, 0]], 1)
    return away / np.maximum(np.hypot(away[:, 0], away[:, 1]), 1e-9)[:, None]
