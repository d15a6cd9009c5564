"""Wheels without what no browser runs, and with bytecode instead of source."""

from __future__ import annotations

import base64
import hashlib
import re

DEVELOPMENT = re.compile(
    r"(^|/)(tests|testing|f2py|_pyinstaller|typing)/|\.(pyi|h|hpp|c|a|pxd|pyx|rst|build)$|/py\.typed$"
)
"""What of a wheel only serves to build, type-check or test against it."""

UNUSED = re.compile(r"^(numpy/(random|fft)/|numpy/linalg/lapack_lite\.|PIL/_imagingft\.)")
"""Never imported by the engine or the wheel, but loaded by Pyodide: a dozen WebAssembly modules at each start."""

DOCUMENTATION = re.compile(r"^numpy/_core/_add_newdocs(_scalars)?\.py$")
"""What only gives docstrings to compiled functions, at each start."""


def needed(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files of a wheel that are needed to run it."""
    return {path: b"" if DOCUMENTATION.search(path) else data for path, data in files.items() if is_needed(path)}


def is_needed(path: str) -> bool:
    """Return whether a wheel's file is needed to run it. Metadata and licences always are."""
    return ".dist-info/" in path or not (DEVELOPMENT.search(path) or UNUSED.search(path))


def with_record(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the wheel's files with a RECORD that is true of them (PEP 376, the binary distribution format)."""
    record = next(path for path in files if path.endswith(".dist-info/RECORD"))
    lines = [f"{path},sha256={_digest(data)},{len(data)}" for path, data in sorted(files.items()) if path != record]
    return files | {record: "\n".join([*lines, f"{record},,", ""]).encode()}


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
