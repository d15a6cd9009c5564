"""The catalogue of models: `models/catalogue.json`, built from `models/catalogue.toml`."""

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from offcut.errors import OptionError

OWN = "own"
"""The tier of networks that a person has brought: none is chosen automatically."""

AUTOMATIC = "auto"
"""What stands for a network that is chosen for each photo (`offcut.inference.routing`)."""


@dataclass(frozen=True)
class Chunk:
    """A part of a model file, named by its content."""

    sha256: str
    bytes: int


@dataclass(frozen=True)
class File:
    """A model file: its size, its hash, and its chunks in order."""

    bytes: int
    sha256: str
    chunks: tuple[Chunk, ...]

    reduced_precision: bool = False
    """Whether it computes in less than single precision. Its output then differs from other variants by more than
    rounding."""


@dataclass(frozen=True)
class Model:
    """Everything the engine needs to know about one network."""

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
    output_alpha: Literal["minmax", "identity", "sigmoid"]
    """How the output is read as alpha: stretched to 0..1 by its own minimum and maximum, clipped to 0..1, or after a
    sigmoid."""

    input_step: int = 0
    """What width and height of the input must be multiples of, where it may have the photo's shape; 0 where it always
    has `input_size`."""

    input_short_side: int = 0
    """How long the input's shorter side is where it may have the photo's shape, as far as `input_size` allows; 0 where
    the longer side is as long as `input_size` allows."""

    resize_margin: int = 0
    """Pixels of the input around the photo that are left empty on every side."""

    input_layout: Literal["NCHW", "NHWC"] = "NCHW"
    """Order of the input's axes: colours before or after height and width."""

    input_type: Literal["float32", "float16"] = "float32"

    output_channel: int = 0
    """Which of several maps in the output is the alpha."""

    reduced_precision: bool = False
    """As `File.reduced_precision`."""

    variants: dict[str, File] = field(default_factory=dict)
    """Files by backend, for backends that run another file faster. They share most chunks with this one."""

    def variant(self, backend: str) -> "Model":
        """Return this model with the file for a backend (`Session.backend`)."""
        file = self.variants.get(backend)
        return replace(self, **vars(file)) if file else self


@dataclass(frozen=True)
class Catalogue:
    """All models of a site, and its default; where a person has brought networks, these, too."""

    default: str
    """Id of the model that is used unless another is chosen."""

    models: dict[str, Model]

    detectors: dict[str, Model] = field(default_factory=dict)
    """Networks that find something else than a subject, by what they find."""

    def model(self, id: str | None = None) -> Model:
        """Return the model of that id, or the default for None. Raises OptionError for unknown ids."""
        try:
            return self.models[id or self.default]
        except (KeyError, TypeError):
            raise OptionError(f"The model {id!r} is not known. Use one of: {', '.join(self.models)}.") from None

    def starting_small(self) -> "Catalogue":
        """Return the same models with the site's smallest one as default."""
        sizes = {name: model.variant("wasm").bytes for name, model in self.models.items() if model.tier != OWN}
        return replace(self, default=min(sizes, key=sizes.__getitem__))

    def with_own(self, models: dict[str, Model]) -> "Catalogue":
        """Return this catalogue with these networks of a person's own, instead of any others."""
        site = {name: model for name, model in self.models.items() if model.tier != OWN}
        return replace(self, models=site | models)


def read_catalogue(data: dict[str, Any]) -> Catalogue:
    """Read the parsed JSON of `models/catalogue.json`, format 1. Raises KeyError or ValueError if it is malformed."""
    try:
        if data["format"] != 1:
            raise ValueError(f"models/catalogue.json has format {data['format']}; this engine reads format 1")
        models = {name: read_catalogue_entry(name, entry) for name, entry in data["models"].items()}
        detectors = {name: read_catalogue_entry(name, entry) for name, entry in data.get("detectors", {}).items()}
        if data["default"] not in models and (models or not detectors):
            raise ValueError("models/catalogue.json has a default that is no model")
        return Catalogue(data["default"], models, detectors)
    except (TypeError, AttributeError) as error:
        raise ValueError(f"models/catalogue.json is malformed: {error}") from error


def read_catalogue_entry(id: str, entry: dict[str, Any]) -> Model:
    """Read what a catalogue says of one model. Raises AttributeError, KeyError, TypeError or ValueError."""
    return Model(
        id=id,
        title=_text(entry["title"]),
        tier=_text(entry["tier"]),
        licence=dict(entry["licence"]),
        **vars(_file(entry)),
        input_name=_text(entry["input"]["name"]),
        input_size=_numbers(entry["input"]["size"], 2),
        resize_rule=entry["resize"]["rule"],
        resize_kernel=entry["resize"]["kernel"],
        scale=entry["normalisation"]["scale"],
        mean=_numbers(entry["normalisation"]["mean"], 3),
        std=_numbers(entry["normalisation"]["std"], 3),
        output_name=_text(entry["output"]["name"]),
        output_alpha=entry["output"]["alpha"],
        input_step=_count(entry["input"].get("step", 0)),
        input_short_side=_count(entry["input"].get("short_side", 0)),
        input_layout=entry["input"].get("layout", "NCHW"),
        input_type=entry["input"].get("type", "float32"),
        output_channel=_count(entry["output"].get("channel", 0)),
        resize_margin=_count(entry["resize"].get("margin", 0)),
        variants={backend: _file(variant) for backend, variant in entry.get("variants", {}).items()},
    )


def _file(entry: dict[str, Any]) -> File:
    chunks = tuple(Chunk(_text(chunk["sha256"]), _count(chunk["bytes"])) for chunk in entry["chunks"])
    return File(_count(entry["bytes"]), _text(entry["sha256"]), chunks, bool(entry.get("rough", False)))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{value!r} is no whole number from 0")
    return value


def _numbers(values: Any, count: int) -> Any:
    """Return so many numbers of a sensible size as a tuple."""
    numbers = tuple(values)
    if len(numbers) != count or not all(type(value) in (int, float) and abs(value) < 1e9 for value in numbers):
        raise ValueError(f"{values!r} are not {count} numbers")
    return numbers
