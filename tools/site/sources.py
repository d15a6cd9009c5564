"""Which files of the working tree belong to a site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tools.errors import ToolError

REQUIRED = ("index.html", "pyscript.toml", "sw.js")
FOLDERS = ("app", "worker", "icons")
LEFT_OUT = ("__pycache__", "tests")


def collect(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield each file with its path in the site, sorted."""
    missing = [name for name in (*REQUIRED, "app", "worker") if not (root / name).exists()]
    if missing:
        raise ToolError(f"The site cannot be built without {', '.join(missing)}.")
    found = [root / name for name in REQUIRED] + sorted(root.glob("*.webmanifest"))
    for folder in FOLDERS:
        found += sorted(path for path in (root / folder).rglob("*") if path.is_file())
    for path in found:
        parts = path.relative_to(root).parts
        hidden = any(part.startswith(".") or part in LEFT_OUT for part in parts)
        if not hidden and path.suffix != ".pyc":
            yield "/".join(parts), path
