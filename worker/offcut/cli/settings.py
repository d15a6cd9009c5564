"""What is made of a photo: the options that all commands share, with rembg's flags where they mean the same."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from offcut.cli import presets
from offcut.cli.failures import CommandError
from offcut.protocol.recipes import SAMPLES
from offcut.protocol.settings import BORDER_COLOUR, EDGES, MAX_BORDER

if TYPE_CHECKING:
    from offcut.request import Request


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what is made of each photo, and with which model."""
    result = parser.add_argument_group("result")
    presets.add_arguments(result)
    colour = result.add_mutually_exclusive_group()
    colour.add_argument("-b", "--background", metavar="COLOUR", help="a colour behind the subject, such as '#ffffff'")
    colour.add_argument(
        "-bgc",
        "--bgcolor",
        metavar=("R", "G", "B", "A"),
        nargs=4,
        type=int,
        help="the same as four numbers from 0 to 255; A below 255 leaves it partly transparent",
    )
    result.add_argument(
        "-om",
        "--only-mask",
        "--mask",
        dest="mask",
        action="store_true",
        help="write the alpha alone, as a grey picture",
    )
    result.add_argument(
        "-f",
        "--format",
        metavar="FORMAT",
        help="png, webp, jpeg, avif or tiff (default: by the output's ending, else the preset's, else png)",
    )
    result.add_argument(
        "-q", "--quality", metavar="N", type=int, help="1 to 100, for lossy formats (default: the preset's, else 90)"
    )
    result.add_argument(
        "--recipe",
        metavar="FILE",
        help=f"finish each picture with a recipe: a Python file, or one of {', '.join(SAMPLES)}",
    )
    result.add_argument(
        "--border",
        metavar="N",
        type=float,
        default=0.0,
        help=f"a border around the subject, as stickers have: its width as a part of the subject's longer side, 0 to "
        f"{MAX_BORDER} (default: 0)",
    )
    result.add_argument(
        "--border-colour",
        metavar="COLOUR",
        default=BORDER_COLOUR,
        help=f"colour of the border (default: {BORDER_COLOUR})",
    )
    result.add_argument("--putalpha", action="store_true", help="keep the photo's colours under the alpha")
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
        "--traces",
        metavar="N",
        type=float,
        default=EDGES["traces"],
        help=f"alpha, 0 to 0.5, up to which faint pixels far from the subject go (default: {EDGES['traces']})",
    )
    edges.add_argument(
        "--photo-colours",
        action="store_true",
        help="keep the photo's colours in soft edges instead of estimating the subject's own",
    )
    edges.add_argument(
        "-a", "--alpha-matting", action="store_true", help="find soft edges again, by closed-form matting"
    )
    edges.add_argument(
        "-af",
        "--alpha-matting-foreground-threshold",
        metavar="N",
        type=int,
        default=240,
        help="alphas above it are subject (default: 240)",
    )
    edges.add_argument(
        "-ab",
        "--alpha-matting-background-threshold",
        metavar="N",
        type=int,
        default=10,
        help="alphas below it are background (default: 10)",
    )
    edges.add_argument(
        "-ae",
        "--alpha-matting-erode-size",
        metavar="N",
        type=int,
        default=10,
        help="pixels between them that are found again (default: 10)",
    )
    edges.add_argument("-ppm", "--post-process-mask", action="store_true", help="a smooth outline without soft edges")
    edges.add_argument(
        "-dc", "--decontaminate", action="store_true", help="estimate the subject's colours: the default"
    )
    edges.add_argument("-vm", "--vitmatte", action="store_true", help=argparse.SUPPRESS)
    model = parser.add_argument_group("model")
    model.add_argument(
        "-m",
        "--model",
        metavar="ID",
        help="see `offcut d --list`; auto for what suits each photo; or an ONNX file (default: u2netp)",
    )
    model.add_argument(
        "--models",
        metavar="FOLDER",
        type=Path,
        help="folder with catalogue.json and chunks/ (default: OFFCUT_MODELS, or all on this machine)",
    )
    model.add_argument("-x", "--extras", metavar="JSON", help=argparse.SUPPRESS)


def read_settings(given: argparse.Namespace, ending: str = "") -> "Request":
    """Read the options of a photo.

    Args:
        given: from `add_settings`.
        ending: of the output's name, without the dot.

    Returns:
        What is made of it, checked.

    Raises:
        OptionError: a value makes no sense.
        RecipeError: the recipe cannot be read or used.
        CommandError: two options contradict each other.
    """
    from offcut.codecs.encode import format_named
    from offcut.request import read_request

    if given.format and ending and format_named(given.format) is not format_named(ending):
        raise CommandError(f"--format {given.format} and a name that ends in .{ending} contradict each other.")
    if given.mask and given.background is not None:
        raise CommandError("--mask writes the alpha alone, without --background. Leave one of them out.")
    if given.mask and given.border:
        raise CommandError("--mask writes the alpha alone, without --border. Leave one of them out.")
    if given.mask and given.recipe is not None:
        raise CommandError("--mask writes the alpha alone, without --recipe. Leave one of them out.")
    if given.decontaminate and (given.photo_colours or given.putalpha):
        other = "--photo-colours" if given.photo_colours else "--putalpha"
        raise CommandError(f"--decontaminate and {other} contradict each other. Leave one of them out.")
    look = presets.find_look(given)
    return read_request(_arguments(given) | {"format": given.format or ending or None}, look)


def extras(text: str | None) -> dict[str, Any]:
    """Read rembg's extras, a JSON object. Raises CommandError for all but ``putalpha`` and ``model_path``."""
    if not text:
        return {}
    try:
        values = json.loads(text)
    except ValueError as error:
        raise CommandError(f'The extras {text!r} are not JSON, such as {{"putalpha": true}}.') from error
    if not isinstance(values, dict) or set(values) - {"putalpha", "model_path"}:
        raise CommandError(
            "Of rembg's extras Offcut has putalpha and model_path. Points and boxes are clicks on the page."
        )
    return {name: str(value) if name == "model_path" else bool(value) for name, value in values.items()}


def _arguments(given: argparse.Namespace) -> dict[str, Any]:
    """Return the arguments of `offcut.remove` that the options mean."""
    from offcut.request import DEFAULTS, network

    own = extras(given.extras)
    path = own.pop("model_path", None)
    same = {name: value for name, value in vars(given).items() if name in DEFAULTS and name != "preset"}
    return {
        **same,
        **own,
        "model": network(given.model, path),
        "only_mask": given.mask,
        "foreground": not given.photo_colours,
        "decontaminate": None,
        "bgcolor": given.bgcolor and tuple(given.bgcolor),
    }
