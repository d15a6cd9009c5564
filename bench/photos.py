"""The photo that benchmarks use, as JPEG files of several sizes."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tools.paths import ROOT

SIZES = {2: (1732, 1155), 12: (4243, 2828), 24: (6000, 4000), 64: (9798, 6532)}
"""Width and height by megapixels."""


def write_photos(folder: Path, sizes: list[int]) -> dict[str, Path]:
    """Write the photo at these sizes (keys of `SIZES`) into a folder. Return the paths by name, such as ``"12 MP"``."""
    paths = {}
    with Image.open(ROOT / "tests" / "data" / "coffee.png") as photo:
        for size in sizes:
            path = paths[f"{size} MP"] = folder / f"{size}MP.jpg"
            photo.convert("RGB").resize(SIZES[size], Image.Resampling.LANCZOS).save(path, quality=92)
    return paths
