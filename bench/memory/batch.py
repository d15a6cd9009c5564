"""Measure the memory of the page while it cuts out a batch of photos of 12 MP, in Chromium on Linux.

Run it inside the tools' environment: `.venv/bin/python -m bench.memory.batch [--photos 200] [--out DIR]`. It drops so
many photos, samples the resident memory of all renderers (pages and workers) and of the browser's own processes once a
second until all are cut out, saves the ZIP, and checks it. Prints means over parts of the batch, by how much memory
grows with each photo (a line fitted to all samples after the first tenth), and writes `batch.csv` and `batch.svg`.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
import zipfile
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageEnhance
from playwright.sync_api import Page, sync_playwright

from bench.memory import processes
from bench.photos import SIZES
from bench.speed.visit import open_browser
from tools import site
from tools.files import write_file
from tools.paths import ROOT
from tools.server import serving

DIFFERENT = 4
"""Photos that differ; the others are these again under other names, so that making them takes little time."""

INTERVAL_MS = 1000
PATIENCE_S = 120
WARM_UP = 0.1
"""Part of the photos after which memory has reached its level."""

PLOT_WIDTH, PLOT_HEIGHT = 720, 300


class Sample(NamedTuple):
    """Memory at one moment."""

    seconds: float
    done: int
    """Photos that are cut out."""

    renderers: float
    """Resident memory of pages and workers, in MB."""

    browser: float
    """That of all other processes of the browser, in MB."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=200)
    parser.add_argument("--megapixels", type=int, default=12, choices=SIZES)
    parser.add_argument("--site", type=Path, metavar="DIR", help="a site that is built already")
    parser.add_argument("--out", type=Path, default=Path("build/bench"), metavar="DIR", help="where the plot goes")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        photos = _write(Path(folder), given.photos, SIZES[given.megapixels])
        root = given.site or site.build(Path(folder) / "site")
        with serving(root, "/bench/") as server, sync_playwright() as play:
            # With a profile: a private window would keep photos and results in the browser's memory.
            context = open_browser(play, str(Path(folder) / "profile"))
            page = context.pages[0]
            page.set_viewport_size({"width": 1440, "height": 900})
            page.set_default_timeout(60_000 * max(3, given.photos))
            page.add_init_script("localStorage.setItem('offcut-model', 'u2netp')")
            page.goto(server.url)
            page.wait_for_selector("#status[data-state=ready]")
            samples = _cut_out(page, photos)
            print(f"{given.photos} photos in {samples[-1].seconds:.0f} s; saving …", flush=True)
            packing, entries = _save(page, Path(folder) / "cutouts.zip")
            version = context.browser.version if context.browser else "of unknown version"
            context.close()
    width, height = SIZES[given.megapixels]
    print(
        f"\n{date.today()}, Chromium {version}, {os.cpu_count()} cores, load {load:.2f} before, "
        f"{given.photos} photos of {width} × {height}, {samples[-1].seconds:.0f} s\n"
    )
    print(table(samples))
    print(f"\nIn the ZIP: {entries} pictures. Peak of the renderers while it was written: {packing:.0f} MB.")
    given.out.mkdir(parents=True, exist_ok=True)
    rows = ["seconds,done,renderers_mb,browser_mb", *(",".join(f"{it:g}" for it in sample) for sample in samples)]
    write_file(given.out / "batch.csv", "\n".join([*rows, ""]).encode())
    write_file(given.out / "batch.svg", plot(samples).encode())


def growth(samples: list[Sample]) -> float:
    """Return by how many MB the renderers' memory grows with each photo, after the warm-up."""
    last = samples[-1].done
    steady = [sample for sample in samples if sample.done >= WARM_UP * last]
    if len({sample.done for sample in steady}) < 2:
        return 0.0
    done, memory = (np.array([sample[at] for sample in steady], float) for at in (1, 2))
    return float(np.polyfit(done, memory, 1)[0])


def table(samples: list[Sample]) -> str:
    """Return means of memory over quarters of the batch, and its growth, as a table."""
    last = max(1, samples[-1].done)
    rows = ["| photos done | renderers, MB | other processes, MB |", "|---|---|---|"]
    for quarter in range(4):
        low, high = last * quarter // 4, last * (quarter + 1) // 4
        some = [sample for sample in samples if low <= sample.done <= high]
        means = (np.mean([sample[at] for sample in some]) for at in (2, 3)) if some else (0, 0)
        rows.append(f"| {low} to {high} | " + " | ".join(f"{mean:.0f}" for mean in means) + " |")
    rows.append(f"| most | {max(it.renderers for it in samples):.0f} | {max(it.browser for it in samples):.0f} |")
    rows.append(f"| more with each photo | {growth(samples):+.2f} | |")
    return "\n".join(rows)


def plot(samples: list[Sample]) -> str:
    """Return a plot of memory over photos as SVG."""
    top = max(sample.renderers for sample in samples) * 1.1
    last = max(1, samples[-1].done)

    def line(at: int, colour: str) -> str:
        points = " ".join(
            f"{50 + sample.done / last * PLOT_WIDTH:.1f},{10 + PLOT_HEIGHT * (1 - sample[at] / top):.1f}"
            for sample in samples
        )
        return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>'

    marks = [
        f'<text x="44" y="{14 + PLOT_HEIGHT * (1 - part / 4):.0f}" text-anchor="end">{top * part / 4:.0f}</text>'
        for part in range(5)
    ]
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {PLOT_WIDTH + 70} {PLOT_HEIGHT + 50}" '
                'font-family="sans-serif" font-size="12" fill="#6a645a">'
            ),
            f'<rect x="50" y="10" width="{PLOT_WIDTH}" height="{PLOT_HEIGHT}" fill="none" stroke="#d9d4ca"/>',
            *marks,
            line(2, "#b5370c"),
            line(3, "#3a7ca5"),
            f'<text x="50" y="{PLOT_HEIGHT + 32}">0</text>',
            f'<text x="{50 + PLOT_WIDTH}" y="{PLOT_HEIGHT + 32}" text-anchor="end">{last} photos</text>',
            (
                f'<text x="{50 + PLOT_WIDTH / 2}" y="{PLOT_HEIGHT + 32}" text-anchor="middle">'
                "MB: pages and workers (red), other processes of the browser (blue)</text>"
            ),
            "</svg>",
            "",
        ]
    )


def _write(folder: Path, count: int, size: tuple[int, int]) -> list[Path]:
    """Write photos that differ in their light and colours."""
    with Image.open(ROOT / "tests" / "data" / "coffee.png") as opened:
        photo = opened.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    paths: list[Path] = []
    for number in range(count):
        path = folder / f"photo-{number + 1:03}.jpg"
        if number < DIFFERENT:
            changed = ImageEnhance.Color(ImageEnhance.Brightness(photo).enhance(0.8 + 0.1 * number)).enhance(1.2)
            changed.save(path, quality=92)
        else:
            path.hardlink_to(paths[number % DIFFERENT])
        paths.append(path)
    return paths


def _cut_out(page: Page, photos: list[Path]) -> list[Sample]:
    started, samples = time.monotonic(), []
    page.set_input_files("#photo", photos)
    page.wait_for_selector("#batch-list li")
    while True:
        states = page.eval_on_selector_all(".card", "(all) => all.map((it) => it.dataset.state)")
        others = sorted(set(processes.processes()) - set(processes.renderers()))
        renderers, browser = processes.resident(processes.renderers()), processes.resident(others)
        samples.append(Sample(time.monotonic() - started, states.count("done"), renderers, browser))
        if samples[-1].seconds - next(one.seconds for one in samples if one.done == samples[-1].done) > PATIENCE_S:
            raise SystemExit(f"nothing was cut out for {PATIENCE_S} s: {page.inner_text('#batch-status')}")
        if not {"waiting", "working"} & set(states):
            if states.count("done") < len(photos):
                raise SystemExit(f"not every photo was cut out: {page.inner_text('#batch-status')}")
            return samples
        page.wait_for_timeout(INTERVAL_MS)


def _save(page: Page, path: Path) -> tuple[float, int]:
    """Save the ZIP, and return the renderers' peak meanwhile and how many pictures are in it."""
    processes.reset_peaks(processes.renderers())
    with page.expect_download() as download:
        page.click("#batch-save")
    download.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        if archive.testzip():
            raise SystemExit("the ZIP is damaged")
        return processes.peak(processes.renderers()), len(archive.namelist())


if __name__ == "__main__":
    main()
