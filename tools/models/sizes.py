"""A fully convolutional network at other input sizes than the one it was exported with."""

from __future__ import annotations

import onnx
from onnx import numpy_helper

from tools.errors import ToolError
from tools.models.rewriting import shapes

SIDES = "height", "width"
"""What the sides of the input and the output are called once they are free."""

BROADCASTING = ("Add", "Div", "Mul", "Sub")
"""Operators that expand the smaller one of two tensors by themselves."""


def free(model: onnx.ModelProto) -> None:
    """Make the network take an input of any size that its layers divide evenly, in place.

    Every `Resize` was exported with the `sizes` of its result; it gets scale factors instead, which have to be
    whole numbers. An `Expand` to a size is left out where the operator that reads it expands anyway. The network must
    be one whose constants are folded.
    """
    known = shapes(model)
    _drop_expansions(model, known)
    sizes = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    factor_tensors = {}
    for node in model.graph.node:
        if node.op_type != "Resize" or len(node.input) < 4:
            continue
        before, after = known[node.input[0]], sizes[node.input[3]]
        factors = (after / before).astype("float32")
        if (factors != factors.round()).any():
            raise ToolError(
                f"The network cannot be used at another size: {node.name or 'a layer'} enlarges "
                f"{' × '.join(map(str, before))} to {' × '.join(map(str, after))}, which is no whole factor."
            )
        name = f"factors_{'_'.join(str(int(factor)) for factor in factors)}"
        factor_tensors[name] = numpy_helper.from_array(factors, name)
        del node.input[3]
        node.input[2] = name
    used = {name for node in model.graph.node for name in node.input}
    remaining = [tensor for tensor in model.graph.initializer if tensor.name in used]
    del model.graph.initializer[:]
    model.graph.initializer.extend([*remaining, *factor_tensors.values()])
    for value in (*model.graph.input, *model.graph.output):
        for side, name in zip(value.type.tensor_type.shape.dim[2:], SIDES, strict=True):
            side.dim_param = name
    del model.graph.value_info[:]


def _drop_expansions(model: onnx.ModelProto, known: dict[str, list[int]]) -> None:
    dropped = {}
    for node in model.graph.node:
        if node.op_type != "Expand":
            continue
        expanded = node.output[0]
        for reader in model.graph.node:
            others = [name for name in reader.input if name != expanded]
            if len(others) == len(reader.input):
                continue
            if reader.op_type not in BROADCASTING or [known[name] for name in others] != [known[expanded]]:
                raise ToolError(
                    f"The network cannot be used at another size: {node.name or 'a layer'} expands a tensor to "
                    f"{' × '.join(map(str, known[expanded]))}, whatever the size."
                )
        dropped[expanded] = node.input[0]
    remaining = [node for node in model.graph.node if node.op_type != "Expand"]
    for node in remaining:
        node.input[:] = [dropped.get(name, name) for name in node.input]
    del model.graph.node[:]
    model.graph.node.extend(remaining)
