"""What an ONNX file says about its network: inputs, outputs, layers and the shapes of its weights, but not its weights.

The `onnx` package is a large extension module that Pyodide does not have, and reads whole files (docs/decisions/0135).
Numbers of fields are those of onnx.proto: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
"""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import numpy as np

from offcut.models.own.wire import MalformedError, Message, Source, signed

MAX_LAYERS = 50_000
MAX_DIMENSIONS = 12
MAX_DEPTH = 4
"""Of graphs within graphs."""

KNOWN_VALUES = 4096
"""Weights of at most so many numbers are read, because shapes are computed from them."""

TYPES = {
    1: "float32",
    2: "uint8",
    3: "int8",
    4: "uint16",
    5: "int16",
    6: "int32",
    7: "int64",
    9: "bool",
    10: "float16",
    11: "float64",
    12: "uint32",
    13: "uint64",
    16: "bfloat16",
}
"""Element types by their number. Those that no network for pictures has are left out."""

BYTES = {"bool": 1, "bfloat16": 2} | {
    name: np.dtype(name).itemsize for name in TYPES.values() if name not in ("bool", "bfloat16")
}

Dimension = int | str
"""A length; a text for one that is free."""


class ExternalDataError(MalformedError):
    """A part of the network is in another file."""


@dataclass(frozen=True)
class Tensor:
    """Weights: their shape and type, and their values where these are few."""

    name: str
    type: str
    shape: tuple[int, ...]
    values: np.ndarray | None = None

    @property
    def bytes(self) -> int:
        """Bytes that they take."""
        return math.prod(self.shape) * BYTES[self.type]


@dataclass(frozen=True)
class Port:
    """An input or an output."""

    name: str
    type: str
    """Of its elements; empty for what is no tensor of a known type."""

    shape: tuple[Dimension, ...] | None
    """None where the file does not say."""


@dataclass(frozen=True)
class Layer:
    """A node of the graph."""

    kind: str
    """The operator; of other makers than ONNX ``"domain:operator"``."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: dict[str, Any] = field(default_factory=dict)
    graphs: tuple[Graph, ...] = ()
    """Graphs within it."""


@dataclass(frozen=True)
class Graph:
    """The network."""

    inputs: tuple[Port, ...]
    """Without those that weights stand for."""

    outputs: tuple[Port, ...]
    layers: tuple[Layer, ...]
    weights: dict[str, Tensor]

    def every_layer(self) -> Iterator[Layer]:
        """Yield all layers, also those of graphs within layers."""
        for layer in self.layers:
            yield layer
            for graph in layer.graphs:
                yield from graph.every_layer()


@dataclass(frozen=True)
class OnnxFile:
    """What a file says."""

    graph: Graph
    opset: int
    """Version of ONNX's operators."""

    producer: str
    bytes: int
    """Size of the file."""


def read_onnx(file: IO[bytes]) -> OnnxFile:
    """Read what an ONNX file says, without its weights.

    Args:
        file: opened for reading; it can seek.

    Raises:
        ExternalDataError: a part of the network is in another file.
        MalformedError: it is no ONNX file, or damaged.
    """
    try:
        return _read(file)
    except (OverflowError, RecursionError) as error:  # numbers that fit into no type
        raise MalformedError("impossible numbers") from error


def _read(file: IO[bytes]) -> OnnxFile:
    size = file.seek(0, io.SEEK_END)
    graph: Message | None = None
    opset, producer, ir_version = 0, "", 0
    for number, value in Source(file, size).whole().fields():
        if number == 1:
            ir_version = _number(value)
        elif number == 2:
            producer = _message(value).text()
        elif number == 7:
            graph = _message(value)
        elif number == 8:
            domain, version = _opset(_message(value))
            opset = version if domain in ("", "ai.onnx") else opset
        elif number == 25:
            raise MalformedError("it has functions of its own")
    if graph is None or not 0 < ir_version < 100:
        raise MalformedError("there is no graph in it")
    return OnnxFile(_Reader().graph(graph, 0), opset, producer, size)


def _opset(message: Message) -> tuple[str, int]:
    domain, version = "", 0
    for number, value in message.fields():
        if number == 1:
            domain = _message(value).text()
        elif number == 2:
            version = _number(value)
    return domain, version


class _Reader:
    """Counts layers, of all graphs together."""

    def __init__(self) -> None:
        self._layers = 0

    def graph(self, message: Message, depth: int) -> Graph:
        if depth > MAX_DEPTH:
            raise MalformedError("graphs within graphs within graphs")
        layers: list[Layer] = []
        weights: dict[str, Tensor] = {}
        inputs: list[Port] = []
        outputs: list[Port] = []
        for number, value in message.fields():
            if number == 1:
                self._layers += 1
                if self._layers > MAX_LAYERS:
                    raise MalformedError(f"more than {MAX_LAYERS} layers")
                layers.append(self._layer(_message(value), depth))
            elif number == 5:
                tensor = read_tensor(_message(value))
                weights[tensor.name] = tensor
            elif number == 11:
                inputs.append(_port(_message(value)))
            elif number == 12:
                outputs.append(_port(_message(value)))
            elif number == 15:
                raise MalformedError("it has sparse weights")
        given = tuple(port for port in inputs if port.name not in weights)
        return Graph(given, tuple(outputs), tuple(layers), weights)

    def _layer(self, message: Message, depth: int) -> Layer:
        inputs: list[str] = []
        outputs: list[str] = []
        kind = domain = ""
        attributes: dict[str, Any] = {}
        graphs: list[Graph] = []
        for number, value in message.fields():
            if number == 1:
                inputs.append(_message(value).text())
            elif number == 2:
                outputs.append(_message(value).text())
            elif number == 4:
                kind = _message(value).text()
            elif number == 5:
                name, found = self._attribute(_message(value), depth, graphs)
                attributes[name] = found
            elif number == 7:
                domain = _message(value).text()
        if domain not in ("", "ai.onnx"):
            kind = f"{domain}:{kind}"
        return Layer(kind, tuple(inputs), tuple(outputs), attributes, tuple(graphs))

    def _attribute(self, message: Message, depth: int, graphs: list[Graph]) -> tuple[str, Any]:
        name = ""
        found: Any = None
        numbers: list[Any] = []
        for number, value in message.fields():
            if number == 1:
                name = _message(value).text()
            elif number == 2:
                found = _float(_number(value))
            elif number == 3:
                found = signed(_number(value))
            elif number == 4:
                text = _message(value)
                found = text.content(1000).decode("utf-8", "replace") if len(text) <= 1000 else ""
            elif number == 5:
                found = read_tensor(_message(value))
            elif number in (6, 11):
                graphs.append(self.graph(_message(value), depth + 1))
            elif number == 7:
                numbers += _floats(value)
            elif number == 8:
                numbers += [signed(each) for each in _integers(value)]
            elif number in (22, 23):
                raise MalformedError("it has sparse weights")
            if len(numbers) > KNOWN_VALUES:
                raise MalformedError("a layer has too many settings")
        return name, tuple(numbers) if numbers else found


def read_tensor(message: Message) -> Tensor:
    """Read shape and type of a tensor, and its values where they are few.

    Raises:
        ExternalDataError: its values are in another file.
        MalformedError: it is damaged: there are more or fewer values than its shape says.
    """
    shape: list[int] = []
    kind, name = 0, ""
    raw: Message | None = None
    typed: list[tuple[int, int | Message]] = []
    typed_bytes = 0
    for number, value in message.fields():
        if number == 1:
            shape += [signed(each) for each in _integers(value)]
            if len(shape) > MAX_DIMENSIONS:
                raise MalformedError("weights have too many dimensions")
        elif number == 2:
            kind = _number(value)
        elif number in (4, 5, 7, 10, 11):
            typed_bytes += len(value) if isinstance(value, Message) else 8
            if typed_bytes <= KNOWN_VALUES * 10:
                typed.append((number, value))
        elif number == 8:
            name = _message(value).text()
        elif number == 9:
            raw = _message(value)
        elif number == 13 or (number == 14 and value == 1):
            raise ExternalDataError("its weights are in another file")
    element = TYPES.get(kind)
    if element is None:
        raise MalformedError("weights have a type that no network for pictures has")
    if any(side < 0 or side > 1 << 40 for side in shape):
        raise MalformedError("weights have an impossible shape")
    tensor = Tensor(name, element, tuple(shape))
    count = math.prod(shape)
    if raw is not None:
        if len(raw) != tensor.bytes:
            raise MalformedError("weights have another length than their shape says")
    elif count > typed_bytes:  # a value takes at least a byte
        raise MalformedError("weights have fewer values than their shape says")
    if count > KNOWN_VALUES or element == "bfloat16":
        return tensor
    values = _raw_values(raw, element) if raw is not None else _typed_values(typed, element)
    if len(values) != count:
        raise MalformedError("weights have another length than their shape says")
    return Tensor(name, element, tensor.shape, values.reshape(tensor.shape))


def _raw_values(raw: Message, type: str) -> np.ndarray:
    return np.frombuffer(raw.content(KNOWN_VALUES * 8), np.dtype(type).newbyteorder("<")).astype(type)


def _typed_values(typed: list[tuple[int, int | Message]], type: str) -> np.ndarray:
    found: list[Any] = []
    for number, value in typed:
        if number == 4:
            found += _floats(value)
        elif number == 10:
            data = value.content(KNOWN_VALUES * 8) if isinstance(value, Message) else value.to_bytes(8, "little")
            found += np.frombuffer(data[: len(data) // 8 * 8], "<f8").tolist()
        else:
            found += [signed(each) for each in _integers(value)]
    if type == "float16":  # its bits, as whole numbers
        return np.array(found, np.uint64).astype(np.uint16).view(np.float16)
    with np.errstate(all="ignore"):
        return np.array(found, np.float64 if type.startswith("float") else np.int64).astype(type)


def _port(message: Message) -> Port:
    name, element, shape = "", "", None
    for number, value in message.fields():
        if number == 1:
            name = _message(value).text()
        elif number == 2:
            element, shape = _tensor_type(_message(value))
    return Port(name, element, shape)


def _tensor_type(message: Message) -> tuple[str, tuple[Dimension, ...] | None]:
    element, shape = "", None
    for number, value in message.fields():
        if number != 1:
            continue  # a sequence, a map or the like
        for inner, found in _message(value).fields():
            if inner == 1:
                element = TYPES.get(_number(found), "")
            elif inner == 2:
                shape = tuple(_dimension(_message(each)) for at, each in _message(found).fields() if at == 1)
    if shape is not None and len(shape) > MAX_DIMENSIONS:
        raise MalformedError("a tensor has too many dimensions")
    return element, shape


def _dimension(message: Message) -> Dimension:
    found: Dimension = "?"
    for number, value in message.fields():
        if number == 1:
            found = signed(_number(value))
        elif number == 2:
            found = _message(value).text() or "?"
    return found


def _message(value: int | Message) -> Message:
    if isinstance(value, int):
        raise MalformedError("a number where there is none")
    return value


def _number(value: int | Message) -> int:
    if not isinstance(value, int):
        raise MalformedError("no number where there is one")
    return value


def _integers(value: int | Message) -> list[int]:
    return [value] if isinstance(value, int) else value.numbers(KNOWN_VALUES)


def _floats(value: int | Message) -> list[float]:
    if isinstance(value, int):
        return [_float(value)]
    data = value.content(KNOWN_VALUES * 4)
    return [float(each) for each in np.frombuffer(data[: len(data) // 4 * 4], "<f4")]


def _float(bits: int) -> float:
    return float(struct.unpack("<f", (bits & 0xFFFFFFFF).to_bytes(4, "little"))[0])
