"""Pack the page's Python into one file: each of some fifty would cost several milliseconds at every start."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterable
from pathlib import PurePosixPath

from tools.errors import ToolError
from tools.site import presets

FOLDER = "app/"
SHARED = "worker/offcut/protocol/"
"""What page and worker both import; it lies in the archive as `offcut/protocol/`."""

SAMPLES = "worker/offcut/recipes/samples/"
"""Recipes that the page offers; their texts lie in the archive as `recipes/samples/`."""

MAIN = "app/main.py"
DATA = (f"{FOLDER}languages/", presets.NAME)
"""What the page's modules read."""

ARCHIVE = "app/modules.bin"
"""Not named `.gz`, which some hosts unpack themselves and some do not; `app/pyscript.toml` tells PyScript its type."""


MAX_MEMBER = 65_536
"""PyScript's unpacking in MicroPython leaves out what a file has beyond so many bytes, and says nothing."""


def packed(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the site's files with the page's modules, languages and presets in one archive (ustar, RFC 1952), except
    `MAIN`. Data of more than `MAX_MEMBER` bytes are in parts (app/core/files.py). Raises ToolError where a module has
    more.
    """
    inside = {
        path: data
        for path, data in files.items()
        if path.startswith(FOLDER) and path != MAIN and (path.endswith(".py") or path.startswith(DATA))
    }
    named = {path.removeprefix(FOLDER): data for path, data in inside.items()}
    named |= {path.removeprefix("worker/"): data for path, data in files.items() if path.startswith(SHARED)}
    named |= {
        f"recipes/samples/{path.removeprefix(SAMPLES)}": data
        for path, data in files.items()
        if path.startswith(SAMPLES) and not path.endswith("__init__.py")
    }
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for folder in sorted(_folders_without_files(named)):  # PyScript makes a file's own folder and no other
            entry = tarfile.TarInfo(folder)
            entry.type = tarfile.DIRTYPE
            tar.addfile(entry)
        for path, data in sorted(_divided(named).items()):
            entry = tarfile.TarInfo(path)  # without a date, so that the same modules are the same bytes
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    rest = {path: data for path, data in files.items() if path not in inside}
    return rest | {ARCHIVE: gzip.compress(archive.getvalue(), 9, mtime=0)}


def _divided(files: dict[str, bytes]) -> dict[str, bytes]:
    divided = {}
    for path, data in files.items():
        if len(data) > MAX_MEMBER and path.endswith(".py"):
            raise ToolError(f"{path} has more than {MAX_MEMBER:,} bytes, which MicroPython does not unpack. Divide it.")
        for part, start in enumerate(range(0, max(len(data), 1), MAX_MEMBER)):
            divided[f"{path}.{part}" if part else path] = data[start : start + MAX_MEMBER]
    return divided


def _folders_without_files(paths: Iterable[str]) -> set[str]:
    """Return the folders that hold other folders only."""
    files = [PurePosixPath(path) for path in paths]
    return {str(folder) for file in files for folder in file.parents} - {str(file.parent) for file in files} - {"."}


def unpack(data: bytes) -> dict[str, bytes]:
    """Return the files that an archive of `packed` was made of, by path within the page's folder."""
    found: dict[str, bytes] = {}
    for path, part in members(data).items():
        stem, _, ending = path.rpartition(".")
        name = stem if ending.isdecimal() else path
        found[name] = found.get(name, b"") + part
    return found


def members(data: bytes) -> dict[str, bytes]:
    """Return what an archive of `packed` holds, with the parts of large files, by path within the page's folder."""
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as tar:
        return {entry.name: stream.read() for entry in tar if (stream := tar.extractfile(entry))}
