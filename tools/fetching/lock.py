"""The lock file: which files of which packages the project uses, and what each must look like."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from tools.errors import ToolError
from tools.paths import LOCK

SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class LockedFile:
    """One file taken out of a package."""

    members: tuple[str, ...]
    """Where it lies in the package: one path, or several whose contents make the file one after the other."""
    to: str
    sha256: str
    bytes: int
    ship: bool
    licence: str
    why: str
    licence_note: str | None


@dataclass(frozen=True)
class Package:
    """One package of a registry, at one version, with the files taken out of it."""

    manager: str
    name: str
    version: str
    bytes: int
    sha256: str
    licence: str
    licence_members: tuple[str, ...]
    copyright: str | None
    """For an MIT package that carries no licence text: the line its notice begins with."""
    licence_note: str | None
    """What else people should know about the licence, such as where its text is."""
    why: str
    source: str
    pip_python: str | None
    on_request: bool
    """Whether it is fetched only where one of its files is asked for: too large for everybody."""
    part: str | None
    """The part of a site that it is, where a site can be built without it."""
    files: tuple[LockedFile, ...]

    @property
    def label(self) -> str:
        """The package as people name it."""
        return f"{self.name} {self.version}"


def load(path: Path = LOCK) -> tuple[Package, ...]:
    """Read and check the lock file."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ToolError(f"{path.name} is not valid TOML: {error}") from error
    packages = tuple(_package(entry, path.name) for entry in data.get("package", ()))
    seen: set[str] = set()
    for file in (file for package in packages for file in package.files):
        if file.to in seen:
            raise ToolError(f"{path.name}: two files go to vendor/{file.to}")
        seen.add(file.to)
    return packages


def _package(entry: dict[str, Any], where: str) -> Package:
    try:
        files = tuple(_file(file, entry, where) for file in entry["file"])
        package = Package(
            manager=entry["manager"],
            name=entry["name"],
            version=entry["version"],
            bytes=entry["bytes"],
            sha256=entry["sha256"],
            licence=entry["licence"],
            licence_members=tuple(entry.get("licence_members", ())),
            copyright=entry.get("copyright"),
            licence_note=entry.get("licence_note"),
            why=entry["why"],
            source=entry["source"],
            pip_python=entry.get("pip_python"),
            on_request=entry.get("on_request", False),
            part=entry.get("part"),
            files=files,
        )
    except KeyError as error:
        raise ToolError(f"{where}: the package {entry.get('name', '?')} lacks {error}") from error
    if package.manager not in ("npm", "pip"):
        raise ToolError(f"{where}: {package.label} has the manager {package.manager!r}, known are npm and pip")
    if package.manager == "pip" and not package.pip_python:
        raise ToolError(f"{where}: {package.label} needs pip_python, the Python version to ask pip for")
    if package.copyright and package.licence != "MIT":
        raise ToolError(f"{where}: {package.label} has a copyright line for the MIT licence, but is {package.licence}")
    _check_hash(package.sha256, package.label, where)
    members = {member for file in files for member in file.members}
    for member in package.licence_members:
        if member not in members:
            raise ToolError(f"{where}: {package.label} names the licence text {member}, which is none of its files")
    return package


def _file(entry: dict[str, Any], package: dict[str, Any], where: str) -> LockedFile:
    file = LockedFile(
        members=_members(entry["member"]),
        to=entry["to"],
        sha256=entry["sha256"],
        bytes=entry["bytes"],
        ship=entry["ship"],
        licence=entry.get("licence", package["licence"]),
        why=entry.get("why", package["why"]),
        licence_note=entry.get("licence_note"),
    )
    _check_hash(file.sha256, file.to, where)
    target = PurePosixPath(file.to)
    if target.is_absolute() or ".." in target.parts or "\\" in file.to:
        raise ToolError(f"{where}: {file.to} would lie outside vendor/")
    return file


def _members(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _check_hash(value: str, what: str, where: str) -> None:
    if not SHA256.fullmatch(value):
        raise ToolError(f"{where}: the sha256 of {what} is not 64 hexadecimal digits")
