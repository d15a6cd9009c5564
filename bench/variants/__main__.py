"""Measure every variant of each network in Chromium on the built site, and choose one for each backend.

Run it from the root: `python3 -m bench.variants [--models u2netp,isnet] [--photos DIR]`. Every variant is built
into a temporary folder and opened on a page of its own; then all variants process the same photo, in turns. Prints the
size of the file, the median time of a run, the ratio to the fastest variant turn by turn, the peak memory of the page's
process during one cutout (Linux only), and with --photos the errors of the alphas. Then it names the choice for each
backend: the smallest of the variants within 5 % of the fastest that lose at most .001 of MAE against the first variant.
WebGPU is measured only where the browser has a GPU.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools import environment
from tools.errors import ToolError
from tools.models.catalogue import STORED


def main() -> int:
    """Measure and print. Returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python3 -m bench.variants", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--models", metavar="ID,ID", help="models of models/catalogue.toml (default: those of a default build)"
    )
    parser.add_argument(
        "--variants",
        default=",".join(STORED),
        metavar="VARIANT,VARIANT",
        help=f"any of {', '.join(STORED)} (default: all); the others are compared with the first",
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
        help="an argument for Chromium, such as --chromium=--enable-unsafe-webgpu; any number of times",
    )
    given = parser.parse_args()
    try:
        environment.ensure("quality")
        if not environment.inside():
            return environment.rerun_inside("bench.variants")
        # Imported here: it needs the environment, which the first process lacks.
        from bench.variants.run import bench

        bench(
            given.models.split(",") if given.models else None,
            given.variants.split(","),
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
