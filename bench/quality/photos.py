"""Photos whose alpha is known, on disk as `[KIND/SET/]NAME/{image.*,alpha.png}`."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image, ImageOps

from tools.errors import ToolError

Kind = Literal["matte", "mask"]
"""`matte`: true alpha, with its soft edges; `mask`: inside or outside, often roughly drawn."""

KINDS: tuple[Kind, ...] = ("matte", "mask")
TRUTH = "alpha.png"
FOREGROUND = "foreground.png"


@dataclass(frozen=True)
class Photo:
    """One photo and its truth."""

    kind: Kind
    set: str
    """The kind and the name of the folder that holds its set, such as `matte/alphamatting`."""

    name: str
    image: Path

    @property
    def key(self) -> str:
        """Unique id."""
        return f"{self.set}/{self.name}"

    def colours(self) -> np.ndarray:
        """The photo upright, uint8 `(height, width, 3)`."""
        with Image.open(self.image) as opened:
            return np.asarray(ImageOps.exif_transpose(opened).convert("RGB"))

    def truth(self) -> np.ndarray:
        """The true alpha, float32 `(height, width)`, 0 to 1."""
        with Image.open(self.image.with_name(TRUTH)) as opened:
            if opened.mode.startswith("I"):
                return np.asarray(opened, np.float32) / np.float32(65535)
            return np.asarray(opened.convert("L"), np.float32) / np.float32(255)

    @property
    def foreground(self) -> Path:
        """Path of the subject's true colours; the file exists only where they are known."""
        return self.image.with_name(FOREGROUND)

    def subject(self) -> np.ndarray:
        """The subject's colours, uint8 `(height, width, 3)`.

        Where the true ones are not known it is the photo, whose soft edges carry some of its background.
        """
        if not self.foreground.is_file():
            return self.colours()
        with Image.open(self.foreground) as opened:
            return np.asarray(opened.convert("RGB"))


def find(folder: Path, limit: int | None = None) -> list[Photo]:
    """All photos below `folder`, by set and name; of each set the first `limit`."""
    folder = folder.resolve()
    if not folder.is_dir():
        raise ToolError(f"{folder} is not a folder of photos.")
    found = sorted((_photo(path.parent) for path in folder.rglob(TRUTH)), key=lambda photo: (photo.set, photo.name))
    if not found:
        raise ToolError(f"{folder} has no photos: each is a folder with image.* and {TRUTH}.")
    photos = []
    for _, group in groupby(found, key=lambda photo: photo.set):
        photos += list(group)[:limit]
    return photos


def _photo(folder: Path) -> Photo:
    images = sorted(path for path in folder.glob("image.*") if path.is_file())
    if len(images) != 1:
        raise ToolError(f"{folder} should have one image.* with its {TRUTH}, but has {len(images)}.")
    above = [place.name for place in folder.parents]
    # Without such a folder the alpha counts as true.
    kind: Kind = next((kind for name in above for kind in KINDS if name == kind), "matte")
    return Photo(kind, kind if above[0] == kind else f"{kind}/{above[0]}", folder.name, images[0])
