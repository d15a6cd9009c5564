"""Pack a site's Python for the browser."""

from __future__ import annotations

import ast
import json
from pathlib import Path, PurePosixPath
from typing import Any

from tools.files import hash_bytes
from tools.site.packing import archives, bytecode, wheels

LOCK = "vendor/pyodide/pyodide-lock.json"
ENGINE = "worker/offcut/"
ARCHIVE = "worker/offcut.zip"
TYPED = "py.typed"
"""Says to type checkers that the engine has types. A browser has no use for it."""

LIBRARY = "vendor/pyodide/python_stdlib.zip"
LATE = "vendor/pyodide/python_late.zip"
"""The part of the library that no start imports (`offcut.browser.late_library`)."""

LATE_NAMES = "late.txt"

NOT_SHIPPED = ("offcut/cli/", "offcut/recipes/samples/", "offcut/store/")
"""The command line and the models of a machine, which no browser has; sample recipes, which the page has as texts."""

CPYTHON_ONLY = (
    "offcut/__main__.py",
    "offcut/conversions.py",
    "offcut/inference/onnx_native.py",
    "offcut/native.py",
    "offcut/removal.py",
    "offcut/request.py",
)
"""Modules of the engine that no browser imports."""

PYSCRIPT = "import html"
"""What PyScript's own Python in the worker imports besides."""


def packed(files: dict[str, bytes], pyodide: Path, cache: Path | None = None) -> dict[str, bytes]:
    """Return the site's files with the engine in one archive, slim compiled wheels, a compiled library.

    Args:
        files: the site's files by path.
        pyodide: the folder of Pyodide's own files, to compile with.
    """
    engine = {
        path.removeprefix("worker/"): data
        for path, data in files.items()
        if path.startswith(ENGINE) and not path.endswith(TYPED) and not any(folder in path for folder in NOT_SHIPPED)
    }
    rest = {path: data for path, data in files.items() if not path.startswith(ENGINE)}
    if LOCK not in files:
        return rest | {ARCHIVE: archives.pack(engine)}
    lock = json.loads(files[LOCK])
    modules = {name: data for name, data in engine.items() if name.endswith(".py")}
    data = {name: data for name, data in engine.items() if name not in modules}
    rest[ARCHIVE] = archives.pack(data | bytecode.compiled(modules, pyodide, cache, bare=True))
    opened = {path: wheels.needed(archives.unpack(data)) for path, data in files.items() if path.endswith(".whl")}
    made = bytecode.compiled(_sources(opened), pyodide, cache, bare=True)
    for path, inside in opened.items():
        instead = {name: data for name, data in inside.items() if not name.endswith(".py")} | _of(made, path)
        rest[path] = archives.pack(wheels.with_record(instead))
    slim = {PurePosixPath(path).name: rest[path] for path in opened}
    rest[LOCK] = _lock(lock, slim)
    if LIBRARY in files:
        lines = sorted({PYSCRIPT} | imports(engine))
        packages = [name for name, entry in lock["packages"].items() if entry["file_name"] in slim]
        used = bytecode.imported(lines, packages, pyodide, cache)
        rest[LIBRARY], rest[LATE] = _library(files[LIBRARY], used, pyodide, cache)
    return rest


def imports(engine: dict[str, bytes]) -> set[str]:
    """Return what the engine's modules import from elsewhere at their top level, one statement a string.

    Args:
        engine: files by their path below `worker/`.
    """
    found = set()
    for path, data in engine.items():
        if path.endswith(".py") and path not in CPYTHON_ONLY:
            for node in ast.parse(data).body:
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom) and not node.level:
                    names = [node.module or ""]
                if names and names[0].split(".")[0] != "offcut":
                    found.add(ast.unparse(node))
    return found


def _library(archive: bytes, used: list[str], pyodide: Path, cache: Path | None) -> tuple[bytes, bytes]:
    """Return what every start imports of the standard library, as bytecode, and an archive of its other modules.

    Bytecode starts in a third of the time. As bytecode the others would be 2 MB more to download.
    """
    inside = archives.unpack(archive)
    sources = {path: inside.pop(path) for path in used if path.endswith(".py") and path in inside}
    late = {path: inside.pop(path) for path in list(inside) if path.endswith(".py")}
    names = {LATE_NAMES: "\n".join(sorted(late)).encode()}
    return archives.pack(inside | names | bytecode.compiled(sources, pyodide, cache)), archives.pack(late)


def _sources(archives: dict[str, dict[str, bytes]]) -> dict[str, bytes]:
    return {
        f"{archive}/{name}": data
        for archive, inside in archives.items()
        for name, data in inside.items()
        if name.endswith(".py")
    }


def _of(made: dict[str, bytes], archive: str) -> dict[str, bytes]:
    start = f"{archive}/"
    return {path.removeprefix(start): data for path, data in made.items() if path.startswith(start)}


def _lock(lock: dict[str, Any], made: dict[str, bytes]) -> bytes:
    """Return Pyodide's lock with only the packages that are here, and the hashes they have now."""
    packages = {}
    for name, entry in lock["packages"].items():
        if entry["file_name"] in made:
            packages[name] = entry | {"sha256": hash_bytes(made[entry["file_name"]])}
    return json.dumps(lock | {"packages": packages}, indent=1).encode() + b"\n"
