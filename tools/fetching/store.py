"""The per-user store of verified files, each named by its own hash."""

from __future__ import annotations

from pathlib import Path

from tools.fetching.lock import LockedFile
from tools.files import hash_bytes, write_file
from tools.paths import cache_folder


class Store:
    """Files by hash, in the folder `files` of the cache."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (folder or cache_folder()) / "files"

    def path(self, sha256: str) -> Path:
        """Return where a file with this hash lies, or would."""
        return self.folder / sha256

    def get(self, file: LockedFile) -> bytes | None:
        """Return the file's contents, or None. A damaged entry is reported, removed and counts as missing."""
        path = self.path(file.sha256)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        found = hash_bytes(data)
        if found == file.sha256:
            return data
        print(
            f"The cached copy of {file.to} is damaged and is fetched again:\n"
            f"  expected sha256 {file.sha256}\n  found    sha256 {found}",
            flush=True,
        )
        path.unlink(missing_ok=True)
        return None

    def put(self, file: LockedFile, data: bytes) -> None:
        """Keep a file whose hash was verified."""
        write_file(self.path(file.sha256), data)
