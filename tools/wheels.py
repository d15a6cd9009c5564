"""`wheels`: the package offcut, and packages that carry a model each, so that pip alone brings everything."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tools.errors import ToolError
from tools.files import write_file
from tools.models import build, catalogue
from tools.models.catalogue import Entry
from tools.paths import LOCK, ROOT, VENDOR

LICENCE_TEXTS = {"Apache-2.0": "licences/pyscript.txt"}
"""Texts of licences below `vendor/`, for the packages that carry a network under it."""

PROJECT = """\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "{name}"
version = "{version}"
description = "The model {title} for offcut, which then needs no download."
readme = "README.md"
requires-python = ">=3.11"
license = "{licence}"
license-files = ["LICENSE"]

[project.entry-points."offcut.models"]
"{id}" = "{module}"

[tool.hatch.build.targets.wheel]
packages = ["{module}"]
"""

README = """\
# {name}

The model {title} for the package offcut, which finds it by itself:
`pip install 'offcut[native]' {name}`, then `offcut i photo.jpg cutout.png` works without any further download.

- Commercial use: {commercial}
- Code: {code}
- Weights: {weights}
- Training data: {training_data}
"""


def wheels(out: Path, ids: list[str]) -> None:
    """Build the wheel of offcut, and one for each model named.

    Args:
        out: the folder that they are put into.
        ids: models of the catalogue, whose sources are in `vendor/`.
    """
    out.mkdir(parents=True, exist_ok=True)
    _wheel(ROOT, out)
    for entry in catalogue.load().choose(ids) if ids else ():
        contents = build.files([entry.id], for_python=True)
        with tempfile.TemporaryDirectory(prefix="offcut-") as folder:
            for path, data in project(entry, contents, _version(), VENDOR, LOCK).items():
                write_file(Path(folder, path), data)
            _wheel(Path(folder), out)


def project(
    entry: Entry, contents: dict[str, bytes], version: str, vendor: Path = VENDOR, lock: Path = LOCK
) -> dict[str, bytes]:
    """Return the files of a project whose wheel carries a model.

    Args:
        entry: the model's, of the catalogue.
        contents: `catalogue.json` and `chunks/`, by path.
        version: of the package; that of offcut.
        vendor: has the texts of licences.
        lock: says which licence the network is under.
    """
    from tools.fetching.lock import load

    (licence,) = (
        file.licence for package in load(lock) for file in package.files if f"vendor/{file.to}" == entry.source
    )
    if licence not in LICENCE_TEXTS:
        raise ToolError(f"The network of the model {entry.id} is under {licence}, whose text is not at hand.")
    name = f"offcut-{entry.id}"
    module = name.replace("-", "_")
    values = entry.data["licence"] | {
        "id": entry.id,
        "name": name,
        "module": module,
        "version": version,
        "title": entry.data["title"],
        "licence": licence,
    }
    files = {f"{module}/{path}": data for path, data in contents.items()}
    files[f"{module}/__init__.py"] = f'"""Carries the model {entry.data["title"]} for offcut."""\n'.encode()
    files["pyproject.toml"] = PROJECT.format(**values).encode()
    files["README.md"] = README.format(**values).encode()
    files["LICENSE"] = (vendor / LICENCE_TEXTS[licence]).read_bytes()
    return files


def _version() -> str:
    from offcut import __version__

    return __version__


def _wheel(source: Path, out: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out.resolve())]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True)
    if done.returncode:
        raise ToolError(f"The wheel could not be built:\n{(done.stdout + done.stderr).strip()}")
    print(done.stdout.strip() or done.stderr.strip().splitlines()[-1], flush=True)
