"""The alphas of an evaluation, stored as grey pictures."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
from PIL import Image

from bench.quality.photos import Photo
from tools.files import write_file


class Alphas:
    """One PNG for each photo and candidate, in the folder `alphas` of the output."""

    def __init__(self, out: Path) -> None:
        self._folder = out / "alphas"

    def path(self, photo: Photo, candidate: str) -> Path:
        """Return the path of an alpha."""
        return self._folder / photo.set / photo.name / (re.sub(r"[^\w.=-]+", "-", candidate).strip("-") + ".png")

    def save(self, photo: Photo, candidate: str, alpha: np.ndarray) -> None:
        """Write an alpha, float `(height, width)`, 0 to 1, rounded to 255 levels."""
        buffer = io.BytesIO()
        Image.fromarray((alpha * 255 + 0.5).astype(np.uint8)).save(buffer, "PNG", compress_level=1)
        write_file(self.path(photo, candidate), buffer.getvalue())

    def open(self, photo: Photo, candidate: str) -> Image.Image:
        """Read an alpha, mode L."""
        with Image.open(self.path(photo, candidate)) as opened:
            return opened.convert("L")
