"""What is made of a photo: the options that all commands share."""

import argparse
from pathlib import Path
from typing import Any

from offcut.cli.failures import CommandError


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what is made of each photo, and with which model."""
    result = parser.add_argument_group("result")
    result.add_argument("-b", "--background", metavar="COLOUR", help="a colour behind the subject, such as '#ffffff'")
    result.add_argument("--mask", action="store_true", help="write the alpha alone, as a grey picture")
    result.add_argument(
        "-f", "--format", metavar="FORMAT", help="png, webp or jpeg (default: by the output's ending, else png)"
    )
    result.add_argument(
        "-q", "--quality", metavar="N", type=int, default=90, help="1 to 100, for lossy formats (default: 90)"
    )
    edges = parser.add_argument_group("edges")
    edges.add_argument(
        "-r",
        "--refine",
        metavar="N",
        type=float,
        default=1.0,
        help="how far uncertain edges follow the photo, 0 to 1 (default: 1)",
    )
    edges.add_argument(
        "--photo-colours",
        action="store_true",
        help="keep the photo's colours in soft edges instead of estimating the subject's own",
    )
    model = parser.add_argument_group("model")
    model.add_argument("-m", "--model", metavar="ID", help="id in the catalogue (default: the catalogue's own)")
    model.add_argument(
        "--models",
        metavar="FOLDER",
        type=Path,
        help="folder with catalogue.json and chunks/ (default: OFFCUT_MODELS, or all on this machine)",
    )


def read_settings(given: argparse.Namespace, ending: str = "") -> Any:
    """Read the options of a photo.

    Args:
        given: from `add_settings`.
        ending: of the output's name, without the dot.

    Returns:
        `offcut.Options`, checked.

    Raises:
        OptionError: a value makes no sense.
        CommandError: two options contradict each other.
    """
    from offcut.codecs.encode import format_named
    from offcut.options import Options

    if given.format and ending and format_named(given.format) is not format_named(ending):
        raise CommandError(f"--format {given.format} and a name that ends in .{ending} contradict each other.")
    if given.mask and given.background is not None:
        raise CommandError("--mask writes the alpha alone, without --background. Leave one of them out.")
    return Options.read(
        {
            "model": given.model,
            "format": given.format or ending or "png",
            "quality": given.quality,
            "background": given.background,
            "refine": given.refine,
            "foreground": not given.photo_colours,
            "output": "mask" if given.mask else "cutout",
        }
    )
