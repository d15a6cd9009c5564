"""The alphas of an evaluation, kept as grey pictures to look at."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
from PIL import Image

from bench.quality.photos import Photo
from tools.files import write_file


class Alphas:
    """One PNG for each photo and contestant, in the folder `alphas` of the output."""

    def __init__(self, out: Path) -> None:
        self._folder = out / "alphas"

    def path(self, photo: Photo, contestant: str) -> Path:
        """Where one lies, or would."""
        return self._folder / photo.set / photo.name / (re.sub(r"[^\w.=-]+", "-", contestant).strip("-") + ".png")

    def keep(self, photo: Photo, contestant: str, alpha: np.ndarray) -> None:
        """Writes an alpha, float `(height, width)`, 0 to 1, rounded to 255 levels."""
        buffer = io.BytesIO()
        Image.fromarray((alpha * 255 + 0.5).astype(np.uint8)).save(buffer, "PNG", compress_level=1)
        write_file(self.path(photo, contestant), buffer.getvalue())

    def open(self, photo: Photo, contestant: str) -> Image.Image:
        """Reads one, mode L."""
        with Image.open(self.path(photo, contestant)) as opened:
            return opened.convert("L")
