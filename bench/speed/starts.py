"""How long a first visit, the next and the one after take until engine and model are ready, with nobody attached.

Run it inside the tools' environment: `.venv/bin/python -m bench.speed.starts [--runs 5] [SITE ...]` (Linux only). Each SITE is a folder
that `python3 -m tools build --out` wrote, as from two states of the source; they are visited in turns. Without one, the
source as it is. Each visit has a browser process of its own, which is given some seconds to come to rest before.
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
from bench.undriven_browser import Unattended
from tools import site

VISITS = ("first visit", "next visit", "the one after")

PATIENCE = 120
"""Seconds for a visit."""

SCRIPT = """
    await pause(2500);  // the browser's own start is over
    await say("begin");
    frame.src = "offcut/";
    while (!ready() || !own().document.querySelector("#status[data-state=ready]")) await pause(10);
    await say("ready", own().performance.now() / 1000);
    await pause(5000);  // the browser writes what it keeps of compiled code
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
        sites = {str(place): place for place in given.sites} or {"the source": site.build(Path(name) / "offcut")}
        seen: report.Seen = {title: defaultdict(list) for title in sites}
        for _ in range(given.runs):
            for title, place in sites.items():
                _note(_turn(place), seen[title])
    print(
        f"\n{date.today()}, {os.cpu_count()} cores, load {load:.2f} before, {given.runs} runs; medians (least to most)\n"
    )
    print(report.table(seen))


def _turn(place: Path) -> list[tuple[float, float]]:
    """A new profile's visits to a site: seconds from navigation to engine and model ready, and the browser's processor seconds."""
    visits, before = [], 0.0

    def hear(word: str, *more) -> None:
        nonlocal before
        spent = processes.processor_seconds(processes.processes())
        if word == "ready":
            visits.append((more[0], spent - before))
        before = spent

    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        (Path(name) / "offcut").symlink_to(place.absolute())
        with Unattended(Path(name), SCRIPT, hear) as server:
            server.start()
            for _ in VISITS:
                server.browse(Path(profile), PATIENCE)
    return visits


def _note(visits: list[tuple[float, float]], rows: dict[str, list[float]]) -> None:
    for title, visit in zip(VISITS, visits, strict=True):
        for what, here, first in zip(("ready", "processor time"), visit, visits[0]):
            rows[f"{title}: {what}, s"].append(here)
            if visit is not visits[0]:
                rows[f"{title}: {what}, of the first"].append(here / first)


if __name__ == "__main__":
    main()
