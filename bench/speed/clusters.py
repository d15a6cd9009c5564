"""Compare `offcut p --dask` with `offcut p -j` on one machine, in turns: seconds a photo with one worker and with two.

    python3 -m bench.speed.clusters --photos DIR

A photo's time is the difference between two runs of different length, so that starting, which a folder of any size pays
once, is left out. Workers and processes have one thread each; one process runs on one core, as it would give its
network more threads otherwise. Needs the extra `dask`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import dask
from distributed import Client, LocalCluster

from tools.paths import MODELS

SHORT, LONG = 8, 40
"""Photos of the two runs."""

WORKERS = {
    "MALLOC_TRIM_THRESHOLD_": "268435456",
    "MALLOC_MMAP_THRESHOLD_": "33554432",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
}
"""The workers' environment, as docs/scaling.md has it."""


def folder_of(photos: list[Path], count: int, out: Path) -> Path:
    """Make a folder of so many photos: links to these, over and over."""
    out.mkdir()
    for number in range(count):
        source = photos[number % len(photos)]
        (out / f"{number:04}{source.suffix}").symlink_to(source.resolve())
    return out


def seconds(source: Path, arguments: list[str], cores: int | None) -> float:
    """Cut a folder out on so many cores, None for all of them, and return the seconds of it."""
    own = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as out:
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "offcut", "p", str(source), out, "-m", "u2netp", *arguments],
            check=True,
            env=os.environ | {"OFFCUT_MODELS": str(MODELS)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: os.sched_setaffinity(0, own[:cores]),
        )
        took = time.perf_counter() - started
        written = sum(1 for _ in Path(out).iterdir())
        if written != sum(1 for _ in source.iterdir()):
            raise SystemExit(f"Of {source} only {written} were written.")
        return took


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", required=True, type=Path, metavar="DIR")
    parser.add_argument("--runs", type=int, default=3, metavar="N")
    given = parser.parse_args()
    photos = sorted(path for path in given.photos.iterdir() if path.is_file())
    os.environ |= {"OFFCUT_MODELS": str(MODELS), **WORKERS}
    dask.config.refresh()  # workers get this process's settings
    with tempfile.TemporaryDirectory(prefix="offcut-") as name:
        short, long = (folder_of(photos, count, Path(name) / str(count)) for count in (SHORT, LONG))
        found: dict[tuple[str, int], list[float]] = {}
        for workers in (1, 2):
            with (
                LocalCluster(
                    n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
                ) as cluster,
                Client(cluster),
            ):
                ways = {"processes": ["-j", str(workers)], "dask": ["--dask", cluster.scheduler_address]}
                cores = {"processes": workers, "dask": None}
                for way, arguments in ways.items():  # whatever is loaded once
                    seconds(short, arguments, cores[way])
                for _ in range(given.runs):
                    for way, arguments in ways.items():
                        whole, part = (seconds(photos, arguments, cores[way]) for photos in (long, short))
                        took = (whole - part) / (LONG - SHORT)
                        found.setdefault((way, workers), []).append(took)
                        print(f"{way}, {workers}: {took:.3f} s a photo", flush=True)
    print("\n| workers | processes, s a photo | Dask, s a photo | Dask / processes, turn by turn |\n|---|---|---|---|")
    for workers in (1, 2):
        plain, spread = found["processes", workers], found["dask", workers]
        ratios = [b / a for a, b in zip(plain, spread, strict=True)]
        print(
            f"| {workers} | {median(plain):.3f} | {median(spread):.3f} | "
            f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) |"
        )


if __name__ == "__main__":
    main()
