"""Measure each operation of the editor on a photo of 12 MP, in multiples of a copy of its alpha.

Run it from the root: `.venv/bin/python -m bench.speed.editing`. Milliseconds are CPU time on CPython; a browser is
slower. The ratio to a plain copy of the alpha (12 MB read and written) hardly depends on the machine.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from datetime import date
from functools import partial

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from offcut.editing import render
from offcut.editing.document import Document
from offcut.editing.operations import read_operation
from offcut.editing.settings import Settings
from offcut.foreground.cache import ForegroundCache
from offcut.pipeline import Provenance
from tools.paths import ROOT

WIDTH, HEIGHT = 4000, 3000
RUNS = 3
STROKES = 50


def main() -> None:
    """Measure and print."""
    document = _document()
    copy = _milliseconds(document.alpha.copy, 20)
    print(f"{date.today()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.2f} before, median of {RUNS} runs")
    print(f"a copy of the alpha takes {copy:.1f} ms\n\n| | ms | copies |\n|---|---|---|")

    def print_row(name: str, milliseconds: float) -> None:
        print(f"| {name} | {milliseconds:.0f} | {milliseconds / copy:.0f} |", flush=True)

    for name, operation in _operations().items():

        def apply(operation: dict = operation) -> None:
            _apply(document, operation)

        print_row(name, _milliseconds(apply, RUNS, lambda: _undo(document)))
        apply()
        print_row(f"{name}: undo", _milliseconds(lambda: document.goto(0), RUNS, lambda: document.goto(1)))
        document.goto(0)
    for name, given in _settings().items():

        def set_and_render(given: dict = given) -> np.ndarray:
            document.set(Settings.read(given))
            return document.finished

        print_row(name, _milliseconds(set_and_render, RUNS, lambda: document.set(Settings())))
    document.set(Settings())
    for name, given in _compositions().items():
        document.set(Settings.read(given))
        colours = ForegroundCache(document.rgb)
        print_row(f"picture: {name}", _milliseconds(partial(render.compose, document, colours), RUNS))
        cache = render.PictureCache()
        render.compose(document, colours, 1200, cache)
        print_row(
            f"preview of 1200, next: {name}",
            _milliseconds(partial(render.compose, document, colours, 1200, cache), RUNS),
        )
    document.set(Settings())
    _paint(document)
    print(
        f"\n{STROKES} strokes of history: {document.history.size / 1e6:.2f} MB, "
        f"{document.history.size / document.alpha.nbytes:.2f} copies of the alpha"
    )


def _document() -> Document:
    photo = (
        Image.open(ROOT / "tests" / "data" / "coffee.png")
        .convert("RGB")
        .resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    )
    noise = np.random.default_rng(0).integers(-8, 9, (HEIGHT, WIDTH, 1))
    rgb = np.clip(np.asarray(photo) + noise, 0, 255).astype(np.uint8)
    alpha = Image.new("L", (WIDTH, HEIGHT))
    pen = ImageDraw.Draw(alpha)
    pen.ellipse((800, 300, 3200, 2800), fill=255)
    for place in range(40):
        pen.ellipse((90 * place, 40, 90 * place + 30, 70), fill=200)
    soft = np.array(alpha.filter(ImageFilter.GaussianBlur(6)))
    return Document(rgb, None, soft, Provenance("none", "none", "none", 1))


def _operations() -> dict[str, dict]:
    line = [1500, 400, 1, 2500, 500, 1, 3100, 1200, 1]
    curve = _curve(np.random.default_rng(1), 120)
    return {
        "hard stroke of 3 points, 100 px": {"kind": "stroke", "mode": "erase", "size": 100, "points": line},
        "soft stroke of 120 points, 100 px": {
            "kind": "stroke",
            "mode": "restore",
            "size": 100,
            "softness": 0.6,
            "points": curve(1.0),
        },
        "soft stroke of 120 points, 400 px": {
            "kind": "stroke",
            "mode": "erase",
            "size": 400,
            "softness": 0.6,
            "points": curve(1.0),
        },
        "soft stroke with pressure, 400 px": {
            "kind": "stroke",
            "mode": "erase",
            "size": 400,
            "softness": 0.6,
            "points": curve(0.4),
        },
        "smart brush of 120 points, 100 px": {"kind": "smart", "size": 100, "points": curve(1.0)},
        "region by click": {"kind": "region", "mode": "remove", "x": 2000, "y": 1500, "tolerance": 0.2},
        "region by click, every colour": {"kind": "region", "mode": "remove", "x": 2000, "y": 1500, "tolerance": 1},
        "specks": {"kind": "specks", "pixels": 5000},
    }


def _curve(random: np.random.Generator, count: int) -> Callable[[float], list[float]]:
    turns = np.cumsum(random.normal(0, 0.15, count))
    places = np.cumsum(np.stack([np.cos(turns), np.sin(turns)], 1) * 14, 0) + np.array((1200, 1400))
    return lambda least: np.column_stack([places, np.linspace(least, 1, count)]).ravel().round(2).tolist()


def _settings() -> dict[str, dict]:
    return {
        "grow by 5": {"edges": {"grow": 5}},
        "shrink by 50": {"edges": {"grow": -50}},
        "feather by 5": {"edges": {"feather": 5}},
        "contrast": {"edges": {"contrast": 0.5}},
    }


def _compositions() -> dict[str, dict]:
    return {
        "transparent": {},
        "colour": {"background": {"kind": "colour"}},
        "blur": {"background": {"kind": "blur"}},
        "gradient, both shadows": {"background": {"kind": "gradient"}, "shadow": {"drop": {}, "contact": {}}},
        "turned": {"placement": {"rotate": 10}},
    }


def _paint(document: Document) -> None:
    random = np.random.default_rng(2)
    for number in range(STROKES):
        points = _curve(random, 80)(0.5)
        points[0::3] = (np.array(points[0::3]) + random.uniform(-900, 1200)).tolist()
        points[1::3] = (np.array(points[1::3]) + random.uniform(-1000, 1200)).tolist()
        mode = ("erase", "restore")[number % 2]
        stroke = {"kind": "stroke", "mode": mode, "size": random.uniform(20, 250), "softness": 0.5, "points": points}
        _apply(document, stroke)


def _apply(document: Document, operation: dict) -> None:
    document.apply(read_operation(operation, document.size))


def _undo(document: Document) -> None:
    document.goto(0)
    del document.history.steps[:]


def _milliseconds(work: Callable[[], object], runs: int, after: Callable[[], object] = lambda: None) -> float:
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1000)
        after()
    return statistics.median(times)


if __name__ == "__main__":
    main()
