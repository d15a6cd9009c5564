"""Compare `offcut p` with `rembg p` on the same folder and network, in turns: photos a second, processor time, memory.

    python -m venv build/rembg && build/rembg/bin/pip install 'rembg[cpu,cli]==2.0.86'
    python3 -m bench.speed.folders --rembg build/rembg/bin/rembg --photos DIR

rembg gets the untouched network out of vendor/. Memory is the largest sum, over all processes of a command, of what
each has for itself and its share of what they share (PSS), looked at ten times a second.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import psutil

from tools.paths import MODELS, VENDOR

EVERY_S = 0.1


def measure(command: list[str], variables: dict[str, str]) -> tuple[float, float, float]:
    """Run a command: wall seconds, processor seconds of its whole tree, peak memory in MB."""
    started = time.perf_counter()
    before = os.times()
    running = subprocess.Popen(
        command, env=os.environ | variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    peak = 0.0
    while running.poll() is None:
        peak = max(peak, _memory(running.pid))
        time.sleep(EVERY_S)
    wall = time.perf_counter() - started
    after = os.times()
    if running.returncode:
        raise SystemExit(f"{command[0]} failed with {running.returncode}.")
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, used, peak / 1e6


def _memory(root: int) -> float:
    total = 0.0
    try:
        first = psutil.Process(root)
        for process in (first, *first.children(recursive=True)):
            total += process.memory_full_info().pss
    except psutil.Error:  # one of them has ended meanwhile
        return 0.0
    return total


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rembg", required=True, metavar="PROGRAM", help="the command rembg of its own environment")
    parser.add_argument("--photos", required=True, type=Path, metavar="DIR")
    parser.add_argument("--runs", type=int, default=3, metavar="N")
    options = parser.parse_args()
    count = sum(path.is_file() for path in options.photos.rglob("*"))
    with tempfile.TemporaryDirectory(prefix="offcut-") as name:
        folder = Path(name)
        (folder / "models").mkdir()
        shutil.copy(VENDOR / "models" / "u2netp.onnx", folder / "models")
        commands = {
            "rembg p": [options.rembg, "p", "-m", "u2netp"],
            "offcut p": [sys.executable, "-m", "offcut", "p", "-m", "u2netp"],
            "offcut p --photo-colours": [sys.executable, "-m", "offcut", "p", "-m", "u2netp", "--photo-colours"],
        }
        variables = {"U2NET_HOME": str(folder / "models"), "OFFCUT_MODELS": str(MODELS), "ORT_DISABLE_TELEMETRY": "1"}
        found: dict[str, list[tuple[float, float, float]]] = {title: [] for title in commands}
        for run in range(options.runs):
            for title, command in commands.items():
                out = folder / f"{run} {title}"
                out.mkdir()
                found[title].append(measure([*command, str(options.photos), str(out)], variables))
                written = sum(path.is_file() for path in out.rglob("*"))
                wall, used, peak = found[title][-1]
                print(f"{title}: {written} of {count} in {wall:.1f} s, {used:.1f} s used, {peak:.0f} MB", flush=True)
                shutil.rmtree(out)
    print(f"\n{count} photos, medians of {options.runs}, start included\n")
    print("| | photos a second | processor seconds a photo | peak MB |\n|---|---|---|---|")
    for title, runs in found.items():
        wall, used, peak = (median(values) for values in zip(*runs, strict=True))
        print(f"| `{title}` | {count / wall:.2f} | {used / count:.2f} | {peak:.0f} |")


if __name__ == "__main__":
    main()
