"""The page's Python as one file: each of some fifty takes the service worker and the browser several milliseconds of every start."""

from __future__ import annotations

import gzip
import io
import tarfile

FOLDER = "app/"
MAIN = "app/main.py"
ARCHIVE = "app/modules.bin"
"""Its name does not end in `.gz`, which some hosts unpack themselves and some do not. `app/pyscript.toml` tells PyScript what it is."""


def packed(files: dict[str, bytes]) -> dict[str, bytes]:
    """The site's files with the page's modules and languages in one archive (ustar, RFC 1952), but for the one that PyScript runs."""
    inside = {
        path: data
        for path, data in files.items()
        if path.startswith(FOLDER) and path != MAIN and (path.endswith(".py") or path.startswith(f"{FOLDER}languages/"))
    }
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path, data in sorted(inside.items()):
            entry = tarfile.TarInfo(
                path.removeprefix(FOLDER)
            )  # without a date, so that the same modules are the same bytes
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    rest = {path: data for path, data in files.items() if path not in inside}
    return rest | {ARCHIVE: gzip.compress(archive.getvalue(), 9, mtime=0)}


def unpack(data: bytes) -> dict[str, bytes]:
    """What an archive of `packed` holds, by path within the page's folder."""
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as tar:
        return {entry.name: tar.extractfile(entry).read() for entry in tar if entry.isfile()}
