"""The whole comparison: `python3 -m tools bench`."""

from __future__ import annotations

import json
import os
import tempfile
from datetime import date
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.photos import write_photos
from bench.speed import native, peers, report
from bench.speed.counting_server import CountingServer
from bench.speed.visit import PEERS, Candidate, ours, visit
from tools import site
from tools.browser import arguments, find
from tools.fetching.fetch import fetch
from tools.files import write_file

SIZES = [2, 12]
PLOTTED = "12 MP: a photo, s"


def bench(out: Path, runs: int, models: list[str], against: list[str]) -> int:
    """Measures, prints tables and writes them into `out` with a plot and all single values. Gives the exit code."""
    fetch()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    if load > 0.5:
        print(
            f"The load of this machine is {load:.2f}: something else is running, and the times will show it.",
            flush=True,
        )
    candidates = [ours(model) for model in models] + [PEERS[name] for name in against]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        site.build(folder / "offcut", models, built_models=folder / "models")
        if against:
            peers.build(folder / "peers")
        photos = write_photos(folder, SIZES)
        seen, version = _visits(folder, candidates, photos, runs)
        for name, values in native.measure(models, folder / "models", photos).items():
            seen[name] = {row: [value] for row, value in values.items()}
    text = (
        f"{date.today()}, Chromium {version}, {os.cpu_count()} cores, load {load:.2f} before, {runs} runs in turns; "
        f"median (least to most)\n\n{report.table(seen)}\n\n{report.ratios(seen)}\n"
    )
    print(f"\n{text}")
    write_file(out / "bench.md", text.encode())
    write_file(out / "bench.json", json.dumps(seen, indent=1).encode())
    write_file(out / "bench.svg", report.plot(seen, PLOTTED).encode())
    return 0


def _visits(root: Path, candidates: list[Candidate], photos: dict[str, Path], runs: int) -> tuple[report.Seen, str]:
    seen: report.Seen = {}
    below = {size: path.relative_to(root).as_posix() for size, path in photos.items()}
    with CountingServer(root) as server, sync_playwright() as play:
        server.start()
        for turn in range(runs):
            for candidate in candidates:
                print(f"run {turn + 1} of {runs}: {candidate.name}", flush=True)
                for row, value in visit(play, server, candidate, below).items():
                    seen.setdefault(candidate.name, {}).setdefault(row, []).append(value)
        browser = play.chromium.launch(executable_path=find() or None, args=arguments())
        version = browser.version
        browser.close()
    return seen, version
