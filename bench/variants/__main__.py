"""Every way to build each network, measured in Chromium on the built site: which is the one to ship for which backend.

Run it from the root: `python3 -m bench.variants [--models u2netp,isnet] [--photos DIR]`. For each network every form is
built into a temporary folder and opened on a page of its own; then all forms take the same photo, in turns. Printed are
the size of the file, the median of a run's seconds, the ratio to the quickest form turn by turn, the peak memory of the
page's process while it makes one cutout (Linux only), and with --photos how far the alphas are from the truth. Then it
names the winner for each backend: the smallest of the forms within 5 % of the quickest that lose no more than .001 of
MAE against the first form. WebGPU is measured only where the browser has a graphics processor.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools import environment
from tools.errors import ToolError
from tools.models.catalogue import STORED


def main() -> int:
    """Measure and print. Gives the exit code."""
    parser = argparse.ArgumentParser(
        prog="python3 -m bench.variants", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--models", metavar="ID,ID", help="models of models/catalogue.toml (default: those of a default build)"
    )
    parser.add_argument(
        "--forms",
        default=",".join(STORED),
        metavar="FORM,FORM",
        help=f"any of {', '.join(STORED)} (default: all); the first is what the others are held against",
    )
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="turns with the same photo (default: 5)")
    parser.add_argument(
        "--photos",
        type=Path,
        metavar="DIR",
        help="take the photos of a folder of [KIND/SET/]NAME/{image.*,alpha.png} instead, a turn each, "
        "and measure the quality too",
    )
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N photos of each set")
    parser.add_argument(
        "--chromium",
        action="append",
        default=[],
        metavar="ARGUMENT",
        help="tell Chromium this too, such as --chromium=--enable-unsafe-webgpu; any number of times",
    )
    given = parser.parse_args()
    try:
        environment.ensure("quality")
        if not environment.inside():
            return environment.rerun_inside("bench.variants")
        # Imported here: it needs the environment, and the first process runs without it.
        from bench.variants.run import bench

        bench(
            given.models.split(",") if given.models else None,
            given.forms.split(","),
            runs=given.runs,
            folder=given.photos,
            limit=given.limit,
            chromium=given.chromium,
        )
    except ToolError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
