"""The engine on the command line: `python -m offcut i photo.jpg cutout.png`."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from offcut import __version__
from offcut.codecs import FORMATS
from offcut.errors import OffcutError
from offcut.native import engine_of
from offcut.options import Options

_BUILT = Path(__file__).parents[2] / "build" / "models"


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status (0, or 1 with one sentence on standard error)."""
    given = _parser().parse_args(arguments)
    try:
        asyncio.run(_cut_out(given))
    except OffcutError as error:
        print(f"offcut: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"offcut: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("offcut", description="Remove the background from a photo, on this machine alone.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("i", help="one image file in, one out")
    one.add_argument("input", type=Path)
    one.add_argument("output", type=Path, help="its ending chooses the format: " + ", ".join(FORMATS))
    one.add_argument("-m", "--model", help="id in the catalogue (default: the catalogue's own)")
    one.add_argument("-b", "--background", help="a colour to put the subject on, such as '#ffffff'")
    one.add_argument("-q", "--quality", type=int, default=90, help="1 to 100, for lossy formats (default: 90)")
    one.add_argument(
        "-r", "--refine", type=float, default=1.0, help="how far uncertain edges follow the photo, 0 to 1 (default: 1)"
    )
    one.add_argument(
        "--photo-colours",
        action="store_true",
        help="keep the photo's colours in soft edges instead of finding the subject's own",
    )
    one.add_argument("--mask", action="store_true", help="write the alpha alone, as a grey picture")
    one.add_argument(
        "--models",
        type=Path,
        default=Path(os.environ.get("OFFCUT_MODELS", _BUILT)),
        help="folder with catalogue.json and chunks/ (default: build/models, or OFFCUT_MODELS)",
    )
    return parser


async def _cut_out(given: argparse.Namespace) -> None:
    engine = engine_of(given.models)
    options = Options.read(
        {
            "model": given.model,
            "format": given.output.suffix.lstrip(".") or "png",
            "quality": given.quality,
            "background": given.background,
            "refine": given.refine,
            "foreground": not given.photo_colours,
            "output": "mask" if given.mask else "cutout",
        }
    )
    result = await engine.remove(given.input.read_bytes(), options)
    given.output.write_bytes(result.data)
