"""Measure the memory of an undriven Chromium while Offcut cuts out a photo of 12 MP.

Run it inside the tools' environment: `.venv/bin/python -m bench.memory.undriven --models u2netp,isnet [--runs 2]`
(Linux only). A browser that a test protocol drives keeps base64 copies of fetched files in the page's process, 60 to
280 MB. Here an outer page runs the site in a frame and reports to this process's server.
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
from bench.undriven_browser import UndrivenBrowser
from tools import site

RUN_TIMEOUT_S = 300
"""For all photos of a run."""

PHOTOS = [2, 2, 12, 12]
"""In megapixels. The last one counts: all heaps have reached their size by then."""

SCRIPT = """
    frame.src = "offcut/";
    while (!ready()) await pause(50);
    await own().offcut.ready;
    for (const photo of PHOTOS) {
        const file = await (await own().fetch(new URL(photo, location.href))).blob();
        await send("begin");
        const before = performance.now();
        const cutout = await own().offcut.remove(file, { model: MODEL });
        await send("done", (performance.now() - before) / 1000, cutout.size);
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
        f"\n{date.today()}, {os.cpu_count()} cores, load {load:.2f} before, {given.runs} runs; "
        "medians (least to most)\n"
    )
    print("| | all renderers, MB | the page's own, MB |\n|---|---|---|")
    for model, values in seen.items():
        columns = zip(*values, strict=True)
        cells = [f"{statistics.median(each):.0f} ({min(each):.0f} to {max(each):.0f})" for each in columns]
        print(f"| {model} | {' | '.join(cells)} |")


def _run(folder: Path, script: str) -> tuple[float, float]:
    """Return the peaks during the last photo in MB: of all renderers together, and of the largest."""
    peaks = (0.0, 0.0)

    def on_message(word: str, *more) -> None:
        nonlocal peaks
        pages = processes.renderers()
        if word == "begin":
            processes.reset_peaks(pages)
        else:
            peaks = processes.peak(pages), max(processes.peak([page]) for page in pages)
            print(f"{more[0]:.1f} s, {peaks[0]:.0f} MB", flush=True)

    with UndrivenBrowser(folder, script, on_message) as server, tempfile.TemporaryDirectory() as profile:
        server.start()
        server.browse(Path(profile), RUN_TIMEOUT_S)
    return peaks


if __name__ == "__main__":
    main()
