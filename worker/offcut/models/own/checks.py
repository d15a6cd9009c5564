"""What is refused of an ONNX file that a person brings, before anything runs it.

Each refusal is a NetworkError with one of the reasons below, and a sentence for people.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import IO

from offcut.errors import NetworkError
from offcut.models.own.onnx_file import ExternalDataError, OnnxFile, Port, read_onnx
from offcut.models.own.shapes import FOLLOWED, Effort, ImpossibleError, Shape, UnboundedError, measure
from offcut.models.own.wire import MalformedError

REASONS = (
    *("format", "external", "size", "opset", "operator", "inputs", "outputs"),
    *("shape", "unbounded", "memory", "slow"),
)
"""Why a file is refused, as `OffcutError.reason` names it."""

MAX_BYTES = (1 << 31) - 1
"""Of a file. Protobuf itself allows no more."""

MIN_SIDE, MAX_SIDE = 16, 4096
"""Of a network's input, in pixels."""

MAX_MULTIPLICATIONS = 5e12
"""For one photo: thirty times IS-Net's at 1024, minutes on any device."""

MIN_OPSET, MAX_OPSET = 7, 26

_BASE_BYTES = 80e6
_WEIGHT_COPIES = 3
_ACTIVATION_COPIES = 2.5
"""Memory of a session: for onnxruntime itself; the file, its weights and how onnxruntime arranges them; what it holds
besides the values that are needed. Of U²-Net p, IS-Net and MODNet it took .75 to 1.05 of this sum (2026-11-29)."""


@dataclass(frozen=True)
class Network:
    """A file that has passed, with what is needed to describe it."""

    file: OnnxFile
    input: Port
    layout: str
    """``"NCHW"`` or ``"NHWC"``."""

    size: tuple[int | None, int | None]
    """Width and height of the input; None for one that is free."""

    def shape(self, size: tuple[int, int]) -> Shape:
        """Return the input's shape for a width and height."""
        return (1, 3, size[1], size[0]) if self.layout == "NCHW" else (1, size[1], size[0], 3)


def inspect(file: IO[bytes]) -> Network:
    """Read an ONNX file and check all of it that does not depend on how large its input is.

    Args:
        file: opened for reading; it can seek.

    Raises:
        NetworkError: it is refused.
    """
    try:
        found = read_onnx(file)
    except ExternalDataError as error:
        raise NetworkError(
            "The weights of this network are in another file, which a page cannot open. Save it as one file: in "
            "Python, `onnx.save(onnx.load(path), new_path)`.",
            "external",
        ) from error
    except MalformedError as error:
        raise NetworkError(
            f"This file is no ONNX network, or it is damaged: {error}. Download or export it again.", "format"
        ) from error
    if found.bytes > MAX_BYTES:
        raise NetworkError("This network is larger than 2 GB. Export it in half precision.", "size")
    _check_operators(found)
    port = _input(found)
    layout, size = _geometry(port)
    return Network(found, port, layout, size)


def check_effort(network: Network, size: tuple[int, int], memory: float) -> Effort:
    """Check what a network takes for one photo, for an input of that width and height.

    Args:
        network: from `inspect`.
        size: of its input.
        memory: bytes that it may take on this device.

    Raises:
        NetworkError: its layers do not fit together, or it takes too much.
    """
    check_size(network, size)
    try:
        effort = measure(network.file.graph, {network.input.name: network.shape(size)})
    except UnboundedError as error:
        raise NetworkError(
            f"How much memory this network takes cannot be told before it runs: {error} depends on the photo. "
            "Export it with a fixed input size.",
            "unbounded",
        ) from error
    except ImpossibleError as error:
        raise NetworkError(
            f"The layers of this network do not fit together at {size[0]} × {size[1]}: {error}. Try another input "
            "size, or export it again.",
            "shape",
        ) from error
    needed = needed_bytes(effort)
    if needed > memory:
        raise NetworkError(
            f"This network takes about {needed / 1e9:.1f} GB of memory for a photo, and there are {memory / 1e9:.1f} "
            "GB for it. Use a smaller version of it, or a smaller input size.",
            "memory",
            f"{needed / 1e9:.1f}",
        )
    if effort.multiplications > MAX_MULTIPLICATIONS:
        raise NetworkError("This network would compute for many minutes for each photo. Use a smaller version.", "slow")
    return effort


def check_size(network: Network, size: tuple[int, int]) -> None:
    """Raise NetworkError for a width and height that the input cannot have."""
    for given, fixed in zip(size, network.size, strict=True):
        if not MIN_SIDE <= given <= MAX_SIDE or fixed not in (None, given):
            raise NetworkError(
                f"The input of this network cannot be {size[0]} × {size[1]}: each side has {MIN_SIDE} to {MAX_SIDE} "
                "pixels, or is given by the file.",
                "inputs",
            )


def needed_bytes(effort: Effort) -> float:
    """Return how much memory a session takes, in bytes."""
    return _BASE_BYTES + _WEIGHT_COPIES * effort.weight_bytes + _ACTIVATION_COPIES * effort.activation_bytes


def maps(network: Network, effort: Effort, size: tuple[int, int]) -> dict[str, int]:
    """Return the outputs that can be an alpha, as large as the input: how many maps each has, by name.

    Raises:
        NetworkError: there is none.
    """
    found = {}
    for port in network.file.graph.outputs:
        shape = effort.outputs[port.name]
        if port.type in ("float32", "float16") and shape:
            count = _map_count(shape, size)
            if count:
                found[port.name] = count
    if not found:
        raise NetworkError(
            f"None of this network's outputs is a map of {size[0]} × {size[1]} numbers, as its input has pixels. "
            "Offcut needs one that says for each pixel how much of it is subject.",
            "outputs",
        )
    return found


def _map_count(shape: Shape, size: tuple[int, int]) -> int:
    """Return how many maps of that width and height a tensor is."""
    sides = (size[1], size[0])
    count = math.prod(shape) // math.prod(sides)
    fits = shape[-2:] == sides or shape[-3:-1] == sides
    return count if fits and 1 <= count <= 64 else 0


def _check_operators(found: OnnxFile) -> None:
    if not found.graph.layers:
        raise NetworkError("This file has no layers.", "format")
    if not MIN_OPSET <= found.opset <= MAX_OPSET:
        raise NetworkError(
            f"This network uses version {found.opset} of ONNX's operators, and Offcut knows {MIN_OPSET} to "
            f"{MAX_OPSET}. Export it with opset 17.",
            "opset",
            str(found.opset),
        )
    for layer in found.graph.every_layer():
        if layer.kind not in FOLLOWED:
            kind = "".join(c for c in layer.kind[:60] if c.isprintable()) or "?"
            raise NetworkError(
                f"This network uses the operator {kind}, which Offcut does not allow in networks of one's own: it is "
                "not needed for pictures, or what it does cannot be told beforehand.",
                "operator",
                kind,
            )


def _input(found: OnnxFile) -> Port:
    ports = found.graph.inputs
    if len(ports) != 1:
        raise NetworkError(f"This network takes {len(ports)} inputs. Offcut gives a network the photo alone.", "inputs")
    if ports[0].type not in ("float32", "float16"):
        raise NetworkError(
            "This network does not take a photo as floating-point numbers. Export it with an input of float32.",
            "inputs",
        )
    return ports[0]


def _geometry(port: Port) -> tuple[str, tuple[int | None, int | None]]:
    shape = port.shape if port.shape is not None else ("?", 3, "?", "?")
    free = [None if isinstance(side, str) or side < 1 else side for side in shape]  # 0 and -1 are used for free ones
    if len(free) != 4 or free[0] not in (None, 1):
        raise NetworkError("This network does not take one photo at a time, with width, height and colours.", "inputs")
    if free[1] == 3 or (free[1] is None and free[3] != 3):
        layout, height, width = "NCHW", free[2], free[3]
    elif free[3] == 3:
        layout, height, width = "NHWC", free[1], free[2]
    else:
        raise NetworkError("This network does not take photos with three colours.", "inputs")
    if any(side is not None and not MIN_SIDE <= side <= MAX_SIDE for side in (width, height)):
        raise NetworkError(
            f"The input of this network is {width} × {height}. Offcut runs networks of {MIN_SIDE} to {MAX_SIDE} "
            "pixels.",
            "inputs",
        )
    return layout, (width, height)
