"""The memory of Chromium while Offcut cuts out a photo of 12 MP, with nobody attached to it.

Run it inside the tools' environment: `.venv/bin/python -m bench.unwatched --models u2netp,isnet [--runs 2]` (Linux only).
What drives a browser for tests also keeps a copy of most files that a page has fetched, in the page's own process and
larger by a third, so other benches see 60 to 280 MB more. Here a page beside it asks, and tells this server what it sees.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import threading
from datetime import date
from pathlib import Path
from urllib.parse import unquote

from bench import memory
from bench.contest.server import IsolatingHandler
from bench.photos import write_photos
from tools import site
from tools.browser import arguments, find
from tools.server import StaticServer

PATIENCE = 300
"""Seconds for all photos of a run."""

PHOTOS = [2, 2, 12, 12]
"""In megapixels; the last one counts, when everything has grown as far as it does."""

PAGE = """<!doctype html><title>Unwatched</title><iframe src="offcut/" width="1200" height="800"></iframe><script>
const say = (...words) => fetch("said/" + encodeURIComponent(JSON.stringify(words)));
const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
try {
    const frame = document.querySelector("iframe");
    const own = () => frame.contentWindow;
    while (!own().offcut?.remove || !own().crossOriginIsolated) await pause();  // it reloads once
    await own().offcut.ready;
    for (const photo of PHOTOS) {
        const file = await (await own().fetch(new URL(photo, location.href))).blob();
        await say("begin");
        const before = performance.now();
        const cutout = await own().offcut.remove(file, { model: MODEL });
        await say("done", (performance.now() - before) / 1000, cutout.size);
    }
    await say("end");
} catch (error) {
    await say("failed", String(error));
}
</script>"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--models", default="u2netp", help="ids in the catalogue, with commas between (default: u2netp)")
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
                page = PAGE.replace("PHOTOS", photos).replace("MODEL", json.dumps(model))
                (folder / "index.html").write_text(page.replace("<script>", '<script type="module">'))
                seen[model].append(_run(folder))
    print(f"\n{date.today()}, {os.cpu_count()} cores, load {load:.2f} before, {given.runs} runs; medians (least to most)\n")
    print("| | all renderers, MB | the page's own, MB |\n|---|---|---|")
    for model, values in seen.items():
        cells = [f"{statistics.median(each):.0f} ({min(each):.0f} to {max(each):.0f})" for each in zip(*values)]
        print(f"| {model} | {' | '.join(cells)} |")


def _run(folder: Path) -> tuple[float, float]:
    """The peaks during the last photo: of all renderers together, and of the largest."""
    with _Server(folder) as server, tempfile.TemporaryDirectory() as profile:
        server.start()
        command = [find(), "--headless", "--no-first-run", *arguments(), f"--user-data-dir={profile}", server.url]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as browser:
            try:
                if not server.ended.wait(PATIENCE):
                    raise TimeoutError(f"no cutout within {PATIENCE} seconds")
            finally:
                browser.terminate()
    if server.failure:
        raise RuntimeError(server.failure)
    return server.peaks


class _Server(StaticServer):
    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.ended = threading.Event()
        self.failure = ""
        self.peaks = (0.0, 0.0)

    def finish_request(self, request, client_address) -> None:
        _Handler(request, client_address, self, directory=str(self.root))

    def hear(self, word: str, *more) -> None:
        """What the page says; it waits for the answer."""
        pages = memory.renderers()
        if word == "begin":
            memory.forget_peaks(pages)
        elif word == "done":
            self.peaks = memory.peak(pages), max(memory.peak([page]) for page in pages)
            print(f"{more[0]:.1f} s, {self.peaks[0]:.0f} MB", flush=True)
        else:
            self.failure = " ".join(more)
            self.ended.set()


class _Handler(IsolatingHandler):
    server: _Server

    def do_GET(self) -> None:
        if "/said/" not in self.path:
            return super().do_GET()
        self.server.hear(*json.loads(unquote(self.path.rpartition("/said/")[2])))
        self.send_response(204)
        self.end_headers()


if __name__ == "__main__":
    main()
