"""Write scenes of any size with exact alpha and colours, for `tools quality`.

Run it from the root: `.venv/bin/python -m bench.scenes --out DIR [--photos DIR]`, then
`python3 -m tools quality --photos DIR`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bench.scenes.folder import write
from bench.scenes.scene import DATA, KINDS


def main() -> None:
    """Write the scenes and print their folders."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder to write")
    parser.add_argument(
        "--photos",
        type=Path,
        default=DATA,
        metavar="DIR",
        help="photos for subjects and backgrounds, in folders of any depth (default: those of the tests)",
    )
    parser.add_argument("--megapixels", type=float, nargs="+", default=[12, 24], metavar="N", help="default: 12 24")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS), metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="scenes of each kind and size (default: 1)")
    options = parser.parse_args()
    for folder in write(
        options.out, options.megapixels, photos=options.photos, kinds=options.kinds, seeds=range(options.seeds)
    ):
        print(folder, flush=True)


if __name__ == "__main__":
    main()
