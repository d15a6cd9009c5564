"""What rewriting a network takes: how large its tensors are, what its operators are set to, numbers for new ones."""

from __future__ import annotations

from typing import Any

import numpy
import onnx
from onnx import helper, numpy_helper, shape_inference


def shapes(model: onnx.ModelProto, free: int = 0) -> dict[str, list[int]]:
    """Return the shapes of all tensors of a network, by name; free sides of the input count as `free` pixels."""
    fixed = onnx.ModelProto()
    fixed.CopyFrom(model)
    for value in (*fixed.graph.input, *fixed.graph.output):
        for side in value.type.tensor_type.shape.dim:
            if free and side.dim_param:
                side.dim_value = free
    graph = shape_inference.infer_shapes(fixed, strict_mode=True).graph
    found = {
        value.name: [side.dim_value for side in value.type.tensor_type.shape.dim]
        for value in (*graph.input, *graph.value_info, *graph.output)
    }
    return found | {tensor.name: list(tensor.dims) for tensor in graph.initializer}


def attributes(node: onnx.NodeProto) -> dict[str, Any]:
    """Return an operator's attributes by name; one that is not given has its default."""
    return {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}


def constant(name: str, values: list[int], tensors: list[onnx.TensorProto]) -> str:
    """Add a tensor of integers with this name to `tensors`, unless it is there already. Return the name."""
    if all(tensor.name != name for tensor in tensors):
        tensors.append(numpy_helper.from_array(numpy.array(values, numpy.int64), name))
    return name
