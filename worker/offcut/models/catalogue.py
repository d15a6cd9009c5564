"""The models that can be used, read from `models/catalogue.json` (built from `models/catalogue.toml`)."""

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from offcut.errors import OptionError


@dataclass(frozen=True)
class Chunk:
    """A piece of a model file, named by what it contains."""

    sha256: str
    bytes: int


@dataclass(frozen=True)
class File:
    """A network as it travels: its size, the hash of the whole, and its pieces in order."""

    bytes: int
    sha256: str
    chunks: tuple[Chunk, ...]

    rough: bool = False
    """Whether it computes in less than single precision, so that its values are not another file's up to rounding."""


@dataclass(frozen=True)
class Model:
    """Everything the engine needs to know of one network."""

    id: str
    title: str
    tier: str
    licence: dict[str, str]
    bytes: int
    sha256: str
    chunks: tuple[Chunk, ...]

    input_name: str
    input_size: tuple[int, int]
    """Width and height of the network's input in pixels."""

    resize_rule: Literal["squash", "letterbox"]
    resize_kernel: Literal["bilinear", "bicubic", "lanczos", "box", "hamming"]

    scale: Literal["max", "255"]
    """What pixel values are divided by: the picture's own maximum, or 255."""

    mean: tuple[float, float, float]
    std: tuple[float, float, float]

    output_name: str
    output_alpha: Literal["minmax", "identity"]
    """How the output is read as alpha: stretched to 0..1 by its own minimum and maximum, or clipped to 0..1."""

    input_step: int = 0
    """Where the input may have the photo's shape: what its sides must be multiples of. 0: it is always of `input_size`."""

    resize_margin: int = 0
    """Pixels of the input around the photo that are left empty on every side."""

    rough: bool = False
    """As `File.rough`."""

    variants: dict[str, File] = field(default_factory=dict)
    """By backend, the file of those that run another one faster; most of its pieces are this file's too."""

    def variant(self, backend: str) -> "Model":
        """The same network in the file that suits a backend (`Session.backend`) best."""
        file = self.variants.get(backend)
        return replace(self, **vars(file)) if file else self


@dataclass(frozen=True)
class Catalogue:
    """All models of a site and the one that is used unless another is asked for."""

    default: str
    models: dict[str, Model]

    def model(self, id: str | None = None) -> Model:
        """The model of that id, or the default. Raises OptionError for one that is not in the catalogue."""
        try:
            return self.models[id or self.default]
        except (KeyError, TypeError):
            raise OptionError(f"The model {id!r} is not known. Use one of: {', '.join(self.models)}.") from None

    def starting_small(self) -> "Catalogue":
        """The same models with the smallest file as default."""
        return replace(self, default=min(self.models, key=lambda id: self.models[id].variant("wasm").bytes))


def read_catalogue(data: dict[str, Any]) -> Catalogue:
    """Read the parsed JSON of `models/catalogue.json`, format 1. Raises KeyError or ValueError where it is malformed."""
    if data["format"] != 1:
        raise ValueError(f"models/catalogue.json has format {data['format']}; this engine reads format 1")
    return Catalogue(data["default"], {id: _model(id, entry) for id, entry in data["models"].items()})


def _model(id: str, entry: dict[str, Any]) -> Model:
    return Model(
        id=id,
        title=entry["title"],
        tier=entry["tier"],
        licence=entry["licence"],
        **vars(_file(entry)),
        input_name=entry["input"]["name"],
        input_size=tuple(entry["input"]["size"]),
        resize_rule=entry["resize"]["rule"],
        resize_kernel=entry["resize"]["kernel"],
        scale=entry["normalisation"]["scale"],
        mean=tuple(entry["normalisation"]["mean"]),
        std=tuple(entry["normalisation"]["std"]),
        output_name=entry["output"]["name"],
        output_alpha=entry["output"]["alpha"],
        input_step=entry["input"].get("step", 0),
        resize_margin=entry["resize"].get("margin", 0),
        variants={backend: _file(variant) for backend, variant in entry.get("variants", {}).items()},
    )


def _file(entry: dict[str, Any]) -> File:
    chunks = tuple(Chunk(chunk["sha256"], chunk["bytes"]) for chunk in entry["chunks"])
    return File(entry["bytes"], entry["sha256"], chunks, entry.get("rough", False))
