"""Reading and checking `models/catalogue.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tools.errors import ToolError
from tools.paths import CATALOGUE

SHOWN = ("title", "tier", "licence", "input", "resize", "normalisation", "output")
"""The parts of an entry that the page and the engine need."""

CHOICES = {
    ("input", "layout"): ("NCHW", "NHWC"),
    ("resize", "rule"): ("squash", "letterbox"),
    ("resize", "kernel"): ("bilinear", "bicubic", "lanczos"),
    ("normalisation", "scale"): ("max", "255"),
    ("output", "alpha"): ("minmax", "identity"),
}
FORMS = ("blocked", "activations", "half")
"""Tables of an entry that give the backends they name a file of their own."""

FOR_ONE_SIZE = ("blocked",)
"""Forms that are built for an input of one size."""

NATIVE = "cpu"
"""The backend of onnxruntime on CPython, which no page has."""

NATIVE_INT8 = "cpu-int8"
"""The same on a processor that multiplies 8-bit numbers exactly (`offcut.inference.onnx_native`)."""

TYPES = ("float32", "float16", "int8")
STORED = (*TYPES, *FORMS)
"""Ways to build a network, to measure them: the types of its weights alone; with its own type of weights, in
onnxruntime's own layout; 8-bit activations; half precision throughout."""

LICENCES = ("commercial", "code", "weights", "training_data")


@dataclass(frozen=True)
class Entry:
    """One model of the catalogue; `data` is its table as written."""

    id: str
    data: dict[str, Any]
    folder: Path = CATALOGUE.parent
    """Where the catalogue lies; files that an entry names are relative to it."""

    @property
    def source(self) -> str:
        """The untouched network, relative to the repository."""
        source: str = self.data["source"]
        return source

    @property
    def default_build(self) -> bool:
        """Whether a site carries it by default."""
        default: bool = self.data["default_build"]
        return default

    @property
    def input_name(self) -> str:
        """The network's input."""
        name: str = self.data["input"]["name"]
        return name

    @property
    def input_shape(self) -> tuple[int, int, int, int]:
        """The input tensor's static shape, for one image."""
        width, height = self.size
        return (1, 3, height, width) if self.data["input"]["layout"] == "NCHW" else (1, height, width, 3)

    @property
    def output_name(self) -> str:
        """The one output that is kept."""
        name: str = self.data["output"]["name"]
        return name

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the input."""
        width, height = self.data["input"]["size"]
        return width, height

    @property
    def step(self) -> int:
        """What the input's sides may be multiples of, up to the size; 0 where there is no choice."""
        step: int = self.data["input"].get("step", 0)
        return step

    @property
    def short_side(self) -> int:
        """Length of the input's shorter side where it may have the photo's shape; 0 for as long as the size allows."""
        short_side: int = self.data["input"].get("short_side", 0)
        return short_side

    @property
    def weights(self) -> dict[str, Any]:
        """How its weights are stored."""
        weights: dict[str, Any] = self.data.get("weights", {"type": "float32"})
        return weights

    @property
    def activations(self) -> dict[str, Any]:
        """How its activations are made 8-bit; empty if the entry does not ask for it."""
        activations: dict[str, Any] = self.data.get("activations", {})
        return activations

    @property
    def ranges(self) -> Path:
        """The file with the ranges of its activations. Raises KeyError for an entry without `activations`."""
        name: str = self.activations["ranges"]
        return self.folder / name

    def forms(self) -> dict[str | None, str]:
        """Return what is built: by backend (None for every other), ``"plain"`` or one of `FORMS`."""
        forms: dict[str | None, str] = {None: "plain"}
        for form in FORMS:
            forms |= dict.fromkeys((self.data.get(form) or {"backends": ()})["backends"], form)
        return forms

    def refusal(self, stored: str) -> str:
        """Return why the network cannot be stored in one of the ways of `STORED`; empty if it can."""
        if stored == "activations" and not self.activations:
            return f"The model {self.id} has no ranges, so its activations cannot be made 8-bit."
        if stored in FOR_ONE_SIZE and self.step:
            return f"The model {self.id} takes inputs of many sizes, and {stored} is built for one."
        return ""

    def only(self, stored: str) -> Entry:
        """Return the entry stored in one of the ways of `STORED` for every backend. Raises ToolError if it cannot."""
        if refusal := self.refusal(stored):
            raise ToolError(refusal)
        data = {key: value for key, value in self.data.items() if key not in FORMS}
        if stored in TYPES:
            data["weights"] = self.weights | {"type": stored}
        else:
            data[stored] = (self.data.get(stored) or {}) | {"backends": [None]}
        return replace(self, data=data)

    def for_python(self) -> Entry:
        """Return the entry with the forms that CPython runs alone."""
        forms = self.forms()
        plain = self.only(forms.get(NATIVE) or self.weights["type"])
        if NATIVE_INT8 not in forms:
            return plain
        form = forms[NATIVE_INT8]
        return replace(plain, data=plain.data | {form: self.data[form] | {"backends": [NATIVE_INT8]}})

    def shown(self) -> dict[str, Any]:
        """Return what the built catalogue repeats of this entry."""
        return {key: self.data[key] for key in SHOWN}


@dataclass(frozen=True)
class Catalogue:
    """All models, and which one a person gets first."""

    default: str
    entries: dict[str, Entry]
    detectors: dict[str, Entry] = field(default_factory=dict)
    """Networks that find something else than a subject; each site has all of them."""

    def choose(self, ids: list[str] | None) -> list[Entry]:
        """Return the entries with these ids, or those of a default build."""
        if ids is None:
            return [entry for entry in self.entries.values() if entry.default_build]
        for wanted in ids:
            if wanted not in self.entries:
                raise ToolError(f"The catalogue has no model {wanted!r}; it has {', '.join(self.entries)}.")
        if not ids:
            raise ToolError("A site needs at least one model.")
        return [entry for entry in self.entries.values() if entry.id in ids]


def requested(ids: list[str] | None) -> list[str]:
    """Return the sources of these models as paths in `vendor/`, for `fetch(requested=…)`."""
    return [entry.source.removeprefix("vendor/") for entry in (*load().choose(ids), *load().detectors.values())]


def load(path: Path = CATALOGUE) -> Catalogue:
    """Read the catalogue and check every entry."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ToolError(f"{path.name} is not valid TOML: {error}") from error
    entries = {name: Entry(name, table, path.parent) for name, table in data.get("models", {}).items()}
    detectors = {name: Entry(name, table, path.parent) for name, table in data.get("detectors", {}).items()}
    for entry in (*entries.values(), *detectors.values()):
        _check(entry, path.name)
    if data.get("default") not in entries:
        raise ToolError(f"{path.name}: the default model {data.get('default')!r} is not in the catalogue")
    return Catalogue(data["default"], entries, detectors)


def _check(entry: Entry, where: str) -> None:
    def wrong(text: str) -> ToolError:
        return ToolError(f"{where}: the model {entry.id} {text}")

    try:
        for key in ("title", "tier", "source"):
            if not isinstance(entry.data[key], str) or not entry.data[key]:
                raise wrong(f"needs a text as {key}")
        if not isinstance(entry.default_build, bool):
            raise wrong("needs true or false as default_build")
        for key in LICENCES:
            if not entry.data["licence"][key]:
                raise wrong(f"says nothing about the licence of its {key}")
        for (table, key), allowed in CHOICES.items():
            if entry.data[table][key] not in allowed:
                raise wrong(f"has {table}.{key} = {entry.data[table][key]!r}; known are {', '.join(allowed)}")
        size = entry.data["input"]["size"]
        if len(size) != 2 or not all(type(side) is int and side > 0 for side in size):
            raise wrong("needs input.size = [width, height] in whole pixels")
        if entry.step and any(side % entry.step for side in size):
            raise wrong(f"has input.size = {size}, which are no multiples of input.step = {entry.step}")
        if entry.short_side and (not entry.step or entry.short_side % entry.step or entry.short_side > min(size)):
            raise wrong(
                f"has input.short_side = {entry.short_side}, which has to be a multiple of input.step up to the size"
            )
        for form in FOR_ONE_SIZE:
            if entry.step and form in entry.data:
                raise wrong(f"has {form}, which needs an input of one size, and so no input.step")
        if 2 * entry.data["resize"].get("margin", 0) >= (entry.step or min(size)):
            raise wrong("has a resize.margin that leaves nothing of the photo")
        for key in ("mean", "std"):
            numbers = entry.data["normalisation"][key]
            if len(numbers) != 3 or (key == "std" and 0 in numbers):
                raise wrong(f"needs three numbers as normalisation.{key}, none zero in std")
        if entry.weights["type"] not in TYPES:
            raise wrong(f"has weights.type = {entry.weights['type']!r}; known are {', '.join(TYPES)}")
        for form in (*FOR_ONE_SIZE, "half"):
            if form in entry.data and set(entry.data[form]) != {"backends"}:
                raise wrong(f"needs backends, and nothing else, in {form}")
        if entry.activations:
            for key in ("backends", "ranges", "operators"):
                entry.activations[key]
            if entry.weights["type"] == "float32":
                raise wrong("has 8-bit activations, which need weights.type = 'int8', or 'float16' for other backends")
            if not entry.ranges.is_file():
                raise wrong(f"names the ranges {entry.activations['ranges']}, which are not there")
        if not entry.input_name or not entry.output_name:
            raise wrong("needs the names of its input and output")
    except KeyError as error:
        raise wrong(f"lacks {error}") from error
