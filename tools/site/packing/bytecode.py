"""Compiling Python to bytecode with the very interpreter that will run it: Pyodide, started by Node.js.

Bytecode belongs to one version of Python, and the one that runs the tools is seldom Pyodide's.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from tools.errors import ToolError
from tools.files import hash_bytes, write_file
from tools.node import node_program
from tools.paths import cache_folder
from tools.site.packing import archives

# Node runs no Python, so these few lines start the interpreter and hand it the script and the folder.
_START = """
const [pyodide, folder, script, packages] = process.argv.slice(1);
const { loadPyodide } = await import(pyodide);
const python = await loadPyodide();
await python.loadPackage(JSON.parse(packages), { messageCallback() {} });
python.FS.mkdir("/code");
python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, "/code");
try {
  python.runPython(script);
} catch (error) { // without this, Node would print Pyodide's own source instead
  console.error(error.message);
  process.exitCode = 1;
}
"""

# "Unchecked": the bytecode is used as it is, without a look at its source, which the browser need not have.
_COMPILE = """
import pathlib, py_compile
for path in pathlib.Path("/code").rglob("*.py"):
    name = str(path.relative_to("/code"))
    py_compile.compile(path, path.with_suffix(".pyc"), name, doraise=True, optimize={level},
                       invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
"""

_IMPORT = """
import json, pathlib, sys
for line in json.loads(pathlib.Path("/code/lines.json").read_text()):
    try:
        exec(line, {})
    except ImportError:
        pass  # what only a browser has
library = next(path for path in sys.path if path.endswith(".zip")) + "/"
files = [getattr(module, "__file__", None) or "" for module in list(sys.modules.values())]
used = [file.removeprefix(library) for file in files if file.startswith(library)]
pathlib.Path("/code/used.json").write_text(json.dumps(sorted(set(used))))
"""


def imported(lines: list[str], packages: list[str], pyodide: Path, cache: Path | None = None) -> list[str]:
    """Return which modules of the standard library the interpreter has imported once it is up and has run these lines.

    Args:
        lines: of Python, such as ``import json``; what fails for want of a browser is passed over.
        packages: names in Pyodide's lock, to be there before.
        pyodide: folder with `pyodide.mjs` and what belongs to it.

    Returns:
        Paths within `python_stdlib.zip`.

    Raises:
        ToolError: Node.js cannot be had, or the interpreter does not start.
    """
    key = _key(pyodide, [lines, packages, _IMPORT])
    cached = (cache or cache_folder()) / "bytecode" / f"{key}.json"
    try:
        used: list[str] = json.loads(cached.read_bytes())
    except (OSError, ValueError):
        used = json.loads(_run(_IMPORT, {"lines.json": json.dumps(lines).encode()}, pyodide, packages)["used.json"])
        write_file(cached, json.dumps(used).encode())
    return used


def compiled(
    sources: dict[str, bytes], pyodide: Path, cache: Path | None = None, *, bare: bool = False
) -> dict[str, bytes]:
    """Return the bytecode of each of these modules.

    Args:
        sources: Python files by path, each ending in `.py`.
        pyodide: folder with `pyodide.mjs` and what belongs to it.
        bare: leave out docstrings and assertions, as `python -OO` does.

    Returns:
        The compiled files by path, each ending in `.pyc`, in the folder of its source.

    Raises:
        ToolError: Node.js cannot be had, or a file is not valid Python.
    """
    script = _COMPILE.format(level=2 if bare else 0)
    key = _key(pyodide, [{path: hash_bytes(data) for path, data in sources.items()}, script])
    cached = (cache or cache_folder()) / "bytecode" / f"{key}.zip"
    try:
        return archives.unpack(cached.read_bytes())
    except (OSError, ValueError, zipfile.BadZipFile):
        bytecode = _compile(sources, script, pyodide)
        write_file(cached, archives.pack(bytecode))
        return bytecode


def _compile(sources: dict[str, bytes], script: str, pyodide: Path) -> dict[str, bytes]:
    bytecode = {path: data for path, data in _run(script, sources, pyodide).items() if path.endswith(".pyc")}
    if len(bytecode) != len(sources):
        raise ToolError(f"Of {len(sources)} Python files only {len(bytecode)} could be compiled for the browser.")
    return bytecode


def _key(pyodide: Path, wanted: list[Any]) -> str:
    interpreter = [hash_bytes((pyodide / name).read_bytes()) for name in ("pyodide.asm.wasm", "python_stdlib.zip")]
    return hash_bytes(json.dumps([interpreter, *wanted], sort_keys=True).encode())


def _run(script: str, files: dict[str, bytes], pyodide: Path, packages: list[str] | None = None) -> dict[str, bytes]:
    """Run Python in Pyodide with these files in `/code`, and return the files there afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, data in files.items():
            write_file(folder / path, data)
        command = [
            node_program(),
            "--input-type=module",
            "--eval",
            _START,
            (pyodide / "pyodide.mjs").absolute().as_uri(),
            str(folder),
            script,
            json.dumps(packages or []),
        ]
        result = subprocess.run(command, capture_output=True, text=True, errors="replace")
        if result.returncode:
            output = "\n".join(f"  {line}" for line in (result.stdout + result.stderr).strip().splitlines()[-12:])
            raise ToolError(f"The Python code could not be prepared for the browser:\n{output}")
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
