"""Measure the memory of an open photo of 12 MP with 50 strokes of history, in Chromium on Linux.

Run it inside the tools' environment: `.venv/bin/python -m bench.memory.open_photo`. Prints the resident memory of the
renderer (page and worker) above that of the idle engine: before its first photo, and after a small photo, when the
network has allocated its working memory. Both are multiples of four bytes a pixel of the photo. WebAssembly memory
never shrinks, so the figures include what opening needed temporarily.
"""

from __future__ import annotations

import argparse
import math
import os
import tempfile
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.memory import processes
from bench.photos import SIZES, write_photos
from tools import site
from tools.browser import arguments, find
from tools.paths import ROOT
from tools.server import serving

STROKES = 50
SETTLE_MS = 6000
"""Time after which delayed allocations, fetches and collections are over."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megapixels", type=int, default=12, choices=SIZES)
    given = parser.parse_args()
    width, height = SIZES[given.megapixels]
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        photo = next(iter(write_photos(Path(folder), [given.megapixels]).values()))
        small = ROOT / "tests" / "data" / "coffee.png"
        with serving(site.build(Path(folder) / "site"), "/bench/") as server, sync_playwright() as play:
            browser = play.chromium.launch(executable_path=find() or None, args=arguments())
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.set_default_timeout(180_000)
            page.add_init_script(
                "localStorage.setItem('offcut-model', 'u2netp')"
            )  # an upgrade would add its own memory
            _visit(page, server.url)
            page.goto("about:blank")
            _visit(page, server.url)
            rows = {"engine ready": _now(page)}
            page.set_input_files("#photo", small)
            page.wait_for_selector("body[data-state=done]")
            rows["a small photo was cut out"] = _now(page)
            processes.reset_peaks(processes.renderers())
            page.set_input_files("#photo", photo)
            page.wait_for_selector(f"#save[download='{photo.stem}-cutout.png']")
            rows["open"] = _now(page)
            peak = processes.peak(processes.renderers())
            _paint(page)
            rows[f"{STROKES} strokes"] = _now(page)
            page.keyboard.press("1")
            rows["zoomed to 100 %"] = _now(page)
            processes.reset_peaks(processes.renderers())
            with page.expect_download() as download:
                page.click("#save")
            download.value.save_as(Path(folder) / "saved.png")
            saving = processes.peak(processes.renderers())
            version = browser.version
            browser.close()
    print(
        f"\n{date.today()}, Chromium {version}, {os.cpu_count()} cores, load {load:.2f} before, "
        f"{width} × {height} pixels\n"
    )
    print("| | MB | over the engine before its first photo | over the engine after a small photo |\n|---|---|---|---|")
    unit = width * height * 4 / 1e6
    ready, used = list(rows.values())[:2]
    for name, value in {**rows, "peak while opening": peak, "peak while saving as PNG": saving}.items():
        print(f"| {name} | {value:.0f} | {(value - ready) / unit:.2f} | {(value - used) / unit:.2f} |")


def _visit(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector("#status[data-state=ready]")


def _now(page: Page) -> float:
    page.wait_for_timeout(SETTLE_MS)
    return processes.resident(processes.renderers())


def _paint(page: Page) -> None:
    page.keyboard.press("e")
    box = page.locator("#view").bounding_box()
    for stroke in range(STROKES):
        turn = stroke * 2.4
        for step in range(12):
            angle, reach = turn + step / 6, 60 + 12 * step
            page.mouse.move(
                box["x"] + box["width"] / 2 + reach * math.cos(angle),
                box["y"] + box["height"] / 2 + reach * math.sin(angle),
            )
            if step == 0:
                page.mouse.down()
        page.mouse.up()
        page.wait_for_timeout(150)
    page.keyboard.press("Escape")
    page.wait_for_selector("#busy", state="hidden")


if __name__ == "__main__":
    main()
