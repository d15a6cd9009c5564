"""Where things are: in the repository, and in the cache shared by all of a person's checkouts."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "vendor.lock.toml"
CATALOGUE = ROOT / "models" / "catalogue.toml"
REQUIREMENTS = ROOT / "tools" / "requirements"
VENV = ROOT / ".venv"
VENDOR = ROOT / "vendor"
MODELS = ROOT / "build" / "models"
SITE = ROOT / "build" / "site"


def cache_folder() -> Path:
    """Return the per-user cache; the environment variable OFFCUT_CACHE overrides the platform's usual place."""
    if chosen := os.environ.get("OFFCUT_CACHE"):
        return Path(chosen).expanduser().resolve()
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "offcut"


def shown(path: Path) -> str:
    """Return a path as people want to read it: relative to the repository where it lies inside."""
    try:
        return path.relative_to(ROOT).as_posix()
    except ValueError:
        return str(path)
