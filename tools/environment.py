"""The tools' own virtual environment. Standard library only: this runs before anything is installed."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

from tools.errors import ToolError
from tools.files import hash_bytes, hash_file
from tools.paths import REQUIREMENTS, ROOT, VENV
from tools.progress import show_progress

# What each requirements file brings, and what it includes besides, in the words shown while it installs.
CONTENTS = {
    "build": "numpy, Pillow, onnx and onnxruntime, about 60 MB, to cut the models and check them",
    "test": "the build's libraries, pytest, Hypothesis, browser drivers and linters, about 200 MB, to run the tests",
    "quality": "the build's libraries, Playwright, scipy and PySODMetrics, about 140 MB, to measure cutouts",
    "fuzz": "the build's libraries and atheris, about 100 MB, to try random inputs",
    "node": "Node.js with npm, about 65 MB, because this machine has no npm to fetch packages with",
}
INCLUDES = {"test": ("build",), "quality": ("build",), "fuzz": ("build",)}


def program(name: str) -> Path:
    """Return the path of a program inside the environment."""
    return VENV / ("Scripts" if os.name == "nt" else "bin") / (f"{name}.exe" if os.name == "nt" else name)


def inside() -> bool:
    """Return whether this process already runs in the tools' environment."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def ensure(name: str) -> None:
    """Install the requirements `name` unless the stamp says that exactly these are there already."""
    usable = program("python").exists() and _reads("python") == _interpreter()
    if usable and _reads(name) == _wanted(name):
        return
    if not usable:
        _create()
    print(f"Installing into .venv: {CONTENTS[name]} …", flush=True)
    # --no-deps: each file names everything, so nothing is left to resolve, and quality.in knows better than a package.
    command = _pip_install("--require-hashes", "-r", str(REQUIREMENTS / f"{name}.txt"))
    with show_progress(lambda: "still installing"):
        result = subprocess.run(command, cwd=ROOT)
    if result.returncode != 0:
        raise ToolError(
            "The libraries could not be installed; pip's own message is above. Check the network and try again. "
            "If pip finds no version for this Python, use another one from 3.11 on."
        )
    if "build" in (name, *INCLUDES.get(name, ())):
        _install_checkout()
    for each in (name, *INCLUDES.get(name, ())):
        _stamp(each).write_text(_wanted(each))


def rerun_inside(module: str = "tools") -> int:
    """Run the same command of this module again with the environment's own Python, and return its exit code."""
    command = [str(program("python")), "-m", module, *sys.argv[1:]]
    if os.name != "nt":
        sys.stdout.flush()
        os.execv(command[0], command)
    # Windows has no exec that keeps the terminal waiting, so the first process stays and passes the code on.
    try:
        return subprocess.run(command).returncode
    except KeyboardInterrupt:
        return 130


def _pip_install(*arguments: str) -> list[str]:
    """The command line that installs into the environment exactly what the arguments name, without dependencies."""
    pip = [str(program("python")), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    return [*pip, "--no-deps", *arguments]


def _install_checkout() -> None:
    """Install this checkout as the package `offcut`, editable, with the locked build backend."""
    command = _pip_install("--no-build-isolation", "--no-index", "--editable", str(ROOT))
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if result.returncode != 0:
        raise ToolError(f"The package offcut could not be installed from this checkout:\n{result.stderr.strip()}")


def _stamp(name: str) -> Path:
    return VENV / f"offcut-{name}.stamp"


def _reads(name: str) -> str | None:
    return _stamp(name).read_text() if _stamp(name).is_file() else None


def _wanted(name: str) -> str:
    """Return the hashes that decide the contents: of the requirements, and of how this checkout is packaged."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packaging = [project["build-system"], project["project"], project["tool"]["hatch"]]
    return hash_file(REQUIREMENTS / f"{name}.txt") + hash_bytes(json.dumps(packaging, sort_keys=True).encode())


def _interpreter() -> str:
    # An upgraded system swaps the Python behind the environment's link, and its libraries are then of the wrong one.
    return program("python").resolve().name


def _create() -> None:
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise ToolError(
            "This Python comes without the venv module, which the tools need for their own environment. "
            "On Debian or Ubuntu install it with: apt-get install python3-venv"
        )
    print("Making the tools' own environment in .venv …", flush=True)
    result = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    if result.returncode != 0:
        raise ToolError(f"The environment .venv could not be made:\n{(result.stdout + result.stderr).strip()}")
    _stamp("python").write_text(_interpreter())
