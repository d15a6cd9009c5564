"""Scenes as a folder of photos with their truth, which `tools quality` measures like any other set."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image

from bench.scenes.scene import DATA, KINDS, Scene, make

SHAPE = (3, 2)
"""Width to height, as cameras have it."""

QUALITY = 95
"""Of the JPEG file that the candidates receive."""


def write(
    out: Path,
    megapixels: Sequence[float],
    *,
    photos: Path = DATA,
    kinds: Sequence[str] = tuple(KINDS),
    seeds: Sequence[int] = (0,),
) -> Iterator[Path]:
    """Write scenes as `matte/scenes-SIZEmp/KIND-SEED/{image.jpg,alpha.png,foreground.png}`, one at each step.

    The same arguments and photos result in the same files: alpha and colours come from formulas and from the photos.

    Args:
        out: the folder; scenes of the same name in it are replaced.
        megapixels: sizes in millions of pixels.
        photos: a folder with at least two photos, for subjects and backgrounds.
        kinds: keys of `KINDS`.
        seeds: which scenes of each kind.

    Yields:
        The folder of the scene that was written.
    """
    for size in megapixels:
        for kind in kinds:
            for seed in seeds:
                scene = make(kind, dimensions(size), seed, photos=photos)
                yield _save(scene, out / "matte" / f"scenes-{size:g}mp")


def dimensions(megapixels: float) -> tuple[int, int]:
    """Return width and height in pixels, in the proportion `SHAPE`."""
    across, down = SHAPE
    unit = math.sqrt(megapixels * 1e6 / (across * down))
    return round(across * unit), round(down * unit)


def _save(scene: Scene, group: Path) -> Path:
    folder = group / scene.name
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(scene.photo).save(folder / "image.jpg", quality=QUALITY, subsampling=0)
    for name, values in (("alpha", scene.alpha), ("foreground", scene.front)):
        Image.fromarray(values).save(folder / f"{name}.png", compress_level=1)
    return folder
