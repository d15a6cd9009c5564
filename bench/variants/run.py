"""Build every variant, open each on a page, and run them in turns."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench.quality import machine, metrics, photos
from bench.variants import selection
from bench.variants.selection import Measured
from bench.variants.visit import Page
from tools import site
from tools.browser import arguments, find
from tools.errors import ToolError
from tools.fetching.fetch import fetch
from tools.models.catalogue import STORED, Entry, load, requested
from tools.paths import ROOT

PHOTO = ROOT / "tests" / "data" / "coffee.png"


@dataclass(frozen=True)
class Turn:
    """A photo that every variant processes, and its truth where it is known."""

    image: Path
    known: photos.Photo | None = None


def bench(
    ids: list[str] | None,
    variants: list[str],
    *,
    runs: int,
    folder: Path | None,
    limit: int | None,
    chromium: list[str],
) -> None:
    """Measure variants of these models (or those of a default build); print tables and choices. Raises ToolError."""
    entries = load().choose(ids)
    if unknown := [variant for variant in variants if variant not in STORED]:
        raise ToolError(f"The variant {unknown[0]!r} is not known; known are {', '.join(STORED)}.")
    turns = [Turn(photo.image, photo) for photo in photos.find(folder, limit)] if folder else [Turn(PHOTO)] * runs
    fetch(requested=requested(ids))
    load_before = machine.load()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find() or None, args=[*arguments(), *chromium])
        print(
            f"{date.today()}, Chromium {browser.version}, {os.cpu_count()} cores, load {load_before} before, "
            f"{len(turns)} turns\n",
            flush=True,
        )
        for entry in entries:
            _network(browser, entry, [variant for variant in variants if not entry.refusal(variant)], turns)
        browser.close()
    print(f"Load after: {machine.load()}")


def _network(browser: Browser, entry: Entry, variants: list[str], turns: list[Turn]) -> None:
    with tempfile.TemporaryDirectory(prefix="offcut-models-") as name, ExitStack() as stack:
        pages, sizes = {}, {}
        for variant in variants:
            folder = Path(name) / variant
            built = site.build(folder / "site", [entry.id], built_models=folder / "models", stored=variant)
            pages[variant] = Page(browser, built, entry.id)
            stack.callback(pages[variant].close)
            sizes[variant] = sum(path.stat().st_size for path in (folder / "models" / "chunks").iterdir())
        info = pages[variants[0]].info()
        print(f"\n## {entry.data['title']} ({entry.id}), threads: {info['threads']}\n", flush=True)
        for backend in ("wasm", "webgpu"):
            if backend == "webgpu" and not info["gpu"]:
                print("webgpu: this browser has no GPU, so nothing was measured.\n", flush=True)
                continue
            measured = _measure(pages, sizes, backend, turns)
            if not measured:
                continue
            kind = entry.forms().get(backend, "plain")
            shipped = entry.weights["type"] if kind == "plain" else kind
            print(f"{selection.table(measured)}\n\n{selection.summary(backend, measured, shipped)}\n", flush=True)


def _measure(pages: dict[str, Page], sizes: dict[str, int], backend: str, turns: list[Turn]) -> list[Measured]:
    found = {}
    for variant, page in pages.items():
        if reason := page.settle(backend, turns[0].image):
            print(f"{backend}: {variant} does not run there: {reason}", flush=True)
        else:
            found[variant] = Measured(variant, sizes[variant])
    for turn in turns:
        for variant, one in found.items():
            seconds, peak, alpha = pages[variant].cut(backend, turn.image)
            one.seconds.append(seconds)
            if peak is not None:
                one.memory.append(peak)
            if turn.known:
                truth = turn.known.truth()
                one.mae.append(metrics.mean_absolute_error(alpha, truth))
                one.boundary.append(metrics.boundary_overlap(alpha, truth))
    return list(found.values())
