"""Presets as files: those of a person, which the page exports and the command line takes, and those of the project."""

import json
import tomllib
from pathlib import Path
from typing import Any

from offcut.editing.look import Look
from offcut.errors import OptionError
from offcut.protocol.presets import MAX_BYTES, MAX_NAME, MOST, VERSION
from offcut.validation import check_fields

_NO_FILE = "This is no file of presets. Save one on the page, under Own presets."


def read_presets(text: str) -> dict[str, Look]:
    """Read a file of presets: ``{"offcut": 1, "presets": [{"name": …, "look": {…}}, …]}``.

    Returns:
        The looks by name, in their order.

    Raises:
        OptionError: it is no such file, or a preset makes no sense; the message names which and why.
    """
    if len(text.encode()) > MAX_BYTES:
        raise OptionError(f"A file of presets has at most {MAX_BYTES // 1000} kB.")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise OptionError(_NO_FILE) from None
    if not isinstance(data, dict) or not isinstance(data.get("presets"), list) or "offcut" not in data:
        raise OptionError(_NO_FILE)
    if data["offcut"] != VERSION:
        raise OptionError("This file of presets was made by a newer Offcut. Use that, or save the presets again.")
    entries = data["presets"]
    if not 0 < len(entries) <= MOST:
        raise OptionError(f"A file of presets has 1 to {MOST} of them, and this one has {len(entries)}.")
    looks: dict[str, Look] = {}
    for entry in entries:
        values = check_fields("preset", entry, ("name", "look"))
        name = values.get("name")
        if not isinstance(name, str) or not name.strip() or len(name) > MAX_NAME or not name.isprintable():
            raise OptionError(f"Each preset needs a name of 1 to {MAX_NAME} characters.")
        if name in looks:
            raise OptionError(f"The file has two presets of the name {name!r}. Give one of them another.")
        try:
            looks[name] = Look.read(values.get("look"))
        except OptionError as error:
            raise OptionError(f"The preset {name!r} cannot be used. {error}") from None
    return looks


def read_project_presets(file: Path) -> dict[str, Look]:
    """Read `models/presets.toml`: the looks by id."""
    data: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    return {name: Look.read(entry.get("look")) for name, entry in data["presets"].items()}
