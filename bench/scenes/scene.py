"""A synthetic photo with known alpha and colours: one photo over another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from bench.scenes import photograph
from bench.scenes.blurred import focus, motion, sharp
from bench.scenes.glass import glass
from bench.scenes.lace import lace
from bench.scenes.strands import fur, hair
from bench.scenes.wires import wires

TRUTHS = {photograph.TRUTH, "foreground.png"}
"""Names of files that belong to a photo and are none."""

DATA = Path(__file__).parents[2] / "tests" / "data"

Maker = Callable[[np.ndarray, np.random.Generator], tuple[np.ndarray, np.ndarray]]
"""From colours, uint8 ``(h, w, 3)``, to an alpha, uint8 ``(h, w)``, and the colours of what it covers."""

KINDS: dict[str, Maker] = {
    "hair": hair,
    "fur": fur,
    "wires": wires,
    "lace": lace,
    "glass": glass,
    "motion": motion,
    "focus": focus,
    "sharp": sharp,
}

DEPTH = 0.004
"""Largest blur of the background: standard deviation as a fraction of the longer side."""

ROOM = 60_000
"""Fewest pixels of a background without a subject, before it is enlarged."""

NOISE = 2.0
"""Standard deviation of a camera's noise, of 255, in subject and background alike."""


@dataclass(frozen=True)
class Scene:
    """A photo and its parts. All arrays are uint8, colours ``(h, w, 3)``, alpha ``(h, w)``."""

    name: str
    photo: np.ndarray
    alpha: np.ndarray
    front: np.ndarray
    """The subject's colours, everywhere."""
    back: np.ndarray


def make(kind: str, size: tuple[int, int], seed: int = 0, *, photos: Path = DATA, noise: float = NOISE) -> Scene:
    """Make a scene; the same arguments and photos result in the same scene.

    Args:
        kind: key of `KINDS`.
        size: width and height in pixels, up to 24 million together in some seconds.
        seed: which of all scenes of that kind.
        photos: a folder with at least two photos at any depth, for subject and background; see `photos_in`. Where
            their own subjects are known, backgrounds are parts without one.
        noise: standard deviation of the camera's noise, of 255.
    """
    # One random generator for each part, so that a change of one part does not change the others.
    random, first, second, shapes = np.random.default_rng([seed, *kind.encode()]).spawn(4)
    paths = photos_in(photos)
    front, back = (paths[index] for index in random.choice(len(paths), 2, replace=False))
    if empties := roomy(paths):
        back = empties[int(random.integers(len(empties)))]
    alpha, colours = KINDS[kind](photograph.enlarge(front, size, first), shapes)
    colours = photograph.noisy(colours, noise, first)
    sharp = Image.fromarray(photograph.enlarge(back, size, second, photograph.empty(back)))
    behind = np.asarray(sharp.filter(ImageFilter.GaussianBlur(random.uniform(0, DEPTH) * max(size))))
    behind = photograph.noisy(behind, noise, second)
    return Scene(f"{kind}-{seed}", mix(colours, behind, alpha), alpha, colours, behind)


def photos_in(folder: Path) -> list[Path]:
    """Return all photos of a folder and the folders in it, by path, without the true alphas in their folders."""
    return sorted(
        path for path in folder.rglob("*") if path.suffix in {".jpg", ".jpeg", ".png"} and path.name not in TRUTHS
    )


def roomy(paths: list[Path]) -> list[Path]:
    """Return the photos whose part without a subject is large, those with at least `ROOM` pixels."""
    parts = {path: photograph.empty(path) for path in paths}
    return [path for path, part in parts.items() if part and photograph.area(part) >= ROOM]


def mix(front: np.ndarray, back: np.ndarray | int, alpha: np.ndarray) -> np.ndarray:
    """αF + (1 − α)B, rounded: uint8 ``(h, w, 3)``."""
    weight = alpha[..., None].astype(np.uint16)
    # At most 255 · 255 + 127, which 16 bits hold.
    total = front * weight
    total += back * (np.uint16(255) - weight)
    total += 127
    return (total // 255).astype(np.uint8)


def shrink(alpha: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Return the output of a perfect network: means over the area of its pixels, float32 0 to 1."""
    small = Image.fromarray(alpha).convert("F").resize(size, Image.Resampling.BOX)
    return np.clip(np.asarray(small) / np.float32(255), 0, 1)
