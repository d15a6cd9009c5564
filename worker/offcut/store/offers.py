"""The models that can be fetched, as the catalogue and the lock that come with the package list them."""

import hashlib
import json
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

LOCK = "vendor.lock.toml"

_REVISION = 1
"""Raised where the same entry and source are built into something else, which older copies must not stand for."""


@dataclass(frozen=True)
class Offer:
    """A model that can be fetched."""

    id: str
    title: str
    tier: str
    licence: str
    """Whether it may be used commercially, in plain words."""

    package: str
    """The package that carries its network, with its version."""

    bytes: int
    """Of that package."""

    key: str
    """Changes with anything that could change the built model."""


def builder() -> Path | None:
    """Return the folder of the lock, the catalogue and the tools that build a model, or None where there is none.

    It is the checkout, or the copy that a wheel carries.
    """
    package = Path(__file__).parents[1]
    for folder in (package / "_build", package.parents[1]):
        if (folder / LOCK).is_file() and (folder / "tools" / "networks.py").is_file():
            return folder
    return None


@cache
def offers() -> dict[str, Offer]:
    """Return the models that can be fetched, by id, the default first."""
    return _listed("models")


@cache
def detectors() -> dict[str, Offer]:
    """Return the networks that find something else than a subject, by what they find (`Catalogue.detectors`)."""
    return _listed("detectors")


def _listed(table: str) -> dict[str, Offer]:
    folder = builder()
    if folder is None:
        return {}
    catalogue = tomllib.loads((folder / "models" / "catalogue.toml").read_text("utf-8"))
    packages = tomllib.loads((folder / LOCK).read_text("utf-8"))["package"]
    sources = {f"vendor/{file['to']}": (package, file) for package in packages for file in package["file"]}
    entries = catalogue.get(table, {})
    ids = sorted(entries, key=lambda name: name != catalogue["default"])
    return {name: _offer(name, entries[name], *sources[entries[name]["source"]]) for name in ids}


def _offer(id: str, entry: dict[str, Any], package: dict[str, Any], file: dict[str, Any]) -> Offer:
    parts = json.dumps([_REVISION, entry, file["sha256"]], sort_keys=True)
    return Offer(
        id,
        entry["title"],
        entry["tier"],
        entry["licence"]["commercial"],
        f"{package['name']} {package['version']}",
        package["bytes"],
        hashlib.sha256(parts.encode()).hexdigest()[:16],
    )
