"""Check the wheels against Pyodide's own lock, which names the numpy and Pillow that belong to it."""

from __future__ import annotations

import json
from pathlib import Path

from tools.errors import ToolError
from tools.fetching.archives import verify
from tools.files import hash_file


def check(folder: Path) -> None:
    """Raise unless every wheel in `folder` is byte for byte the one that the folder's `pyodide-lock.json` names."""
    wheels = sorted(folder.glob("*.whl"))
    if not wheels:
        return
    listed = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"].values()
    hashes = {package["file_name"]: package["sha256"] for package in listed}
    for wheel in wheels:
        if wheel.name not in hashes:
            raise ToolError(f"{wheel.name} is not a wheel of this Pyodide: its pyodide-lock.json does not name it.")
        verify(f"{wheel.name}, by Pyodide's own lock,", hashes[wheel.name], hash_file(wheel))
