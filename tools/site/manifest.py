"""The list of a site's files, `files.json`: what the offline shell keeps and what a visit costs."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from tools.files import hash_bytes
from tools.site.packing.gzipped import SUFFIX

NAME = "files.json"
TOKENS = {"__OFFCUT_VERSION__": "version", "__OFFCUT_RUNTIME__": "runtime"}
OPTIONAL = ("vendor/onnxruntime-web/webgpu/", "vendor/codecs/", "vendor/editor/")
"""Fetched only where there is a graphics processor to use, a file of a rare format or a recipe to write, and so neither
kept nor counted before."""

LATE = ("vendor/pyodide/python_late.zip",)
"""Not needed for a first cutout. They are kept all the same once everything works."""

WITH_TOKENS = ("index.html", "sw.js", "app/boot.js")


def group(path: str) -> str:
    """Return the group of a file: what it is for."""
    if path.startswith("vendor/"):
        return "runtime"
    if path.startswith("models/"):
        return "models"
    return "document" if path in ("licences.html", "sbom.cdx.json", ".nojekyll") else "app"


def versions(files: dict[str, bytes]) -> dict[str, str]:
    """Return the site's version and its runtime's, from paths and contents as they are before any token is replaced."""
    runtime = {path: data for path, data in files.items() if group(path) == "runtime"}
    return {"version": _digest(files), "runtime": _digest(runtime)}


def stamp(path: str, data: bytes, versions: dict[str, str]) -> bytes:
    """Return the file with the tokens replaced, where it may have them."""
    if path not in WITH_TOKENS:
        return data
    for token, key in TOKENS.items():
        data = data.replace(token.encode(), versions[key].encode())
    return data


def listing(files: dict[str, bytes], versions: dict[str, str]) -> bytes:
    """Return the contents of `files.json` for the finished files."""
    entries = [
        {"path": path, "bytes": len(data), "sha256": hash_bytes(data), "group": group(path)}
        | ({"optional": True} if path.startswith(OPTIONAL) else {})
        | ({"late": True} if path in LATE else {})
        | ({"packs": path.removesuffix(SUFFIX)} if path.endswith(SUFFIX) else {})
        for path, data in sorted(files.items())
    ]
    return (json.dumps(versions | {"files": entries}, indent=1) + "\n").encode()


def is_ours(folder: Path) -> bool:
    """Return whether a folder holds a site these tools made, and so may be replaced."""
    try:
        data = json.loads((folder / NAME).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(data, dict) and {"version", "runtime", "files"} <= data.keys()


def _digest(files: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for path, data in sorted(files.items()):
        digest.update(f"{path}\0{hash_bytes(data)}\n".encode())
    return digest.hexdigest()[:12]
