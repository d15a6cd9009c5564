"""The command `offcut` (also `python -m offcut`)."""

import argparse
import asyncio
import sys
from pathlib import Path

from offcut import __version__
from offcut.codecs.encode import FORMATS
from offcut.errors import OffcutError
from offcut.native import VARIABLE, find_models, open_engine
from offcut.options import Options


def main(arguments: list[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: without the program's name; None for those of the process.

    Returns:
        The exit status: 0, or 1 after one sentence on standard error. Wrong usage exits with 2.
    """
    given = _parser().parse_args(arguments)
    try:
        given.func(given)
    except OffcutError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}")
    return 0


def _fail(sentence: str) -> int:
    print(f"offcut: {sentence}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("offcut", description="Remove the background from a photo, on this machine alone.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(metavar="command", required=True)
    _add_image(commands.add_parser("i", help="one image file in, one out"))
    return parser


def _add_image(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(func=_image)
    parser.add_argument("input", type=Path)
    parser.add_argument("output", type=Path, help="its ending chooses the format: " + ", ".join(FORMATS))
    parser.add_argument("-m", "--model", help="id in the catalogue (default: the catalogue's own)")
    parser.add_argument("-b", "--background", help="a colour to put the subject on, such as '#ffffff'")
    parser.add_argument("-q", "--quality", type=int, default=90, help="1 to 100, for lossy formats (default: 90)")
    parser.add_argument(
        "-r", "--refine", type=float, default=1.0, help="how far uncertain edges follow the photo, 0 to 1 (default: 1)"
    )
    parser.add_argument(
        "--photo-colours",
        action="store_true",
        help="keep the photo's colours in soft edges instead of estimating the subject's own",
    )
    parser.add_argument("--mask", action="store_true", help="write the alpha alone, as a grey picture")
    parser.add_argument(
        "--models",
        type=Path,
        help=f"folder with catalogue.json and chunks/ (default: {VARIABLE}, or build/models of a checkout)",
    )


def _image(given: argparse.Namespace) -> None:
    """`offcut i`: cut out one file."""
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
    engine = open_engine(find_models(given.models))
    result = asyncio.run(engine.remove(given.input.read_bytes(), options))
    given.output.write_bytes(result.data)
