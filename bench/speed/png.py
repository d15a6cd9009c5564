"""Compare the writing of a cutout as PNG with the browser's own, in turns, in Chromium.

Run it inside the tools' environment: `.venv/bin/python -m bench.speed.png [--megapixels 12] [--runs 5]`. Offcut's time
is that from the stage `encode` to the finished file, with the colours under alpha 0 and the way to the page. The
browser's is `convertToBlob` of a canvas that holds the same pixels.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from datetime import date
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from bench.photos import SIZES, write_photos
from tools import site
from tools.browser import arguments, find
from tools.server import serving

INPUT = "document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'bench' }))"
TURN = """async () => {
    const photo = document.querySelector("#bench").files[0];
    let started = 0;
    const note = ({ detail }) => { if (detail.stage === "encode") started ||= performance.now(); };
    window.addEventListener("offcut:progress", note);
    const ours = await offcut.remove(photo, { model: "u2netp" });
    const seconds = [(performance.now() - started) / 1000];
    window.removeEventListener("offcut:progress", note);
    if (!started) throw new Error("nothing was written");
    const bitmap = await createImageBitmap(ours);
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(bitmap, 0, 0);
    context.getImageData(0, 0, 1, 1);
    const before = performance.now();
    const theirs = await canvas.convertToBlob({ type: "image/png" });
    seconds.push((performance.now() - before) / 1000);
    return [...seconds, ours.size / 1e6, theirs.size / 1e6];
}"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megapixels", type=int, default=12, choices=SIZES)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        (photo,) = write_photos(Path(folder), [given.megapixels]).values()
        built = site.build(Path(folder) / "site")
        with serving(built, "/bench/") as server, sync_playwright() as play:
            browser = play.chromium.launch(executable_path=find() or None, args=arguments())
            page = browser.new_page()
            page.set_default_timeout(180_000)
            page.goto(server.url)
            page.wait_for_selector("#status[data-state=ready]")
            page.evaluate(INPUT)
            page.set_input_files("#bench", photo)
            page.evaluate(TURN)
            turns = [page.evaluate(TURN) for _ in range(given.runs)]
            version = browser.version
            browser.close()
    ours, theirs, our_size, their_size = zip(*turns, strict=True)
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    print(f"\n{date.today()}, Chromium {version}, {os.cpu_count()} cores, load {load:.2f} before, {given.runs} turns\n")
    print("| | s | MB |\n|---|---|---|")
    print(f"| Offcut | {median(ours):.2f} ({min(ours):.2f} to {max(ours):.2f}) | {our_size[0]:.1f} |")
    print(f"| `convertToBlob` | {median(theirs):.2f} ({min(theirs):.2f} to {max(theirs):.2f}) | {their_size[0]:.1f} |")
    print(f"\nRatio {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}).")


if __name__ == "__main__":
    main()
