"""Weights stored in fewer bytes than they are computed with.

Each stays an initialiser, followed by a `Cast` and, for int8, a `Mul` with its scales: onnxruntime folds both when it
makes a session, so every run computes in single precision. int8 is symmetric for each output channel, exactly as the
static quantiser does it, so that both forms of a network have these bytes in common.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

SMALLEST_MATRIX = 10_000
"""Values from which on a matrix counts as weights."""


def exempt(model: onnx.ModelProto, settings: dict[str, Any]) -> list[onnx.NodeProto]:
    """Return the layers that stay as they are: the convolutions at the ends, and those that are named.

    Their numbers and names are `float_first`, `float_last` and `float_named` of `settings`.
    """
    nodes = [node for node in model.graph.node if node.op_type == "Conv"]
    first, last = settings.get("float_first", 0), settings.get("float_last", 0)
    ends = nodes[:first] + nodes[len(nodes) - last :]
    return ends + [node for node in model.graph.node if node.name in settings.get("float_named", ())]


def shrink(model: onnx.ModelProto, settings: dict[str, Any]) -> None:
    """Store the weights of convolutions and matrix products as `settings["type"]` says, in place.

    The convolutions at the ends are left alone. Matrix products are never stored in less than half precision.
    """
    if settings["type"] == "float32":
        return
    left = {node.input[1] for node in exempt(model, settings) if node.op_type == "Conv"}
    _store(model, "Conv", _half if settings["type"] == "float16" else _eight_bits, left)
    _store(model, "MatMul", _half, set())


Stored = tuple[list[onnx.TensorProto], list[onnx.NodeProto]]


def _store(model: onnx.ModelProto, kind: str, how: Callable[[onnx.TensorProto], Stored], left: set[str]) -> None:
    """Store the weights of all operators of a kind, except for the tensors in `left`."""
    found = {node.input[1] for node in model.graph.node if node.op_type == kind} - left
    tensors, nodes = [], []
    for tensor in model.graph.initializer:
        if tensor.name not in found:
            tensors.append(tensor)
            continue
        stored, steps = how(tensor)
        tensors += stored
        nodes += steps
    del model.graph.initializer[:]
    model.graph.initializer.extend(tensors)
    rest = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(nodes + rest)


def last(model: onnx.ModelProto) -> None:
    """Move the weights behind the initialisers that follow from other things, in place, in the order of their names."""
    tensors = sorted(model.graph.initializer, key=lambda tensor: (_is_weight(tensor), tensor.name))
    for tensor in tensors:
        # Where it says so, it says the default, and the same weights should be the same bytes.
        tensor.ClearField("data_location")
    del model.graph.initializer[:]
    model.graph.initializer.extend(tensors)


def part(data: bytes) -> tuple[int, int]:
    """Return where the weights lie in the bytes of a network after `last`.

    They are the same whatever the input's size and the activations' type, so cut off there they are the same pieces.
    """
    large = [tensor for tensor in onnx.load_from_string(data).graph.initializer if _is_weight(tensor)]
    start = data.index(large[0].raw_data)
    return start, data.index(large[-1].raw_data, start) + len(large[-1].raw_data)


def _is_weight(tensor: onnx.TensorProto) -> bool:
    # Scales and biases have one dimension or none, or as many as a weight but a single value for each channel.
    is_matrix = len(tensor.dims) == 2 and math.prod(tensor.dims) >= SMALLEST_MATRIX
    return (len(tensor.dims) == 4 or is_matrix) and bool(tensor.raw_data) and not tensor.name.endswith("_scales")


def _half(tensor: onnx.TensorProto) -> Stored:
    values = numpy_helper.to_array(tensor).astype(numpy.float16)
    stored = f"{tensor.name}_half"
    cast = helper.make_node("Cast", [stored], [tensor.name], name=f"{stored}_cast", to=TensorProto.FLOAT)
    return [numpy_helper.from_array(values, stored)], [cast]


def _eight_bits(tensor: onnx.TensorProto) -> Stored:
    weights = numpy_helper.to_array(tensor)
    largest = numpy.abs(weights).reshape(len(weights), -1).max(axis=1).astype(numpy.float64)
    scales = numpy.where(largest > 0, largest / 127, 1.0).astype(numpy.float32).reshape(-1, 1, 1, 1)
    values = numpy.clip((weights / scales).round(), -127, 127).astype(numpy.int8)
    stored, whole, factor = f"{tensor.name}_quantized", f"{tensor.name}_whole", f"{tensor.name}_scales"
    return [numpy_helper.from_array(values, stored), numpy_helper.from_array(scales, factor)], [
        helper.make_node("Cast", [stored], [whole], name=f"{stored}_cast", to=TensorProto.FLOAT),
        helper.make_node("Mul", [whole, factor], [tensor.name], name=f"{stored}_mul"),
    ]
