"""Pack the page's Python into one file: each of some fifty would cost several milliseconds at every start."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterable
from pathlib import PurePosixPath

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


def packed(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the site's files with the page's modules, languages and presets in one archive (ustar, RFC 1952), except
    `MAIN`.
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
        for path, data in sorted(named.items()):
            entry = tarfile.TarInfo(path)  # without a date, so that the same modules are the same bytes
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    rest = {path: data for path, data in files.items() if path not in inside}
    return rest | {ARCHIVE: gzip.compress(archive.getvalue(), 9, mtime=0)}


def _folders_without_files(paths: Iterable[str]) -> set[str]:
    """Return the folders that hold other folders only."""
    files = [PurePosixPath(path) for path in paths]
    return {str(folder) for file in files for folder in file.parents} - {str(file.parent) for file in files} - {"."}


def unpack(data: bytes) -> dict[str, bytes]:
    """Return what an archive of `packed` holds, by path within the page's folder."""
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as tar:
        return {entry.name: stream.read() for entry in tar if (stream := tar.extractfile(entry))}
