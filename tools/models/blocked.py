"""A network that onnxruntime can keep in blocks of channels, the form in which its convolutions run on a CPU.

onnxruntime computes convolutions on x86 in a layout of its own, NCHWc: blocks of 8 or 16 channels. Tensors are put
back into the usual layout, and again into blocks, around every operator that it does not have in that layout. Two of
U²-Net p's can be had: a convolution of several tensors one after the other is the sum of the convolutions of each, with
nothing put together; and an enlargement in the way of PyTorch is the usual one wherever its result has more than one
pixel a side. Results differ by rounding alone.
"""

from __future__ import annotations

from collections import Counter

import onnx
from onnx import helper

from tools.models.rewriting import attributes, constant, shapes

BLOCK = 16
"""Channels of a block, with vectors of 512 bits."""


def rewrite(model: onnx.ModelProto) -> int:
    """Rewrite what can be, in place, and return the number of convolutions that were divided. Shapes must be static."""
    sizes = shapes(model)
    for node in model.graph.node:
        if node.op_type == "Resize" and min(sizes[node.output[0]][2:]) > 1:
            _enlarge_as_usual(node)
    return _divide(model, sizes)


def _enlarge_as_usual(node: onnx.NodeProto) -> None:
    for attribute in node.attribute:
        if attribute.name == "coordinate_transformation_mode" and attribute.s == b"pytorch_half_pixel":
            attribute.s = b"half_pixel"


def _divide(model: onnx.ModelProto, sizes: dict[str, list[int]]) -> int:
    """Divide each convolution of concatenated tensors into a sum. The weights are sliced when a session is made."""
    readers = Counter(name for node in model.graph.node for name in node.input)
    joined = {node.output[0]: node for node in model.graph.node if _joins_blocks(node, sizes)}
    tensors: list[onnx.TensorProto] = []
    nodes: list[onnx.NodeProto] = []
    dropped = set()
    for node in model.graph.node:
        whole = node.input[0] if node.op_type == "Conv" and attributes(node).get("group", 1) == 1 else ""
        if whole not in joined or readers[whole] > 1:
            nodes.append(node)
            continue
        dropped.add(whole)
        nodes += _sum_of_parts(node, list(joined[whole].input), sizes, tensors)
    del model.graph.node[:]
    model.graph.node.extend(node for node in nodes if node.output[0] not in dropped)
    model.graph.initializer.extend(tensors)
    del model.graph.value_info[:]
    return len(dropped)


def _joins_blocks(node: onnx.NodeProto, sizes: dict[str, list[int]]) -> bool:
    return (
        node.op_type == "Concat"
        and attributes(node)["axis"] == 1
        and all(sizes[name][1] % BLOCK == 0 for name in node.input)
    )


def _sum_of_parts(
    node: onnx.NodeProto, parts: list[str], sizes: dict[str, list[int]], tensors: list[onnx.TensorProto]
) -> list[onnx.NodeProto]:
    """Return the operators of a convolution's parts, and of their sum."""
    nodes = []
    total, start = "", 0
    for number, part in enumerate(parts):
        end = start + sizes[part][1]
        limits = [constant(f"blocked_number_{value}", [value], tensors) for value in (start, end, 1)]
        weights, result = f"{node.output[0]}_weights{number}", f"{node.output[0]}_part{number}"
        nodes.append(helper.make_node("Slice", [node.input[1], *limits], [weights], name=f"blocked_{weights}"))
        convolution = onnx.NodeProto()
        convolution.CopyFrom(node)
        convolution.name = f"blocked_{result}"
        convolution.input[:] = [part, weights, *(node.input[2:] if number == 0 else [])]
        convolution.output[:] = [result]
        nodes.append(convolution)
        if total:
            to = node.output[0] if number == len(parts) - 1 else f"{node.output[0]}_sum{number}"
            nodes.append(helper.make_node("Add", [total, result], [to], name=f"blocked_{to}"))
            result = to
        total, start = result, end
    return nodes
