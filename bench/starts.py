"""How long a first visit, the next and the one after take until engine and model are ready, with nobody attached.

Run it inside the tools' environment: `.venv/bin/python -m bench.starts [--runs 5] [SITE ...]` (Linux only). Each SITE is a folder
that `python3 -m tools build --out` wrote, as from two states of the source; they are visited in turns. Without one, the
source as it is. Each visit has a browser process of its own, which is given some seconds to come to rest before.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from collections import defaultdict
from datetime import date
from pathlib import Path

from bench import memory
from bench.unattended import Unattended
from tools import site

VISITS = ("first visit", "next visit", "the one after")

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


class Starts:
    """Seconds and processor seconds, by site and visit."""

    def __init__(self) -> None:
        self.seconds: dict[tuple[Path, int], list[float]] = defaultdict(list)
        self.processor: dict[tuple[Path, int], list[float]] = defaultdict(list)

    def turn(self, place: Path) -> None:
        """One profile's visits to a site."""
        key, before = (place, 0), 0.0

        def hear(word: str, *more) -> None:
            nonlocal before
            spent = memory.processor_seconds(memory.processes())
            if word == "ready":
                self.seconds[key].append(more[0])
                self.processor[key].append(spent - before)
            before = spent

        with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            (Path(name) / "offcut").symlink_to(place.absolute())
            with Unattended(Path(name), SCRIPT, hear) as server:
                server.start()
                for visit in range(len(VISITS)):
                    key = place, visit
                    server.browse(Path(profile), 120)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("sites", nargs="*", type=Path, metavar="SITE")
    given = parser.parse_args()
    load, starts = os.getloadavg()[0], Starts()
    with tempfile.TemporaryDirectory() as name:
        if not given.sites:
            given.sites = [Path(name) / "offcut"]
            site.build(given.sites[0])
        for _ in range(given.runs):
            for place in given.sites:
                starts.turn(place)
    print(f"\n{date.today()}, {os.cpu_count()} cores, load {load:.2f} before, {given.runs} runs; medians (least to most)\n")
    print("| | navigation to engine and model ready, s | of the first | processor time of the browser, s | of the first |")
    print("|---|---|---|---|---|")
    for place in given.sites:
        for visit, title in enumerate(VISITS):
            cells = []
            for seen in (starts.seconds, starts.processor):
                values = seen[place, visit]
                part = statistics.median(here / first for here, first in zip(values, seen[place, 0]))
                cells += [f"{statistics.median(values):.1f} ({min(values):.1f} to {max(values):.1f})", f"{part:.2f}"]
            print(f"| {place.name} {title} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
