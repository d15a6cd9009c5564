"""The description of an own network: what a catalogue says of a model, guessed, checked and turned into a `Model`."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import Any

from offcut.errors import NetworkError, OptionError
from offcut.models.catalogue import OWN, File, Model
from offcut.models.own import checks
from offcut.models.own.checks import Network
from offcut.models.own.families import FAMILIES, family_of, is_bounded
from offcut.models.own.shapes import Effort
from offcut.validation import check_choice, check_fields, check_number, check_numbers

PREFIX = "own-"
"""What their ids begin with; a part of the file's SHA-256 follows."""

ALPHAS = ("identity", "minmax", "sigmoid")
SCALES = ("255", "max")
RULES = ("squash", "letterbox")
KERNELS = ("bilinear", "bicubic", "lanczos")
MAX_TITLE = 60

LICENCE = {
    "commercial": "Yours to know: you have brought this network, and you are responsible for its licence.",
    "code": "",
    "weights": "",
    "training_data": "",
}


@dataclass(frozen=True)
class Description:
    """How a photo becomes the network's input, and its output an alpha. The fields are those of `Model`."""

    title: str
    family: str
    size: tuple[int, int]
    scale: str
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    rule: str
    kernel: str
    output: str
    channel: int
    alpha: str
    step: int = 0
    short_side: int = 0

    def plain(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    def model(self, id: str, network: Network, file: File) -> Model:
        """Return the model that it describes, of that file."""
        return Model(
            id=id,
            title=self.title,
            tier=OWN,
            licence=LICENCE,
            **vars(file),
            input_name=network.input.name,
            input_size=self.size,
            resize_rule=self.rule,  # type: ignore[arg-type] # checked by `read`
            resize_kernel=self.kernel,  # type: ignore[arg-type]
            scale=self.scale,  # type: ignore[arg-type]
            mean=self.mean,
            std=self.std,
            output_name=self.output,
            output_alpha=self.alpha,  # type: ignore[arg-type]
            input_step=self.step,
            input_short_side=self.short_side,
            input_layout=network.layout,  # type: ignore[arg-type]
            input_type=network.input.type,  # type: ignore[arg-type]
            output_channel=self.channel,
        )


@dataclass(frozen=True)
class Examined:
    """A network that has passed every check, and what is guessed of it."""

    network: Network
    effort: Effort
    """For an input of the size of the guess."""

    maps: dict[str, int]
    """Outputs that can be an alpha, and how many maps each has."""

    family: str
    descriptions: dict[str, Description]
    """Of each family, for whoever knows better."""

    @property
    def guess(self) -> Description:
        """The description of the family that it seems to be of."""
        return self.descriptions[self.family]


def examine(network: Network, memory: float, name: str = "", family: str = "") -> Examined:
    """Check a network and guess its description.

    Args:
        network: from `checks.inspect`.
        memory: bytes that it may take on this device.
        name: of its file.
        family: to take instead of guessing.

    Raises:
        NetworkError: it is refused.
    """
    # The size depends on the family, and the family on the outputs: those of any size tell it.
    size = _size(network, FAMILIES["isnet"].side)
    try:
        found = checks.maps(network, checks.check_effort(network, size, math.inf), size)
    except NetworkError:
        found = {network.file.graph.outputs[0].name: 1} if network.file.graph.outputs else {"": 1}
    chosen = family or family_of(network, found, name)
    size = _size(network, FAMILIES[chosen].side)
    effort = checks.check_effort(network, size, memory)
    found = checks.maps(network, effort, size)
    title = _title(name)
    descriptions = {key: _describe(network, key, found, title) for key in FAMILIES}
    return Examined(network, effort, found, chosen, descriptions)


def described(model: Model, examined: Examined) -> Description:
    """Return the description of a kept network: of the family that takes photos in the same way, if any does."""
    found = Description(
        model.title, examined.family, model.input_size, model.scale, _three("mean", model.mean),
        _three("std", model.std), model.resize_rule, model.resize_kernel, model.output_name, model.output_channel,
        model.output_alpha, model.input_step, model.input_short_side,
    )  # fmt: skip
    for family, one in examined.descriptions.items():
        if replace(one, title=found.title) == replace(found, family=family):
            return replace(found, family=family)
    return found


def read(given: Any, network: Network, memory: float) -> Description:
    """Check a description that comes from outside, against its network.

    Args:
        given: from `Description.plain`, or changed by a person.
        network: from `checks.inspect`.
        memory: bytes that it may take on this device.

    Raises:
        OptionError: a value makes no sense.
        NetworkError: the network cannot run so on this device.
    """
    known = list(Description.__dataclass_fields__)
    values = dict(check_fields("description", given, known))
    for name in known:
        if name not in values and name not in ("step", "short_side"):
            raise OptionError(f"The description has no {name}.")
    title = values["title"]
    if not isinstance(title, str) or not title.strip() or len(title) > MAX_TITLE:
        raise OptionError(f"The network's name must have 1 to {MAX_TITLE} letters.")
    check_choice("family", values["family"], FAMILIES)
    check_choice("scale", values["scale"], SCALES)
    check_choice("rule", values["rule"], RULES)
    check_choice("kernel", values["kernel"], KERNELS)
    check_choice("alpha", values["alpha"], ALPHAS)
    size = _whole("size", values["size"], 2, checks.MIN_SIDE, checks.MAX_SIDE)
    mean, std = _three("mean", values["mean"]), _three("std", values["std"])
    if not all(1e-3 <= each <= 1e3 for each in std):
        raise OptionError("The std of the description are not numbers from 0.001 to 1000.")
    step = _whole("step", [values.get("step", 0)], 1, 0, 512)[0]
    short_side = _whole("short_side", [values.get("short_side", 0)], 1, 0, checks.MAX_SIDE)[0]
    if step and None not in network.size:
        step = short_side = 0
    if step and (network.size != (None, None) or size[0] % step or size[1] % step):
        raise OptionError("The input's sides must be multiples of the step, and free, where they follow the photo.")
    found = checks.maps(network, checks.check_effort(network, size, memory), size)
    check_choice("output", values["output"], found)
    channel = _whole("channel", [values["channel"]], 1, 0, found[values["output"]] - 1)[0]
    return Description(
        title.strip(), values["family"], size, values["scale"], mean, std, values["rule"], values["kernel"],
        values["output"], channel, values["alpha"], step, short_side,
    )  # fmt: skip


def changed(guess: Description, values: dict[str, Any], network: Network, memory: float) -> Description:
    """Return a guess with some of its values replaced. Raises as `read`."""
    return read(guess.plain() | check_fields("description", values, Description.__dataclass_fields__), network, memory)


def own_id(sha256: str) -> str:
    """Return the id of the own network in a file with that hash."""
    return PREFIX + sha256[:16]


def _size(network: Network, side: int) -> tuple[int, int]:
    width, height = (fixed or side for fixed in network.size)
    return width, height


def _describe(network: Network, key: str, maps: dict[str, int], title: str) -> Description:
    family = FAMILIES[key]
    names = list(maps)
    output = names[-1 if family.last else 0]
    # Of several maps in one output the last is the subject: background and subject, as a rule.
    channel = maps[output] - 1
    is_free = network.size == (None, None)
    alpha = family.alpha if is_bounded(network.file.graph, output) else "sigmoid"
    return Description(
        title, key, _size(network, family.side), family.scale, family.mean, family.std, "squash", family.kernel, output,
        channel, alpha, family.step if is_free else 0, family.short_side if is_free else 0,
    )  # fmt: skip


def _title(name: str) -> str:
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".onnx").removesuffix(".ONNX")
    shown = "".join(letter for letter in stem if letter.isprintable()).strip()[:MAX_TITLE].strip()
    return shown or "My network"


def _three(name: str, value: Any) -> tuple[float, float, float]:
    found = check_numbers(f"description's {name}", value, 1e3)
    if len(found) != 3:
        raise OptionError(f"The description's {name} must be three numbers.")
    first, second, third = (float(each) for each in found)
    return first, second, third


def _whole(name: str, values: Any, count: int, low: int, high: int) -> Any:
    if not isinstance(values, (list, tuple)) or len(values) != count:
        raise OptionError(f"The description's {name} must be {count} numbers.")
    for value in values:
        check_number(f"description's {name}", value, low, high)
        if value != int(value):
            raise OptionError(f"The description's {name} {value!r} is no whole number.")
    return tuple(int(value) for value in values)
