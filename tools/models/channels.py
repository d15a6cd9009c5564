"""Convolutions whose number of input channels WebGPU cannot compute with get a few more, of weight zero.

onnxruntime-web 1.30 takes three channels at once where their number is a multiple of 3 and not of 4, and then computes
every kernel larger than 1 × 1 wrongly unless there are three channels in all (microsoft/onnxruntime#29651). MODNet has
one such layer, of 99 channels.
"""

from __future__ import annotations

import numpy
import onnx
from onnx import helper, numpy_helper

from tools.models.rewriting import attributes, constant


def pad(model: onnx.ModelProto) -> int:
    """Bring such convolutions to a multiple of 4 channels, in place, and return their number.

    The new channels repeat the first ones. Weights must be initialisers.
    """
    graph = model.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    affected = [
        node
        for node in graph.node
        if node.op_type == "Conv" and node.input[1] in weights and _is_affected(node, weights[node.input[1]])
    ]
    for node in affected:
        weight = numpy_helper.to_array(weights[node.input[1]])
        extra = -weight.shape[1] % 4
        first, channels, name = (f"{node.output[0]}_{word}" for word in ("first", "channels", "weight"))
        bounds = [constant(f"channels_{value}", [value], graph.initializer) for value in (0, extra, 1)]
        place = list(graph.node).index(node)
        graph.node.insert(place, helper.make_node("Slice", [node.input[0], *bounds], [first]))
        graph.node.insert(place + 1, helper.make_node("Concat", [node.input[0], first], [channels], axis=1))
        padded = numpy.pad(weight, ((0, 0), (0, extra), *((0, 0),) * (weight.ndim - 2)))
        graph.initializer.append(numpy_helper.from_array(padded, name))
        node.input[0], node.input[1] = channels, name
    used = {name for node in graph.node for name in node.input}
    for name in weights.keys() - used:
        graph.initializer.remove(weights[name])
    return len(affected)


def _is_affected(node: onnx.NodeProto, weight: onnx.TensorProto) -> bool:
    channels, *kernel = weight.dims[1:]
    is_grouped = attributes(node).get("group", 1) != 1
    return not is_grouped and channels > 3 and channels % 3 == 0 and channels % 4 != 0 and max(kernel) > 1
