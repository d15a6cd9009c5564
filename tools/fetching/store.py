"""The per-user store of verified files, each named by its own hash."""

from __future__ import annotations

from pathlib import Path

from tools.fetching.lock import LockedFile
from tools.hashing import hash_bytes
from tools.paths import cache_folder
from tools.writing import write_file


class Store:
    """Files by hash, in the folder `files` of the cache."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (folder or cache_folder()) / "files"

    def path(self, sha256: str) -> Path:
        """Where a file with this hash lies, or would."""
        return self.folder / sha256

    def get(self, file: LockedFile) -> bytes | None:
        """The file's contents, or nothing. A damaged entry is said aloud, removed and counts as nothing."""
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
        """Keeps a file whose hash was verified."""
        write_file(self.path(file.sha256), data)
