"""`--preset`: looks by name, Offcut's own or those of a file that the page has saved."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from offcut.cli.failures import CommandError, reason, shown
from offcut.protocol.settings import BORDER_COLOUR

if TYPE_CHECKING:
    from offcut.editing.look import Look


def add_arguments(group: argparse._ArgumentGroup) -> None:
    """Add the options that choose a preset."""
    group.add_argument(
        "--preset",
        metavar="NAME",
        help="make what a preset says: background, canvas, effects and file type; one of Offcut's own, such as "
        "product, amazon, sticker or de, or of --presets",
    )
    group.add_argument("--presets", metavar="FILE", type=Path, help="a file of presets that was saved on the page")


def find_look(given: argparse.Namespace) -> Look | None:
    """Return the look that the options name; None without a preset.

    Raises:
        OptionError: the file of presets makes no sense.
        CommandError: there is no such preset, it cannot be used here, or another option contradicts it.
    """
    if given.preset is None:
        if given.presets is not None:
            raise CommandError(
                f"--presets needs the name of a preset, too: --preset {_choices(_of_file(given.presets))}"
            )
        return None
    for flag, is_given in _contradicting(given):
        if is_given:
            raise CommandError(f"--preset and {flag} contradict each other. Leave one of them out.")
    looks = _of_project() if given.presets is None else _of_file(given.presets)
    if given.preset not in looks:
        where = "" if given.presets is None else f" in {shown(given.presets)}"
        raise CommandError(f"There is no preset {given.preset!r}{where}. Use one of: {_choices(looks)}")
    look = looks[given.preset]
    recipe = look.settings.recipe
    if recipe and given.recipe is None:
        raise CommandError(
            f"The preset {given.preset!r} has the recipe {recipe.name!r}, and a recipe is a program with all your "
            "rights. Save it on the page as a file, read it, and name it with --recipe."
        )
    return replace(look, settings=replace(look.settings, recipe=None))


def _contradicting(given: argparse.Namespace) -> list[tuple[str, bool]]:
    return [
        ("--background", given.background is not None),
        ("--bgcolor", given.bgcolor is not None),
        ("--mask", given.mask),
        ("--border", bool(given.border)),
        ("--border-colour", given.border_colour != BORDER_COLOUR),
        ("--putalpha", given.putalpha),
        ("--extras", bool(given.extras)),
    ]


def _of_file(file: Path) -> dict[str, Look]:
    from offcut.editing.presets import read_presets
    from offcut.protocol.presets import MAX_BYTES

    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{shown(file)} cannot be read: {reason(error)}.") from error
    return read_presets(data.decode("utf-8", "replace"))


def _of_project() -> dict[str, Look]:
    from offcut.editing.project_presets import project_presets

    looks = project_presets()
    if not looks:
        raise CommandError("Offcut's own presets are not part of this installation. Name a file with --presets.")
    return looks


def _choices(looks: dict[str, Look]) -> str:
    return ", ".join(looks) + "."
