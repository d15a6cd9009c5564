"""The presets as the page reads them: `models/presets.toml` as JSON."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

SOURCE = "presets.toml"
NAME = "app/presets.json"


def files(folder: Path) -> dict[str, bytes]:
    """Return the site's file of presets, by path; nothing where the folder has none.

    Args:
        folder: `models` of the working tree.
    """
    if not (folder / SOURCE).is_file():
        return {}
    data = tomllib.loads((folder / SOURCE).read_text("utf-8"))
    for place, entry in enumerate(data["presets"].values()):
        entry["order"] = place  # the page's dictionaries have none
    return {NAME: json.dumps(data, ensure_ascii=False, default=str).encode()}  # a day becomes 2026-11-29
