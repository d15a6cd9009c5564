"""Measure the start of a first visit and the two after it, until engine and model are ready, in an undriven browser.

Run it inside the tools' environment: `.venv/bin/python -m bench.speed.starts [--runs 5] [SITE ...]` (Linux only). Each
SITE is a folder that `python3 -m tools build --out` wrote, such as two states of the source; they are visited in turns.
Without one, the current source is built. Each visit has a browser process of its own, which is idle for some seconds
before.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections import defaultdict
from datetime import date
from pathlib import Path

from bench.memory import processes
from bench.speed import report
from bench.undriven_browser import UndrivenBrowser
from tools import site

VISITS = ("first visit", "next visit", "the one after")

VISIT_TIMEOUT_S = 120

SCRIPT = """
    await pause(2500);  // the browser itself has started
    await send("begin");
    frame.src = "offcut/";
    while (!ready() || !own().document.querySelector("#status[data-state=ready]")) await pause(10);
    await send("ready", own().performance.now() / 1000);
    await pause(5000);  // the browser writes its code cache
    frame.src = "about:blank";
    await pause(1500);
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("sites", nargs="*", type=Path, metavar="SITE")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        sites = {str(place): place for place in given.sites} or {"current source": site.build(Path(name) / "offcut")}
        seen: report.Seen = {title: defaultdict(list) for title in sites}
        for _ in range(given.runs):
            for title, place in sites.items():
                _record(_turn(place), seen[title])
    print(
        f"\n{date.today()}, {os.cpu_count()} cores, load {load:.2f} before, {given.runs} runs; "
        "medians (least to most)\n"
    )
    print(report.table(seen))


def _turn(place: Path) -> list[tuple[float, float]]:
    """Visit a site with a new profile. Return for each visit the seconds until ready, and the browser's CPU seconds."""
    visits, before = [], 0.0

    def on_message(word: str, *more) -> None:
        nonlocal before
        spent = processes.cpu_seconds(processes.processes())
        if word == "ready":
            visits.append((more[0], spent - before))
        before = spent

    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        (Path(name) / "offcut").symlink_to(place.absolute())
        with UndrivenBrowser(Path(name), SCRIPT, on_message) as server:
            server.start()
            for _ in VISITS:
                server.browse(Path(profile), VISIT_TIMEOUT_S)
    return visits


def _record(visits: list[tuple[float, float]], rows: dict[str, list[float]]) -> None:
    for title, visit in zip(VISITS, visits, strict=True):
        for what, here, first in zip(("ready", "CPU time"), visit, visits[0], strict=True):
            rows[f"{title}: {what}, s"].append(here)
            if visit is not visits[0]:
                rows[f"{title}: {what}, of the first"].append(here / first)


if __name__ == "__main__":
    main()
