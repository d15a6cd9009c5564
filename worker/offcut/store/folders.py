"""The folders in which models lie on this machine."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from offcut.errors import ModelDamagedError, ModelDownloadError, OptionError
from offcut.models.catalogue import Catalogue, Model, read_catalogue
from offcut.models.chunks import read_model
from offcut.store.offers import Offer, detectors, offers

VARIABLE = "OFFCUT_MODELS"
"""Environment variable with the one folder of models to use."""

HOME = "OFFCUT_HOME"
"""Environment variable with the folder in which fetched models are kept."""

PACKAGES = "offcut.models"
"""Entry points of packages that carry models, such as ``offcut-u2netp``."""

CATALOGUE = "catalogue.json"

_CHECKOUT = Path(__file__).parents[3] / "build" / "models"
"""Where `python3 -m tools build` puts the models of a checkout."""


@dataclass(frozen=True)
class Models:
    """Models that can be loaded, from one folder or several."""

    catalogue: Catalogue
    folders: dict[str, Path]
    """By the model's id: a folder with `catalogue.json` and `chunks/`."""

    files: dict[str, Path] = field(default_factory=dict)
    """Of networks of one's own, by id: their ONNX file."""

    def read(self, model: Model) -> bytes:
        """Return the file of a model, in the variant given. Raises as `offcut.models.chunks.read_model`, or OSError."""
        if model.id in self.files:
            return self.files[model.id].read_bytes()
        return read_model(model, self.folders[model.id])


def home() -> Path:
    """Return the folder in which fetched models are kept: `OFFCUT_HOME`, or the platform's for a user's data."""
    if chosen := os.environ.get(HOME):
        return Path(chosen).expanduser().absolute()
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "offcut"


def kept(offer: Offer) -> Path:
    """Return the folder in which a fetched model lies, or would."""
    return home() / "models" / f"{offer.id}-{offer.key}"


def chosen_folder(folder: str | os.PathLike[str] | None = None) -> Path | None:
    """Return the one folder of models that somebody chose: `folder`, else `OFFCUT_MODELS`, else None.

    Raises:
        ModelDownloadError: there is no catalogue there.
    """
    chosen = folder or os.environ.get(VARIABLE)
    if not chosen:
        return None
    if not Path(chosen, CATALOGUE).is_file():
        raise ModelDownloadError(
            f"There are no models in {chosen}: {CATALOGUE} is missing. Set {VARIABLE} to a folder with {CATALOGUE} and "
            "chunks/, as `python3 -m tools build` in a checkout of Offcut makes it, or to nothing: `offcut d` fetches "
            "a model."
        )
    return Path(chosen)


def read_folder(folder: Path) -> Models:
    """Read the models of one folder.

    Raises:
        ModelDamagedError: the catalogue cannot be read.
        OSError: there is none.
    """
    path = folder / CATALOGUE
    try:
        catalogue = read_catalogue(json.loads(path.read_text("utf-8")))
    except (ValueError, KeyError, TypeError) as error:
        raise ModelDamagedError(f"The catalogue {path} cannot be read. Build or fetch its models again.") from error
    return Models(catalogue, dict.fromkeys((*catalogue.models, *catalogue.detectors), folder))


def present() -> Models:
    """Return all models of this machine: of the checkout, of installed packages, and fetched ones, in this order.

    The catalogue has no model where there is none.
    """
    models: dict[str, Model] = {}
    others: dict[str, Model] = {}
    folders: dict[str, Path] = {}
    default = next(iter(offers()), "")
    for folder in _folders():
        found = read_folder(folder)
        default = default or found.catalogue.default
        models = found.catalogue.models | models
        others = found.catalogue.detectors | others
        folders = found.folders | folders
    return Models(Catalogue(default if default in models else next(iter(models), default), models, others), folders)


def default_model() -> str:
    """Return the id of the model that is used where none is named. Raises ModelDownloadError where there is none."""
    default = next(iter(offers()), "") or present().catalogue.default
    if not default:
        raise ModelDownloadError(
            f"No models were found. Set {VARIABLE} to a folder with {CATALOGUE} and chunks/, or install the package "
            "offcut-u2netp, which carries one."
        )
    return default


def check_known(id: str, models: Models) -> None:
    """Raise OptionError where a model is neither here nor among those that can be fetched."""
    known = [*offers(), *(name for name in models.catalogue.models if name not in offers())]
    if id not in known:
        raise OptionError(f"The model {id!r} is not known. Use one of: {', '.join(known)}.")


def _folders() -> Iterator[Path]:
    if (_CHECKOUT / CATALOGUE).is_file():
        yield _CHECKOUT
    for point in sorted(entry_points(group=PACKAGES), key=lambda point: point.name):
        spec = find_spec(point.value)
        for place in (spec and spec.submodule_search_locations) or ():
            if Path(place, CATALOGUE).is_file():
                yield Path(place)
    for offer in (*offers().values(), *detectors().values()):
        if (kept(offer) / CATALOGUE).is_file():
            yield kept(offer)
