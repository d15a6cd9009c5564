"""Convert networks from half to single precision, and back.

A CPU computes in single precision anyway, and so saves a cast at every step; GPUs compute in half precision.
"""

from __future__ import annotations

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.transformers.float16 import convert_float_to_float16
from onnxruntime.transformers.onnx_model import OnnxModel


def is_half(model: onnx.ModelProto) -> bool:
    """Return whether some of the network's weights are float16."""
    return any(tensor.data_type == TensorProto.FLOAT16 for tensor in model.graph.initializer)


def to_single(model: onnx.ModelProto) -> None:
    """Make every float16 tensor float32 and remove the casts between the two, in place."""
    for tensor in model.graph.initializer:
        _widen(tensor)
    renamed: dict[str, str] = {}
    remaining = []
    for node in model.graph.node:
        if node.op_type == "Cast" and node.attribute[0].i in (TensorProto.FLOAT, TensorProto.FLOAT16):
            renamed[node.output[0]] = node.input[0]
            continue
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.TENSOR:
                _widen(attribute.t)
        remaining.append(node)
    outputs = {_origin(value.name, renamed): value.name for value in model.graph.output}
    for node in remaining:
        node.input[:] = [_final(name, renamed, outputs) for name in node.input]
        node.output[:] = [outputs.get(name, name) for name in node.output]
    del model.graph.node[:]
    model.graph.node.extend(remaining)
    del model.graph.value_info[:]
    for value in (*model.graph.input, *model.graph.output):
        if value.type.tensor_type.elem_type == TensorProto.FLOAT16:
            value.type.tensor_type.elem_type = TensorProto.FLOAT


def to_half(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return a network that computes in half precision, from one in single precision with weights stored in any way.

    Its input and output stay in single precision. So do the convolutions' weights and the operators that decode them,
    each followed by a `Cast` that onnxruntime folds when it makes a session: both forms of the network have these bytes
    in common.
    """
    constants = {tensor.name for tensor in model.graph.initializer}
    convolved = {node.input[1] for node in model.graph.node if node.op_type == "Conv"}
    stored, rest = [], []
    for node in model.graph.node:
        if all(name in constants for name in node.input):
            constants.update(node.output)
            stored.append(node)
        else:
            rest.append(node)
    single = {
        tensor.name: f"{tensor.name}_single"
        for tensor in model.graph.initializer
        if tensor.name in convolved and tensor.data_type == TensorProto.FLOAT
    }
    stored += [helper.make_node("Identity", [name], [same], name=same) for name, same in single.items()]
    for node in rest:
        node.input[:] = [single.get(name, name) for name in node.input]
    del model.graph.node[:]
    model.graph.node.extend(stored + rest)
    remaining = [node.name for node in stored]
    halved = OnnxModel(convert_float_to_float16(model, keep_io_types=True, op_block_list=[], node_block_list=remaining))
    halved.topological_sort()
    del halved.model.graph.value_info[:]
    result: onnx.ModelProto = halved.model
    return result


def _widen(tensor: onnx.TensorProto) -> None:
    if tensor.data_type == TensorProto.FLOAT16:
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(numpy.float32), tensor.name))


def _origin(name: str, renamed: dict[str, str]) -> str:
    while name in renamed:
        name = renamed[name]
    return name


def _final(name: str, renamed: dict[str, str], outputs: dict[str, str]) -> str:
    origin = _origin(name, renamed)
    return outputs.get(origin, origin)
