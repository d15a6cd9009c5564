"""Small pictures with known truth, for the tests of the quality tools."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image


def disc(side: int = 64) -> np.ndarray:
    """A round subject, float64, 0 or 1."""
    down, across = np.mgrid[:side, :side] - (side - 1) / 2
    return (np.hypot(down, across) < side / 4).astype(np.float64)


def blurred(alpha: np.ndarray, times: int) -> np.ndarray:
    """Averages each pixel with its neighbours so many times."""
    for _ in range(times):
        for axis in (0, 1):
            alpha = (np.roll(alpha, 1, axis) + alpha + np.roll(alpha, -1, axis)) / 3
    return np.clip(alpha, 0, 1)


def save_photo(folder: Path, *, size: tuple[int, int] = (40, 30), image: str = "image.png") -> Path:
    """Write a photo folder whose subject is the left half. Return the image's path."""
    folder.mkdir(parents=True)
    width, height = size
    alpha = np.zeros((height, width), np.uint8)
    alpha[:, : width // 2] = 255
    colours = np.stack([alpha, 255 - alpha, np.full_like(alpha, 60)], axis=-1)
    Image.fromarray(colours).save(folder / image)
    Image.fromarray(alpha).save(folder / "alpha.png")
    return folder / image
