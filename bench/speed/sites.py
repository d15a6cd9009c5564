"""Compare built sites, such as two states of the source: bytes, start, time of a photo, memory.

Run it inside the tools' environment: `.venv/bin/python -m bench.speed.sites SITE SITE [--runs 3] [--models
u2netp,isnet]`. Each SITE is a folder that `python3 -m tools build --out` wrote. They are visited in turns; the last
table holds the ratio of each later site to the first one, run by run.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from datetime import date
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.memory import processes
from bench.photos import write_photos
from bench.speed import report
from bench.speed.counting_server import CountingServer
from bench.speed.first_cutout import UNTIL
from bench.speed.stalls import WATCH
from bench.speed.visit import CUT, open_browser, ours, start

READY = "#status[data-state=ready]"
SAVED = "#save:not([data-waiting])"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sites", nargs="+", type=Path, metavar="SITE")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--models", default="u2netp,isnet", help="ids in the catalogue (default: u2netp,isnet)")
    parser.add_argument("--sizes", default="2,12", help="in megapixels (default: 2,12)")
    given = parser.parse_args()
    models = given.models.split(",")
    load = os.getloadavg()[0]
    seen: report.Seen = {str(site): {} for site in given.sites}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        photos = write_photos(folder, [int(size) for size in given.sizes.split(",")])
        for place, site in enumerate(given.sites):
            (folder / f"site{place}").symlink_to(site.absolute())
        with CountingServer(folder) as server:
            server.start()
            for run in range(given.runs):
                for place, site in enumerate(given.sites):
                    print(f"run {run + 1} of {given.runs}: {site}", flush=True)
                    for row, value in _visit(server, f"site{place}/", models, photos).items():
                        seen[str(site)].setdefault(row, []).append(value)
    print(
        f"\n{date.today()}, {os.cpu_count()} cores, load {load:.2f} before, {given.runs} runs; median (least to most)\n"
    )
    print(report.table(seen))
    first = str(given.sites[0])
    for other in map(str, given.sites[1:]):
        print(f"\n{other} / {first}\n\n{report.ratio_table(seen[other], seen[first])}")


def _visit(server: CountingServer, path: str, models: list[str], photos: dict[str, Path]) -> dict[str, float]:
    """One profile's first and second visit: rows with their values."""
    found: dict[str, float] = {}
    below = {size: photo.relative_to(server.root).as_posix() for size, photo in photos.items()}
    first = next(iter(below.values()))
    with sync_playwright() as play, tempfile.TemporaryDirectory() as profile:
        context = open_browser(play, profile)
        context.add_init_script("localStorage.setItem('offcut-model', 'u2netp')")
        page = context.new_page()
        sent = server.sent
        candidate = ours(models[0], path)
        found["first visit: start to first cutout, s"] = start(page, server.url, candidate, first)
        found["first visit: sent, MB"] = (server.sent - sent) / 1e6
        for model in models:
            page.evaluate(ours(model, path).prepare)
            page.evaluate(CUT, server.url + first)  # the network is fetched and warm
            for size, address in below.items():
                found[f"{model}, {size}: remove, s"] = page.evaluate(CUT, server.url + address)
        page.evaluate(WATCH)
        for size, photo in photos.items():
            pages = processes.renderers()
            processes.reset_peaks(pages)
            page.evaluate("stall = 0")
            before = page.evaluate("performance.now()")
            page.set_input_files("#photo", photo)
            shown = page.evaluate(UNTIL, f"body[data-state=done] #save[download='{photo.stem}-cutout.png']") - before
            found[f"page, {size}: drop to cutout on screen, s"] = shown / 1000
            found[f"page, {size}: drop to the saved file, s"] = (page.evaluate(UNTIL, SAVED) - before) / 1000
            found[f"page, {size}: longest stall, ms"] = page.evaluate("stall")
            found[f"page, {size}: peak memory, MB"] = processes.peak(pages)
        page.wait_for_timeout(3000)
        context.close()
        context = open_browser(play, profile)
        page = context.new_page()
        page.goto(server.url + path)
        page.wait_for_selector(READY)
        found["second visit: engine ready, s"] = page.evaluate("performance.now()") / 1000
        context.close()
    return found


if __name__ == "__main__":
    main()
