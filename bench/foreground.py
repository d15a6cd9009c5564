"""What the ways to find the subject's own colours leave of the old background, and how long they take.

Run it from the root: `.venv/bin/python -m bench.foreground`. Scenes are made here, so that F, B and alpha are known:
one photo before another, under a drawn alpha, with a camera's noise, in 8 bits. The error is that of composites over
new backgrounds, where either alpha is neither 0 nor 255, as a mean of absolute differences of 255. With the true alpha
it is α|F − truth| on any background. "Wrong alpha" gives the alpha blurred and stretched; most of the error is then its
own.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tools.paths import ROOT

sys.path.insert(0, str(ROOT / "worker"))

from offcut.foreground import METHODS, estimate  # noqa: E402

BACKGROUNDS = ((0, 0, 0), (255, 255, 255), (40, 160, 60), (230, 40, 40))
SIZE = (1400, 1000)
LARGE = (4000, 3000)
RUNS = 3
NOISE = 3.0
"""Standard deviation of a photo's noise, of 255."""


@dataclass(frozen=True)
class Scene:
    """A photo of which everything is known."""

    name: str
    front: np.ndarray
    alpha: np.ndarray
    photo: np.ndarray
    given: np.ndarray
    """The alpha that the ways are given."""


def main() -> None:
    """Measure and print."""
    print(f"{date.today()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.2f} before, {RUNS} runs\n")
    print(f"| scene | soft | naive | {' | '.join(METHODS)} |\n|---|---|---|{'---|' * len(METHODS)}")
    for scene in _scenes():
        soft = np.mean((scene.given > 0) & (scene.given < 255))
        cells = [f"{_error(scene, scene.photo):.2f}"]
        for method in METHODS:
            seconds = []
            for _ in range(RUNS):
                start = time.perf_counter()
                colours = estimate(scene.photo, scene.given, method)
                seconds.append(time.perf_counter() - start)
            cells.append(f"{_error(scene, colours):.2f} in {statistics.median(seconds):.2f} s")
        height, width = scene.alpha.shape
        print(f"| {scene.name}, {width * height / 1e6:.1f} MP | {soft:.0%} | {' | '.join(cells)} |", flush=True)


def _scenes() -> Iterator[Scene]:
    hair, fur = _hair(SIZE, 2500, 2), _hair(SIZE, 1200, 5)
    edge, soft, blurred = (_outline(SIZE, radius) for radius in (2, 8, 25))
    yield _scene("thin hair", "astronaut", "coffee", hair)
    yield _scene("thick hair", "cat", "astronaut", fur)
    yield _scene("sharp edge", "astronaut", "cat", edge)
    yield _scene("soft edge", "cat", "astronaut", soft)
    yield _scene("out of focus", "coffee", "cat", blurred)
    yield _scene("thin hair, wrong alpha", "astronaut", "coffee", hair, wrong=2)
    yield _scene("thick hair, wrong alpha", "cat", "astronaut", fur, wrong=4)
    yield _scene("sharp edge, wrong alpha", "astronaut", "cat", edge, wrong=4)
    yield _scene("hair", "cat", "coffee", _hair(LARGE, 500, 8))
    yield _scene("all soft", "cat", "coffee", np.clip(_outline(LARGE, 200), 1, 254))


def _scene(name: str, front: str, back: str, alpha: np.ndarray, wrong: float = 0) -> Scene:
    size = alpha.shape[::-1]
    subject = _photo(front, size, 1)
    share = alpha[..., None] / np.float32(255)
    photo = np.rint(subject * share + _photo(back, size, 2) * (1 - share)).astype(np.uint8)
    given = alpha
    if wrong:
        wide = np.asarray(Image.fromarray(alpha).filter(ImageFilter.GaussianBlur(wrong)), np.float32)
        given = np.clip((wide - 25) * 1.25 + 0.5, 0, 255).astype(np.uint8)
    return Scene(name, subject, alpha, photo, given)


def _photo(name: str, size: tuple[int, int], seed: int) -> np.ndarray:
    image = Image.open(ROOT / "tests" / "data" / f"{name}.png").convert("RGB")
    noise = np.random.default_rng(seed).standard_normal((size[1], size[0], 1), np.float32) * np.float32(NOISE)
    return np.clip(np.asarray(image.resize(size, Image.Resampling.BICUBIC), np.float32) + noise, 0, 255)


def _hair(size: tuple[int, int], hairs: int, width: int) -> np.ndarray:
    """A disc with bent hairs of up to that many half pixels across, and of any strength."""
    random = np.random.default_rng(hairs)
    across, down = 2 * size[0], 2 * size[1]
    radius = min(across, down) / 4
    large = Image.new("L", (across, down))
    pen = ImageDraw.Draw(large)
    pen.ellipse((across / 2 - 1.3 * radius, down / 2 - radius, across / 2 + 1.3 * radius, down / 2 + radius), fill=255)
    for _ in range(hairs):
        angle, length, bend = random.uniform(0, 2 * np.pi), radius * random.uniform(0.15, 0.6), random.normal(0, 0.3)
        along = np.linspace(0, 1, 12)
        far, turn = 0.95 * radius + length * along, angle + bend * along**2
        points = np.stack([across / 2 + 1.3 * far * np.cos(turn), down / 2 + far * np.sin(turn)], 1)
        pen.line([tuple(point) for point in points], int(random.uniform(120, 255)), int(random.integers(1, width + 1)))
    return np.asarray(large.resize(size, Image.Resampling.BOX))


def _outline(size: tuple[int, int], radius: float) -> np.ndarray:
    """A disc and a pointed shape with blurred edges."""
    width, height = size
    picture = Image.new("L", size)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((width * 0.1, height * 0.1, width * 0.6, height * 0.8), fill=255)
    pen.polygon([(width * 0.5, height * 0.9), (width * 0.9, height * 0.2), (width * 0.95, height * 0.95)], fill=255)
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(radius)))


def _error(scene: Scene, colours: np.ndarray) -> float:
    counted = ((scene.alpha > 0) & (scene.alpha < 255)) | ((scene.given > 0) & (scene.given < 255))
    true, given = (alpha[counted][:, None] / np.float32(255) for alpha in (scene.alpha, scene.given))
    difference = colours[counted] * given - scene.front[counted] * true
    return float(np.mean([np.abs(difference + np.float32(new) * (true - given)).mean() for new in BACKGROUNDS]))


if __name__ == "__main__":
    main()
