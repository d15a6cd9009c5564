"""Batch normalisations folded into the convolutions before them, also where they see only some of the channels.

onnxruntime folds one that sees all of them. MODNet normalises half of each layer's channels over the batch and half of
them over the picture, so that a `Slice` lies between.
"""

from __future__ import annotations

import numpy
import onnx
from onnx import numpy_helper

from tools.models.rewriting import attributes


def fold(model: onnx.ModelProto) -> int:
    """Fold what can be folded, in place, and return the number. The network's constants must be initialisers."""
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    makers = {name: node for node in model.graph.node for name in node.output}
    readers: dict[str, list[onnx.NodeProto]] = {}
    for node in model.graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
    folded: dict[str, str] = {}
    changed: dict[str, numpy.ndarray] = {}
    for node in model.graph.node:
        cut = makers.get(node.input[0])
        if node.op_type != "BatchNormalization" or cut is None or readers[cut.output[0]] != [node]:
            continue
        conv = makers.get(cut.input[0])
        if conv is None or conv.op_type != "Conv" or len(conv.input) != 3 or len(readers[conv.input[1]]) > 1:
            continue
        count = len(constants[conv.input[1]])
        channels = _channels(cut, constants, count)
        others = [_channels(reader, constants, count) for reader in readers[conv.output[0]] if reader is not cut]
        if channels is None or any(other is None or set(other) & set(channels) for other in others):
            continue
        weight, bias = (changed.get(name, constants[name]).copy() for name in conv.input[1:])
        scale, shift, mean, variance = (constants[name].astype(numpy.float64) for name in node.input[1:])
        factor = scale / numpy.sqrt(variance + attributes(node).get("epsilon", 1e-5))
        weight[channels] *= factor.reshape(-1, 1, 1, 1)
        bias[channels] = (bias[channels] - mean) * factor + shift
        changed |= dict(zip(conv.input[1:], (weight, bias), strict=True))
        folded[node.output[0]] = cut.output[0]
    if folded:
        _replace(model, folded, changed)
    return len(folded)


def _channels(node: onnx.NodeProto, constants: dict[str, numpy.ndarray], count: int) -> range | None:
    """Return the channels, of so many, that a `Slice` takes, if that is all it does."""
    if node.op_type != "Slice" or len(node.input) < 4 or any(name not in constants for name in node.input[1:] if name):
        return None
    start, end, axes, *steps = (constants[name].tolist() for name in node.input[1:] if name)
    if axes != [1] or start[0] < 0 or end[0] < 0 or steps not in ([], [[1]]):
        return None
    return range(start[0], min(end[0], count))


def _replace(model: onnx.ModelProto, folded: dict[str, str], changed: dict[str, numpy.ndarray]) -> None:
    remaining = [node for node in model.graph.node if not folded.keys() & set(node.output)]
    for node in remaining:
        node.input[:] = [folded.get(name, name) for name in node.input]
    del model.graph.node[:]
    model.graph.node.extend(remaining)
    used = {name for node in remaining for name in node.input}
    tensors = [tensor for tensor in model.graph.initializer if tensor.name in used]
    for tensor in tensors:
        if tensor.name in changed:
            tensor.CopyFrom(numpy_helper.from_array(changed[tensor.name], tensor.name))
    del model.graph.initializer[:]
    model.graph.initializer.extend(tensors)
