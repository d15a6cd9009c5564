"""Small TensorFlow Lite networks as ONNX: as much of the format as BlazeFace needs, and the face mesh of `bench.heads`.

The format is a FlatBuffer; the numbers of fields and operators are those of TensorFlow's `schema.fbs`, version 3.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from tools.errors import ToolError

if TYPE_CHECKING:
    import numpy as np

ADD, CONCATENATION, CONV, DEPTHWISE, DEQUANTIZE, MAX_POOL, RELU, RESHAPE, PAD, PRELU = 0, 2, 3, 4, 6, 17, 19, 22, 34, 54
"""Numbers of the operators."""

_TYPES = {0: "float32", 1: "float16", 2: "int32"}

INPUT, OUTPUT = "image", "found"
"""Names of the ONNX network's input and its one output: all outputs of the network side by side."""


def to_onnx(data: bytes) -> bytes:
    """Return a network as an ONNX file.

    The input becomes ``(1, 3, height, width)``; the outputs, each ``(1, n, channels)`` or ``(1, 1, 1, channels)``, one
    of ``(1, n, all channels)`` in the order of their channels, the most first. Weights in half precision stay so.

    Raises:
        ToolError: it has an operator that is not known here.
    """
    import numpy
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    graph = _Graph(data)
    nodes, weights = [], []

    def weight(tensor: int, name: str, order: tuple[int, ...] | None = None) -> str:
        """Store a constant; one in half precision is made single where it is used."""
        value = graph.constant(graph.origin.get(tensor, tensor))
        value = numpy.ascontiguousarray(value if order is None else value.transpose(order))
        weights.append(numpy_helper.from_array(value, name))
        if value.dtype != numpy.float16:
            return name
        nodes.append(helper.make_node("Cast", [name], [name + "_single"], to=TensorProto.FLOAT))
        return name + "_single"

    def numbers(name: str, values: Any) -> str:
        weights.append(numpy_helper.from_array(numpy.asarray(values, numpy.int64), name))
        return name

    def add(kind: str, inputs: list[str], output: str, **attributes: Any) -> None:
        nodes.append(helper.make_node(kind, inputs, [output], **attributes))

    names = {tensor: f"t{tensor}" for tensor in range(len(graph.tensors))} | {graph.inputs[0]: INPUT}
    for code, inputs, outputs, options in graph.operators:
        if code == DEQUANTIZE:
            continue
        first, out = names[inputs[0]], names[outputs[0]]
        if code in (CONV, DEPTHWISE):
            kernel = weight(inputs[1], out + "_w", (0, 3, 1, 2) if code == CONV else (3, 0, 1, 2))
            shape = graph.tensors[inputs[1]].shape
            is_relu = options.int8(3 if code == CONV else 4) == 1
            before = out + "_linear" if is_relu else out
            add(
                "Conv",
                [first, kernel, weight(inputs[2], out + "_b")],
                before,
                auto_pad=_padding(options),
                strides=[options.int32(2), options.int32(1)],
                kernel_shape=list(shape[1:3]),
                group=1 if code == CONV else shape[3],
            )
            if is_relu:
                add("Relu", [before], out)
        elif code == RELU:
            add("Relu", [first], out)
        elif code == PRELU:
            add("PRelu", [first, weight(inputs[1], out + "_slope", (2, 0, 1))], out)
        elif code == ADD:
            add("Add", [first, names[inputs[1]]], out)
        elif code == PAD:
            pads = graph.constant(inputs[1])[[0, 3, 1, 2]]
            add("Pad", [first, numbers(out + "_pads", [*pads[:, 0], *pads[:, 1]])], out)
        elif code == MAX_POOL:
            add(
                "MaxPool",
                [first],
                out,
                auto_pad=_padding(options),
                kernel_shape=[options.int32(4), options.int32(3)],
                strides=[options.int32(2), options.int32(1)],
            )
        elif code == RESHAPE:
            add("Transpose", [first], out + "_last", perm=[0, 2, 3, 1])
            add("Reshape", [out + "_last", numbers(out + "_shape", graph.tensors[outputs[0]].shape)], out)
        elif code == CONCATENATION:
            add("Concat", [names[tensor] for tensor in inputs], out, axis=1)
        else:
            raise ToolError(f"The operator {code} of TensorFlow Lite is not known here.")
    ends = sorted(graph.outputs, key=lambda tensor: -graph.tensors[tensor].shape[-1])
    for tensor in ends:
        if len(graph.tensors[tensor].shape) == 4:
            add("Reshape", [names[tensor], numbers(f"t{tensor}_shape", [1, 1, -1])], f"t{tensor}_flat")
            names[tensor] = f"t{tensor}_flat"
    add("Concat", [names[tensor] for tensor in ends], OUTPUT, axis=2)
    _, height, width, channels = graph.tensors[graph.inputs[0]].shape
    found = [1, graph.tensors[ends[0]].shape[1], sum(graph.tensors[tensor].shape[-1] for tensor in ends)]
    made = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [1, channels, height, width])],
        [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, found)],
        weights,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    made_bytes: bytes = model.SerializeToString(deterministic=True)
    return made_bytes


def _padding(options: _Table) -> str:
    return "VALID" if options.int8(0) else "SAME_UPPER"


class _Table:
    """A table of a FlatBuffer: a place, before which its fields' places stand."""

    def __init__(self, data: bytes, place: int) -> None:
        self._data, self._place = data, place

    @classmethod
    def root(cls, data: bytes) -> _Table:
        """Return the table that a file begins with."""
        return cls(data, struct.unpack_from("<I", data)[0])

    def _field(self, number: int) -> int:
        fields = self._place - self._read("<i", self._place)
        if 4 + 2 * number >= self._read("<H", fields):
            return 0
        offset = self._read("<H", fields + 4 + 2 * number)
        return self._place + offset if offset else 0

    def _read(self, kind: str, place: int) -> int:
        return int(struct.unpack_from(kind, self._data, place)[0])

    def int8(self, number: int) -> int:
        """Return a field of 8 bits; 0 where it is left out."""
        place = self._field(number)
        return self._read("<b", place) if place else 0

    def int32(self, number: int) -> int:
        """Return a field of 32 bits; 0 where it is left out."""
        place = self._field(number)
        return self._read("<i", place) if place else 0

    def table(self, number: int) -> _Table:
        """Return a table that a field leads to; an empty one where there is none."""
        place = self._field(number)
        return _Table(self._data, place + self._read("<I", place)) if place else _Table(b"\4\0\0\0\4\0\0\0", 4)

    def _vector(self, number: int) -> tuple[int, int]:
        place = self._field(number)
        if not place:
            return 0, 0
        start = place + self._read("<I", place)
        return start + 4, self._read("<I", start)

    def numbers(self, number: int) -> tuple[int, ...]:
        """Return a list of numbers of 32 bits."""
        start, count = self._vector(number)
        return struct.unpack_from(f"<{count}i", self._data, start)

    def tables(self, number: int) -> list[_Table]:
        """Return a list of tables."""
        start, count = self._vector(number)
        places = range(start, start + 4 * count, 4)
        return [_Table(self._data, place + self._read("<I", place)) for place in places]

    def bytes(self, number: int) -> bytes:
        """Return a list of bytes."""
        start, count = self._vector(number)
        return self._data[start : start + count]


class _Tensor:
    """One value of a network."""

    def __init__(self, table: _Table) -> None:
        self.shape, self.kind, self.buffer = table.numbers(0), table.int8(1), table.int32(2)


class _Graph:
    """The one graph of a file."""

    def __init__(self, data: bytes) -> None:
        if data[4:8] != b"TFL3":
            raise ToolError("This is no TensorFlow Lite file of version 3.")
        model = _Table.root(data)
        graph, self._buffers = model.tables(2)[0], model.tables(4)
        codes = [max(code.int8(0), code.int32(3)) for code in model.tables(1)]
        self.tensors = [_Tensor(table) for table in graph.tables(0)]
        self.inputs, self.outputs = graph.numbers(1), graph.numbers(2)
        self.operators = [
            (codes[table.int32(0)], table.numbers(1), table.numbers(2), table.table(4)) for table in graph.tables(3)
        ]
        self.origin = {outputs[0]: inputs[0] for code, inputs, outputs, _ in self.operators if code == DEQUANTIZE}
        """The stored tensor of each that is only made single precision."""

    def constant(self, tensor: int) -> np.ndarray:
        """Return the values of a tensor that the file stores."""
        import numpy

        found = self.tensors[tensor]
        return numpy.frombuffer(self._buffers[found.buffer].bytes(0), _TYPES[found.kind]).reshape(found.shape)
