"""Fetch what `vendor.lock.toml` names into `vendor/`, or verify what is there."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path

from tools.errors import ToolError
from tools.fetching import archives, clients, pyodide_wheels
from tools.fetching.lock import LockedFile, Package, load
from tools.fetching.store import Store
from tools.files import hash_file, locked, write_file
from tools.paths import LOCK, VENDOR, shown
from tools.progress import megabytes


def fetch(
    vendor: Path = VENDOR,
    lock: Path = LOCK,
    store: Store | None = None,
    client: clients.Client = clients.download,
    requested: Collection[str] = (),
) -> None:
    """Fetch what is missing or wrong in `vendor`, and remove what the lock does not name.

    Packages with `on_request` are fetched only if `requested` names one of their files, as a path in `vendor/`.
    """
    store = store or Store()
    packages = load(lock)
    wanted = tuple(
        package for package in packages if not package.on_request or any(file.to in requested for file in package.files)
    )
    if _unlisted(packages, vendor) or any(_missing(package, vendor) for package in wanted):
        # One process at a time: two would download everything twice, and remove each other's temporary files.
        with locked(store.folder.parent / "fetch.lock", "Waiting for another fetch to end …"):
            _remove(_unlisted(packages, vendor), vendor, lock)
            _install(wanted, vendor, store, client)
    pyodide_wheels.check(vendor / "pyodide")


def check(vendor: Path = VENDOR, lock: Path = LOCK) -> None:
    """Verify, offline, that `vendor` holds exactly the lock's files. Raises ToolError with every difference."""
    errors: list[str] = []
    packages = load(lock)
    files = [file for package in packages for file in package.files if not package.on_request or _hash_of(vendor, file)]
    for file in files:
        found = _hash_of(vendor, file)
        if found != file.sha256:
            errors.append(
                f"{shown(vendor / file.to)}\n  expected sha256 {file.sha256}\n"
                f"  found    {f'sha256 {found}' if found else 'no such file'}"
            )
    errors += [f"{shown(path)}\n  {lock.name} does not name it" for path in _unlisted(packages, vendor)]
    if errors:
        raise ToolError(
            "\n".join(errors)
            + f"\nMissing, wrong or too many: {len(errors)}; `python3 -m tools fetch` puts that right."
        )
    pyodide_wheels.check(vendor / "pyodide")
    print(f"All {len(files)} files in {shown(vendor)}/ are as {lock.name} says.")


def _install(packages: tuple[Package, ...], vendor: Path, store: Store, client: clients.Client) -> None:
    to_download: list[tuple[Package, list[LockedFile]]] = []
    for package in packages:
        to_fetch = []
        for file in _missing(package, vendor):
            data = store.get(file)
            if data is None:
                to_fetch.append(file)
            else:
                write_file(vendor / file.to, data)
        if to_fetch:
            to_download.append((package, to_fetch))
    if to_download:
        total = sum(package.bytes for package, _ in to_download)
        print(
            f"Downloading {len(to_download)} packages, {megabytes(total)} in all, "
            f"into {shown(vendor)}/ and the cache {store.folder.parent}.",
            flush=True,
        )
    for number, (package, files) in enumerate(to_download, 1):
        print(f"[{number}/{len(to_download)}] {package.label}, {megabytes(package.bytes)}: {package.why} …", flush=True)
        _download(package, files, vendor, store, client)
        print(f"[{number}/{len(to_download)}] {package.label}: done, verified.", flush=True)


def _download(package: Package, files: list[LockedFile], vendor: Path, store: Store, client: clients.Client) -> None:
    with tempfile.TemporaryDirectory(prefix="offcut-") as folder:
        archive = client(package, Path(folder))
        for file, data in archives.extract(archive, package, files):
            store.put(file, data)
            write_file(vendor / file.to, data)


def _hash_of(vendor: Path, file: LockedFile) -> str | None:
    path = vendor / file.to
    return hash_file(path) if path.is_file() else None


def _missing(package: Package, vendor: Path) -> list[LockedFile]:
    """Return the package's files that are missing or wrong."""
    return [file for file in package.files if _hash_of(vendor, file) != file.sha256]


def _unlisted(packages: tuple[Package, ...], vendor: Path) -> list[Path]:
    """Return the paths in `vendor` that the lock names neither as a file nor as a folder of one, sorted."""
    named = {vendor / file.to for package in packages for file in package.files}
    folders = {folder for path in named for folder in path.parents}
    unlisted = []
    # Links are not followed: their targets are not ours.
    for place, subfolders, files in os.walk(vendor):
        unlisted += [Path(place, name) for name in files if Path(place, name) not in named]
        unknown = [name for name in subfolders if Path(place, name) not in folders]
        unlisted += [Path(place, name) for name in unknown]
        subfolders[:] = [name for name in subfolders if name not in unknown]
    return sorted(unlisted)


def _remove(unlisted: list[Path], vendor: Path, lock: Path) -> None:
    for path in unlisted:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    if unlisted:
        names = ", ".join(path.relative_to(vendor).as_posix() for path in unlisted)
        print(f"Removed from {shown(vendor)}/ what {lock.name} does not name: {names}.", flush=True)
