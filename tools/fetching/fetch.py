"""Bringing `vendor/` to what the lock says, and checking that it is there already."""

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
from tools.hashing import hash_file
from tools.locking import locked
from tools.paths import LOCK, VENDOR, shown
from tools.sizes import megabytes
from tools.writing import write_file


def fetch(
    vendor: Path = VENDOR,
    lock: Path = LOCK,
    store: Store | None = None,
    client: clients.Client = clients.download,
    requested: Collection[str] = (),
) -> None:
    """Fetches what is missing or wrong in `vendor`, and removes what the lock does not name.

    Of packages on request it brings those that `requested` names a file of, as a path in `vendor/`.
    """
    store = store or Store()
    packages = load(lock)
    wanted = tuple(
        package for package in packages if not package.on_request or any(file.to in requested for file in package.files)
    )
    if _strangers(packages, vendor) or any(_lacking(package, vendor) for package in wanted):
        # One at a time: two would download everything twice, and one remove what the other is about to rename.
        with locked(store.folder.parent / "fetch.lock", "Waiting for another fetch to end …"):
            _remove(_strangers(packages, vendor), vendor, lock)
            _bring(wanted, vendor, store, client)
    pyodide_wheels.check(vendor / "pyodide")


def check(vendor: Path = VENDOR, lock: Path = LOCK) -> None:
    """Verifies that `vendor` holds exactly the lock's files, without the network; raises with all that is amiss."""
    amiss = []
    packages = load(lock)
    files = [file for package in packages for file in package.files if not package.on_request or _found(vendor, file)]
    for file in files:
        found = _found(vendor, file)
        if found != file.sha256:
            amiss.append(
                f"{shown(vendor / file.to)}\n  expected sha256 {file.sha256}\n"
                f"  found    {f'sha256 {found}' if found else 'no such file'}"
            )
    amiss += [f"{shown(path)}\n  {lock.name} does not name it" for path in _strangers(packages, vendor)]
    if amiss:
        raise ToolError(
            "\n".join(amiss) + f"\nMissing, wrong or too many: {len(amiss)}; `python3 -m tools fetch` puts that right."
        )
    pyodide_wheels.check(vendor / "pyodide")
    print(f"All {len(files)} files in {shown(vendor)}/ are as {lock.name} says.")


def _bring(packages: tuple[Package, ...], vendor: Path, store: Store, client: clients.Client) -> None:
    to_download: list[tuple[Package, list[LockedFile]]] = []
    for package in packages:
        absent = []
        for file in _lacking(package, vendor):
            data = store.get(file)
            if data is None:
                absent.append(file)
            else:
                write_file(vendor / file.to, data)
        if absent:
            to_download.append((package, absent))
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


def _found(vendor: Path, file: LockedFile) -> str | None:
    path = vendor / file.to
    return hash_file(path) if path.is_file() else None


def _lacking(package: Package, vendor: Path) -> list[LockedFile]:
    """The package's files that are missing or wrong."""
    return [file for file in package.files if _found(vendor, file) != file.sha256]


def _strangers(packages: tuple[Package, ...], vendor: Path) -> list[Path]:
    """What lies in `vendor` though the lock names neither it nor anything below it, sorted."""
    named = {vendor / file.to for package in packages for file in package.files}
    folders = {folder for path in named for folder in path.parents}
    strangers = []
    # Links are not followed: what they lead to is not ours.
    for place, subfolders, files in os.walk(vendor):
        strangers += [Path(place, name) for name in files if Path(place, name) not in named]
        unknown = [name for name in subfolders if Path(place, name) not in folders]
        strangers += [Path(place, name) for name in unknown]
        subfolders[:] = [name for name in subfolders if name not in unknown]
    return sorted(strangers)


def _remove(strangers: list[Path], vendor: Path, lock: Path) -> None:
    for path in strangers:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    if strangers:
        names = ", ".join(path.relative_to(vendor).as_posix() for path in strangers)
        print(f"Removed from {shown(vendor)}/ what {lock.name} does not name: {names}.", flush=True)
