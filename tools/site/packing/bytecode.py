"""Compiling Python to bytecode with the very interpreter that will run it: Pyodide, started by Node.js.

Bytecode belongs to one version of Python, and the one that runs the tools is seldom Pyodide's.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

from tools.hashing import hash_bytes
from tools.node import node_program
from tools.paths import cache_folder
from tools.problems import Problem
from tools.site.packing import archives
from tools.writing import write_file

# Node runs no Python, so these few lines start the interpreter and hand it the script and the folder.
_START = """
const [pyodide, folder, script] = process.argv.slice(1);
const { loadPyodide } = await import(pyodide);
const python = await loadPyodide();
python.FS.mkdir("/code");
python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, "/code");
python.runPython(script);
"""

# "Unchecked": the bytecode is used as it is, without a look at its source, which the browser need not have.
_COMPILE = """
import pathlib, py_compile
for path in pathlib.Path("/code").rglob("*.py"):
    name = str(path.relative_to("/code"))
    py_compile.compile(path, path.with_suffix(".pyc"), name, doraise=True,
                       invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
"""


def compiled(sources: dict[str, bytes], pyodide: Path, cache: Path | None = None) -> dict[str, bytes]:
    """The bytecode of each of these modules.

    Args:
        sources: Python files by path, each ending in `.py`.
        pyodide: folder with `pyodide.mjs` and what belongs to it.

    Returns:
        The compiled files by path, each ending in `.pyc`, beside where its source was.

    Raises:
        Problem: Node.js cannot be had, or a file is not valid Python.
    """
    interpreter = [hash_bytes((pyodide / name).read_bytes()) for name in ("pyodide.asm.wasm", "python_stdlib.zip")]
    wanted = {path: hash_bytes(data) for path, data in sources.items()}
    key = hash_bytes(json.dumps([interpreter, wanted, _COMPILE], sort_keys=True).encode())
    kept = (cache or cache_folder()) / "bytecode" / f"{key}.zip"
    try:
        return archives.unpack(kept.read_bytes())
    except (OSError, ValueError, archives.zipfile.BadZipFile):
        made = _compile(sources, pyodide)
        write_file(kept, archives.pack(made))
        return made


def _compile(sources: dict[str, bytes], pyodide: Path) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, data in sources.items():
            write_file(folder / path, data)
        command = [node_program(), "--input-type=module", "--eval", _START,
                   (pyodide / "pyodide.mjs").absolute().as_uri(), str(folder), _COMPILE]
        result = subprocess.run(command, capture_output=True, text=True, errors="replace")
        made = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.pyc")}
    if result.returncode or len(made) != len(sources):
        said = "\n".join(f"  {line}" for line in (result.stdout + result.stderr).strip().splitlines()[-12:])
        raise Problem(f"The Python code could not be compiled for the browser:\n{said}")
    return made
