"""Measure error and time of the methods of foreground estimation.

Run it from the root: `.venv/bin/python -m bench.foreground [--mattes DIR]`. Scenes come from `bench.scenes`, so that F,
B and alpha are known; `--mattes` adds photos' true alphas from a folder of `NAME/alpha.png`, with the scenes' colours.
The error is that of composites over new backgrounds, as a mean of absolute differences of 255: with the true alpha it
is α|F − truth| on any background. It is counted over soft pixels alone, and, in brackets, over the boundary band of
`tools quality` (2 % of the diagonal on each side of the outline) with the soft pixels outside of it. For "wrong alpha"
the alpha is blurred and stretched; most of the error is then the alpha's.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from bench.foreground.methods import METHODS, estimate
from bench.quality.metrics import boundary_band
from bench.scenes import KINDS, Scene, make, mix

BACKGROUNDS = ((0, 0, 0), (255, 255, 255), (40, 160, 60), (230, 40, 40))
SIZE = (1500, 1000)
LARGE = (4243, 2828)
SEEDS = (0, 1, 2)


@dataclass(frozen=True)
class Case:
    """A scene and the alpha that the methods receive."""

    row: str
    scene: Scene
    given: np.ndarray


@dataclass(frozen=True)
class Errors:
    """Of one method on one scene."""

    soft: float
    band: float
    seconds: float = 0.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mattes", type=Path, metavar="DIR", help="a folder of NAME/alpha.png")
    mattes = parser.parse_args().mattes
    methods = ["photo", *METHODS]
    print(f"{date.today()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.2f} before\n")
    print(f"| scenes | soft | {' | '.join(methods)} |\n|---|---|{'---|' * len(methods)}")
    rows: dict[str, list[dict[str, Errors]]] = {}
    shares: dict[str, list[float]] = {}
    for case in _cases(mattes):
        rows.setdefault(case.row, []).append({method: _measured(case, method) for method in methods})
        shares.setdefault(case.row, []).append(float(np.mean(_soft(case.given))))
    for row, found in rows.items():
        _print(row, f"{np.mean(shares[row]):.1%}", found)
    usual = [row for row in rows if row in KINDS or row == "mattes"]
    _print("mean of all with the true alpha", "", [case for row in usual for case in rows[row]])
    _print("without glass", "", [case for row in usual if row != "glass" for case in rows[row]])


def _print(row: str, share: str, found: list[dict[str, Errors]]) -> None:
    cells = []
    for method in found[0]:
        errors = [case[method] for case in found]
        seconds = statistics.median(error.seconds for error in errors)
        cells.append(
            f"{np.mean([error.soft for error in errors]):.2f} "
            f"({np.mean([error.band for error in errors]):.2f})" + (f", {seconds:.2f} s" if seconds else "")
        )
    print(f"| {row} | {share} | {' | '.join(cells)} |", flush=True)


def _cases(mattes: Path | None) -> Iterator[Case]:
    for kind in KINDS:
        for seed in SEEDS:
            scene = make(kind, SIZE, seed)
            yield Case(kind, scene, scene.alpha)
            if kind in ("hair", "sharp"):
                yield Case(f"{kind}, wrong alpha", scene, _wrong(scene.alpha))
    for path in sorted(mattes.glob("*/alpha.png")) if mattes else []:
        with Image.open(path) as opened:
            alpha = np.asarray(opened.convert("L"))
        colours = make("sharp", alpha.shape[::-1], len(path.parent.name))
        scene = replace(colours, alpha=alpha, photo=mix(colours.front, colours.back, alpha))
        yield Case("mattes", scene, alpha)
    for kind in ("hair", "focus"):
        scene = make(kind, LARGE)
        yield Case(f"{kind}, 12 MP", scene, scene.alpha)


def _wrong(alpha: np.ndarray) -> np.ndarray:
    wide = np.asarray(Image.fromarray(alpha).filter(ImageFilter.GaussianBlur(3)), np.float32)
    return np.clip((wide - 25) * 1.25 + 0.5, 0, 255).astype(np.uint8)


def _soft(alpha: np.ndarray) -> np.ndarray:
    return (alpha > 0) & (alpha < 255)


def _measured(case: Case, method: str) -> Errors:
    start = time.perf_counter()
    colours = case.scene.photo if method == "photo" else estimate(case.scene.photo, case.given, METHODS[method])
    seconds = time.perf_counter() - start if method != "photo" else 0.0
    scene = case.scene
    soft = _soft(scene.alpha) | _soft(case.given)
    band = soft | boundary_band(scene.alpha / np.float32(255))
    # Outside of soft pixels the composites are the same: opaque pixels keep their colours.
    true, given = (alpha[soft][:, None] / np.float32(255) for alpha in (scene.alpha, case.given))
    difference = colours[soft] * given - scene.front[soft] * true
    error = np.mean([np.abs(difference + np.array(new, np.float32) * (true - given)).mean() for new in BACKGROUNDS])
    return Errors(float(error), float(error * soft.sum() / band.sum()), seconds)


if __name__ == "__main__":
    main()
