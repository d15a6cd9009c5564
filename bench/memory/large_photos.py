"""Measure how far alphas of large photos are from the truth, by method of enlarging the coarse alpha.

Run it from the root: `.venv/bin/python -m bench.memory.large_photos [--sizes 2,12,24] [--mattes DIR]
[--models u2netp,isnet]`. Coarse alphas are the truth's means over 320² and 1024² cells: the output of a perfect
network. With `--models` also the networks' outputs, where these found the subject (IoU at least 0.9 on photos and 0.7
on scenes, which are harder), on scenes and on photos with true alphas from a folder of `NAME/{image.*,alpha.png}`, at
their size and four times enlarged. Both figures are means over the pixels around soft ones, in hundredths: difference
of alphas, and difference of their gradients.

Back-projection (Irani and Peleg 1991) adds the enlarged difference between coarse alpha and result to the result until
both agree. The engine does not use it: docs/decisions/0044.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from bench.photos import SIZES
from bench.scenes import KINDS, make, shrink
from offcut.inference import preprocess
from offcut.inference.onnx_native import NativeSession
from offcut.matting import refine, upsample
from offcut.models.catalogue import read_catalogue
from offcut.models.chunks import read_model
from tools.paths import MODELS

SIDES = (320, 1024)
FOUND = {"scenes": 0.7, "photos": 0.9}
ENLARGED = (1, 4)


@dataclass(frozen=True)
class Case:
    """A photo, its true alpha (uint8) and a coarse one (float, 0 to 1)."""

    row: str
    photo: Image.Image
    truth: np.ndarray
    coarse: np.ndarray


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--sizes", default="2,12", help="of the scenes, in megapixels, any of 2, 12, 24, or '' for none"
    )
    parser.add_argument("--mattes", type=Path, metavar="DIR", help="a folder of NAME/{image.*,alpha.png}")
    parser.add_argument("--models", default="", help="ids in the catalogue")
    given = parser.parse_args()
    sizes = [SIZES[int(size)] for size in given.sizes.split(",") if size]
    if not sizes and not given.mattes:
        parser.error("with no sizes there must be a folder of mattes")
    rows: dict[str, list[dict[str, tuple[float, float]]]] = {}
    for case in _cases(sizes, given.mattes, [name for name in given.models.split(",") if name]):
        rows.setdefault(case.row, []).append({way: _errors(alpha, case.truth) for way, alpha in _methods(case)})
        print(".", end="", file=sys.stderr, flush=True)
    ways = next(iter(rows.values()))[0]
    print(f"\n| coarse alpha | photos | {' | '.join(ways)} |\n|---|---|{'---|' * len(ways)}")
    for row, found in rows.items():
        cells = [
            " / ".join(f"{100 * value:.2f}" for value in np.mean([case[way] for case in found], 0)) for way in ways
        ]
        print(f"| {row} | {len(found)} | {' | '.join(cells)} |")


def _methods(case: Case) -> Iterator[tuple[str, np.ndarray]]:
    plain = upsample(case.coarse, case.photo.size)
    guided = _float(refine(plain, case.photo))
    yield "bicubic", _float(plain)
    yield "guided", guided
    yield "guided, one back-projection", back_projected(guided, case.coarse, 1)
    yield "guided, three", back_projected(guided, case.coarse, 3)


def back_projected(alpha: np.ndarray, coarse: np.ndarray, iterations: int) -> np.ndarray:
    """Adjust `alpha`, 0 to 1, until its means over the cells of `coarse` equal `coarse`."""
    for _ in range(iterations):
        residual = coarse - _resized(alpha, coarse.shape, Image.Resampling.BOX)
        alpha = np.clip(alpha + _resized(residual, alpha.shape, Image.Resampling.BICUBIC), 0, 1)
    return alpha


def _cases(sizes: list[tuple[int, int]], mattes: Path | None, models: list[str]) -> Iterator[Case]:
    for size in sizes:
        megapixels = round(size[0] * size[1] / 1e6)
        for kind in KINDS:
            scene = make(kind, size)
            photo = Image.fromarray(scene.photo)
            for side in SIDES:
                group = "soft bodies" if kind in ("glass", "motion", "focus") else "fine structure"
                yield Case(
                    f"true, {side}², {group}, {megapixels} MP", photo, scene.alpha, shrink(scene.alpha, (side, side))
                )
            yield from _network_cases(models, "scenes", f"{megapixels} MP", photo, scene.alpha)
    for path in sorted(mattes.glob("*/alpha.png")) if mattes else []:
        photo = Image.open(next(path.parent.glob("image.*"))).convert("RGB")
        truth = Image.open(path).convert("L")
        for times in ENLARGED:
            size = (photo.width * times, photo.height * times)
            large = photo.resize(size, Image.Resampling.LANCZOS)
            yield from _network_cases(
                models, "photos", f"× {times}", large, np.asarray(truth.resize(size, Image.Resampling.BICUBIC))
            )


def _network_cases(models: list[str], what: str, size: str, photo: Image.Image, truth: np.ndarray) -> Iterator[Case]:
    """The outputs of the networks, where they found the subject."""
    catalogue = read_catalogue(json.loads((MODELS / "catalogue.json").read_text(encoding="utf-8")))
    for name in models:
        model = catalogue.model(name)
        session = NativeSession(model, read_model(model, MODELS))
        tensor, geometry = preprocess.prepare(photo, model)
        coarse = preprocess.read_alpha(asyncio.run(session.run(tensor)), geometry, model.output_alpha)
        found, true = coarse > 0.5, shrink(truth, coarse.shape[::-1]) > 0.5
        if (found & true).sum() >= FOUND[what] * (found | true).sum():
            yield Case(f"{id}, {what}, {size}", photo, truth, coarse)


def _errors(alpha: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    true = truth / np.float32(255)
    radius = max(1, round(max(truth.shape) * 0.0015))
    # Dilated on a half-size picture: a maximum filter's time goes with the square of its radius.
    soft = Image.fromarray(np.where((truth > 0) & (truth < 255), 255, 0).astype(np.uint8))
    near = soft.reduce(2).point([0] + [255] * 255).filter(ImageFilter.MaxFilter(2 * radius + 1)).resize(soft.size, 0)
    band = np.asarray(near)[:-1, :-1] > 0
    across, down = (np.diff(alpha, axis=axis) - np.diff(true, axis=axis) for axis in (1, 0))
    steps = np.hypot(across[:-1], down[:, :-1])
    return float(np.abs(alpha - true)[:-1, :-1][band].mean()), float(steps[band].mean())


def _resized(values: np.ndarray, shape: tuple[int, ...], kernel: Image.Resampling) -> np.ndarray:
    return np.asarray(Image.fromarray(np.asarray(values, np.float32)).resize((shape[1], shape[0]), kernel))


def _float(alpha: Image.Image) -> np.ndarray:
    return np.asarray(alpha) / np.float32(255)


if __name__ == "__main__":
    main()
