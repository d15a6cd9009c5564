"""Networks of one's own on this machine: the path of an ONNX file stands for a model."""

import hashlib
import json
import math
import os
from pathlib import Path
from typing import Any

from offcut.errors import NetworkError, OptionError
from offcut.models.catalogue import Catalogue, File
from offcut.store.folders import Models

CUSTOM = {"u2net_custom": "u2net", "dis_custom": "isnet", "ben_custom": "isnet"}
"""rembg's names for a network of one's own, and the family whose preparation each means."""


def is_path(id: str | None) -> bool:
    """Return whether a model's id is the path of an ONNX file."""
    return bool(id) and str(id).lower().endswith(".onnx")


def custom(name: str, path: str | os.PathLike[str]) -> str:
    """Return the id of a network that is prepared as one of rembg's `CUSTOM` is."""
    return f"{name}:{os.fspath(path)}"


def with_own(id: str, models: Models) -> Models:
    """Return models with the network of a file as one more.

    Where a file of the same name with ``.json`` after it lies beside, it says what is to be done otherwise than
    guessed (docs/own-networks.md).

    Args:
        id: for which `is_path` is true; the model's id.
        models: of this machine.

    Raises:
        NetworkError: the network is refused.
        OptionError: what the file beside it says makes no sense.
        OSError: it cannot be read.
    """
    # These import numpy, for which a wrong option should not wait.
    from offcut.models.own import checks
    from offcut.models.own.description import changed, examine

    name, _, rest = id.partition(":")
    family, path = (CUSTOM[name], Path(rest)) if name in CUSTOM else ("", Path(id))
    path = path.expanduser().absolute()
    memory = _memory()
    try:
        with path.open("rb") as file:
            network = checks.inspect(file)
            file.seek(0)
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except IsADirectoryError as error:
        raise NetworkError(f"{path} is a folder, not an ONNX file.", "format") from error
    found = examine(network, memory, path.name, family)
    description = found.guess
    if values := _beside(path):
        description = changed(description, values, network, memory)
    model = description.model(id, network, File(network.file.bytes, sha256, ()))
    catalogue = models.catalogue
    all_models = Catalogue(catalogue.default, {**catalogue.models, id: model}, catalogue.detectors)
    return Models(all_models, models.folders, {**models.files, id: path})


def _beside(path: Path) -> dict[str, Any]:
    """Return what the file beside a network says, nothing where there is none."""
    beside = path.with_name(path.name + ".json")
    try:
        found = json.loads(beside.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError) as error:
        raise OptionError(f'{beside} is no JSON, such as {{"family": "u2net"}}.') from error
    if not isinstance(found, dict):
        raise OptionError(f"{beside} must have an object with named values.")
    return found


def _memory() -> float:
    """Return the memory of this machine in bytes; infinity where it does not say."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, OSError, ValueError):  # Windows
        return math.inf
