"""Update a package of `vendor.lock.toml`: fetch another version, show what changes, and write it into the file."""

from __future__ import annotations

import difflib
import email
import json
import posixpath
import re
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tools.errors import ToolError
from tools.fetching import archives, clients
from tools.fetching.archives import Archive
from tools.fetching.lock import LockedFile, Package, load
from tools.files import hash_bytes, hash_file, write_file
from tools.paths import LOCK
from tools.progress import megabytes

Newest = Callable[[Package], str]
"""Asks a registry for a package's newest version."""

VARYING = re.compile(r"\d+(?:\.\d+)+|(?<=-)[A-Za-z0-9_]{8}(?=\.)")
"""The parts of a member's path that another version may change: version numbers, and the hashes that bundlers add."""

IMPORTED = re.compile(rb"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"'?]+)["']""")
"""A relative import of a JavaScript module."""

SPDX = re.compile(r"[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*")


@dataclass(frozen=True)
class NewFile:
    """A locked file as it is in another version of its package."""

    old: LockedFile
    members: tuple[str, ...]
    to: str
    data: bytes

    @property
    def sha256(self) -> str:
        """The hash of the new contents."""
        return hash_bytes(self.data)


def outdated(lock: Path = LOCK, newest: Newest = clients.newest) -> int:
    """Print the packages that have a newer version, and return 0."""
    count = 0
    for package in load(lock):
        version = newest(package)
        if version != package.version:
            count += 1
            print(f"{package.name}  {package.version} -> {version}", flush=True)
    print(f"{count} of {len(load(lock))} packages have a newer version." if count else "Every package is up to date.")
    return 0


def update(
    name: str,
    version: str | None = None,
    lock: Path = LOCK,
    client: clients.Client = clients.download,
    newest: Newest = clients.newest,
) -> int:
    """Write another version of a package into the lock file, and print what changes. Return 0.

    Both versions are fetched, to distinguish what the package changed from what the lock states differently.
    Comments and the order of the file stay.

    Args:
        name: the package's name in the lock file.
        version: the version to take; the newest if None.

    Raises:
        ToolError: the lock has no such package, it cannot be fetched, or a file that the lock takes from it has no
            counterpart in the new version.
    """
    package = next((each for each in load(lock) if each.name == name), None)
    if package is None:
        raise ToolError(f"{lock.name} has no package {name!r}; it has {', '.join(each.name for each in load(lock))}.")
    version = version or newest(package)
    if version == package.version:
        print(f"{package.label} is in {lock.name} already.")
        return 0
    wanted = replace(package, version=version)
    with tempfile.TemporaryDirectory(prefix="offcut-") as folder:
        old_path, new_path = (
            _fetch(each, Path(folder, name), client) for each, name in ((package, "old"), (wanted, "new"))
        )
        archives.verify(f"{old_path.name} ({package.label})", package.sha256, hash_file(old_path))
        with archives.opened(old_path) as old, archives.opened(new_path) as new:
            files = [_counterpart(file, wanted, new) for file in package.files]
            licence = _new_licence(package, old, new)
            print(f"{package.name}  {package.version} -> {version}")
            size = new_path.stat().st_size
            print(f"  archive  {megabytes(package.bytes)} -> {megabytes(size)}")
            _report_licence(package, licence, files, old)
            _report_files(files, old, new)
            _write(lock, package, version, size, hash_file(new_path), licence, files)
    load(lock)
    _report_mentions(lock, package, files)
    print(f"{lock.name} is written. Next: `python3 -m tools fetch`, then `python3 -m tools test`.")
    return 0


def _fetch(package: Package, folder: Path, client: clients.Client) -> Path:
    folder.mkdir()
    print(f"Fetching {package.label} …", flush=True)
    return client(package, folder)


def _counterpart(file: LockedFile, package: Package, archive: Archive) -> NewFile:
    """Find a locked file in another version of its package."""
    members = tuple(_renamed(member, package, archive) for member in file.members)
    to = file.to
    if len(members) == 1:
        old, new = (posixpath.basename(member) for member in (file.members[0], members[0]))
        to = posixpath.join(posixpath.dirname(to), new) if posixpath.basename(to) == old else to
    return NewFile(file, members, to, b"".join(map(archive.read, members)))


def _renamed(member: str, package: Package, archive: Archive) -> str:
    if member in archive.names:
        return member
    # Everything between the varying parts has to be the same.
    fixed = [re.escape(part) for part in VARYING.split(member)]
    pattern = re.compile(r"[A-Za-z0-9_.]+".join(fixed))
    found = [name for name in archive.names if pattern.fullmatch(name)] if len(fixed) > 1 else []
    if len(found) != 1:
        several = f"it could be any of {', '.join(found)}" if found else "nothing has a similar name"
        raise ToolError(f"{package.label} holds no file {member}; {several}. Change the entry by hand.")
    return found[0]


def _declared_licence(archive: Archive) -> str | None:
    """Return the licence that a package's own metadata declares, as an SPDX expression."""
    if "package/package.json" in archive.names:
        licence = json.loads(archive.read("package/package.json")).get("license")
    else:
        name = next((name for name in archive.names if name.endswith(".dist-info/METADATA")), None)
        metadata = email.message_from_bytes(archive.read(name) if name else b"")
        licence = metadata.get("License-Expression") or metadata.get("License")
    return licence if isinstance(licence, str) and SPDX.fullmatch(licence) else None


def _new_licence(package: Package, old: Archive, new: Archive) -> str:
    """Return the new version's licence: the lock's, unless the package itself declares another than before."""
    before, after = _declared_licence(old), _declared_licence(new)
    return after if after and after != before else package.licence


def _report_licence(package: Package, licence: str, files: list[NewFile], old: Archive) -> None:
    changed = licence != package.licence
    print(f"  licence  {package.licence}{f' -> {licence}: READ IT' if changed else ', as before'}")
    for file in files:
        if file.members[0] in package.licence_members or file.old.members[0] in package.licence_members:
            before = old.read(file.old.members[0]).decode("utf-8", "replace").splitlines()
            after = file.data.decode("utf-8", "replace").splitlines()
            for line in difflib.unified_diff(before, after, file.old.members[0], file.members[0], lineterm="", n=1):
                print(f"    {line}")


def _report_files(files: list[NewFile], old: Archive, new: Archive) -> None:
    for file in files:
        path = file.old.to if file.to == file.old.to else f"{file.old.to} -> {file.to}"
        sizes = f"{megabytes(file.old.bytes)} -> {megabytes(len(file.data))}"
        print(f"  {path}  {'unchanged' if file.sha256 == file.old.sha256 else sizes}")
    taken = {member for file in files for member in file.members}
    before = {_shape(module) for _, module in _imports({file.old.members[0] for file in files if file.old.ship}, old)}
    for importer, module in sorted(_imports({file.members[0] for file in files if file.old.ship}, new)):
        if module not in taken and _shape(module) not in before:
            print(f"  NOT IN THE LOCK: {module}, which {importer} imports")
    folders = {posixpath.dirname(member) for member in taken}
    known = {_shape(name) for name in old.names}
    added = [name for name in sorted(new.names) if _shape(name) not in known and posixpath.dirname(name) in folders]
    if added:
        print(f"  new in the package, not taken: {', '.join(added[:12])}{' …' if len(added) > 12 else ''}")


def _shape(member: str) -> str:
    return VARYING.sub("*", member)


def _imports(members: set[str], archive: Archive) -> set[tuple[str, str]]:
    """Return which of the package's own modules these JavaScript members import, each after its importer."""
    found = set()
    for member in members:
        if member.endswith((".js", ".mjs")):
            for address in IMPORTED.findall(archive.read(member)):
                module = posixpath.normpath(posixpath.join(posixpath.dirname(member), address.decode()))
                if module in archive.names:
                    found.add((member, module))
    return found


def _report_mentions(lock: Path, package: Package, files: list[NewFile]) -> None:
    """Print where the repository still names the old version or files that have another name now."""
    renamed = [posixpath.basename(file.old.to) for file in files if file.to != file.old.to]
    patterns = [part for text in (package.version, *renamed) for part in ("-e", text)]
    command = ["git", "grep", "-nFI", *patterns, "--", ".", ":!*lock.json", ":!tools/requirements"]
    with suppress(FileNotFoundError):
        result = subprocess.run(command, cwd=lock.parent, capture_output=True, text=True, errors="replace")
        for line in result.stdout.splitlines():
            print(f"  still names the old version: {line[:160]}")


def _write(
    lock: Path, package: Package, version: str, size: int, sha256: str, licence: str, files: list[NewFile]
) -> None:
    import tomlkit

    document: Any = tomlkit.parse(lock.read_text(encoding="utf-8"))
    entry = next(each for each in document["package"] if each["name"] == package.name)
    entry["version"], entry["bytes"], entry["sha256"], entry["licence"] = version, size, sha256, licence
    renamed = {old: new for file in files for old, new in zip(file.old.members, file.members, strict=True)}
    for index, member in enumerate(entry.get("licence_members", ())):
        entry["licence_members"][index] = renamed[member]
    for table, file in zip(entry["file"], files, strict=True):
        if isinstance(table["member"], str):
            table["member"] = file.members[0]
        else:
            for index, member in enumerate(file.members):
                table["member"][index] = member
        table["to"], table["sha256"], table["bytes"] = file.to, file.sha256, len(file.data)
    write_file(lock, tomlkit.dumps(document).encode())
