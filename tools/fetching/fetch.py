"""Bringing `vendor/` to what the lock says, and checking that it is there already."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tools.fetching import archives, clients, pyodide_wheels
from tools.fetching.lock import LockedFile, Package, load
from tools.fetching.store import Store
from tools.hashing import hash_file
from tools.paths import LOCK, VENDOR, shown
from tools.problems import Problem
from tools.sizes import megabytes
from tools.writing import write_file


def fetch(
    vendor: Path = VENDOR, lock: Path = LOCK, store: Store | None = None, client: clients.Client = clients.download
) -> None:
    """Fetches what is missing or wrong in `vendor`, and nothing else."""
    store = store or Store()
    packages = load(lock)
    to_download: list[tuple[Package, list[LockedFile]]] = []
    for package in packages:
        absent = []
        for file in package.files:
            if _found(vendor, file) == file.sha256:
                continue
            data = store.get(file)
            if data is None:
                absent.append(file)
            else:
                write_file(vendor / file.to, data)
        if absent:
            to_download.append((package, absent))
    if to_download:
        total = sum(package.bytes for package, _ in to_download)
        print(f"Downloading {len(to_download)} packages, {megabytes(total)} in all, "
              f"into {shown(vendor)}/ and the cache {store.folder.parent}.", flush=True)
    for number, (package, files) in enumerate(to_download, 1):
        print(f"[{number}/{len(to_download)}] {package.label}, {megabytes(package.bytes)}: {package.why} …", flush=True)
        _download(package, files, vendor, store, client)
        print(f"[{number}/{len(to_download)}] {package.label}: done, verified.", flush=True)
    pyodide_wheels.check(vendor / "pyodide")


def check(vendor: Path = VENDOR, lock: Path = LOCK) -> None:
    """Verifies every file of the lock on disk, without the network; raises with all that is amiss."""
    amiss = []
    files = [file for package in load(lock) for file in package.files]
    for file in files:
        found = _found(vendor, file)
        if found != file.sha256:
            amiss.append(f"{shown(vendor / file.to)}\n  expected sha256 {file.sha256}\n"
                         f"  found    {f'sha256 {found}' if found else 'no such file'}")
    if amiss:
        raise Problem("\n".join(amiss) + f"\n{len(amiss)} of {len(files)} files are missing or wrong; "
                      "`python3 -m tools fetch` brings them back.")
    pyodide_wheels.check(vendor / "pyodide")
    print(f"All {len(files)} files in {shown(vendor)}/ are as {lock.name} says.")


def _download(package: Package, files: list[LockedFile], vendor: Path, store: Store, client: clients.Client) -> None:
    with tempfile.TemporaryDirectory(prefix="offcut-") as folder:
        archive = client(package, Path(folder))
        for file, data in archives.extract(archive, package, files):
            store.put(file, data)
            write_file(vendor / file.to, data)


def _found(vendor: Path, file: LockedFile) -> str | None:
    path = vendor / file.to
    return hash_file(path) if path.is_file() else None
