"""The memory of Chromium while Offcut cuts out a photo of 12 MP, with nobody attached to it.

Run it inside the tools' environment: `.venv/bin/python -m bench.memory.undriven --models u2netp,isnet [--runs 2]` (Linux only).
What drives a browser for tests also keeps a copy of most files that a page has fetched, in the page's own process and
larger by a third, so other benches see 60 to 280 MB more. Here a page beside it asks, and tells this server what it sees.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
from datetime import date
from pathlib import Path

from bench.memory import processes
from bench.photos import write_photos
from bench.undriven_browser import Unattended
from tools import site

PATIENCE = 300
"""Seconds for all photos of a run."""

PHOTOS = [2, 2, 12, 12]
"""In megapixels; the last one counts, when everything has grown as far as it does."""

SCRIPT = """
    frame.src = "offcut/";
    while (!ready()) await pause(50);
    await own().offcut.ready;
    for (const photo of PHOTOS) {
        const file = await (await own().fetch(new URL(photo, location.href))).blob();
        await say("begin");
        const before = performance.now();
        const cutout = await own().offcut.remove(file, { model: MODEL });
        await say("done", (performance.now() - before) / 1000, cutout.size);
    }
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument(
        "--models", default="u2netp", help="ids in the catalogue, with commas between (default: u2netp)"
    )
    given = parser.parse_args()
    models, load = given.models.split(","), os.getloadavg()[0]
    seen: dict[str, list[tuple[float, float]]] = {model: [] for model in models}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site.build(folder / "offcut", models, built_models=folder / "models")
        written = write_photos(folder, sorted(set(PHOTOS)))
        photos = json.dumps([written[f"{size} MP"].name for size in PHOTOS])
        for _ in range(given.runs):
            for model in models:
                script = SCRIPT.replace("PHOTOS", photos).replace("MODEL", json.dumps(model))
                seen[model].append(_run(folder, script))
    print(
        f"\n{date.today()}, {os.cpu_count()} cores, load {load:.2f} before, {given.runs} runs; medians (least to most)\n"
    )
    print("| | all renderers, MB | the page's own, MB |\n|---|---|---|")
    for model, values in seen.items():
        cells = [f"{statistics.median(each):.0f} ({min(each):.0f} to {max(each):.0f})" for each in zip(*values)]
        print(f"| {model} | {' | '.join(cells)} |")


def _run(folder: Path, script: str) -> tuple[float, float]:
    """The peaks during the last photo: of all renderers together, and of the largest."""
    peaks = (0.0, 0.0)

    def hear(word: str, *more) -> None:
        nonlocal peaks
        pages = processes.renderers()
        if word == "begin":
            processes.forget_peaks(pages)
        else:
            peaks = processes.peak(pages), max(processes.peak([page]) for page in pages)
            print(f"{more[0]:.1f} s, {peaks[0]:.0f} MB", flush=True)

    with Unattended(folder, script, hear) as server, tempfile.TemporaryDirectory() as profile:
        server.start()
        server.browse(Path(profile), PATIENCE)
    return peaks


if __name__ == "__main__":
    main()
