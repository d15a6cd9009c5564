"""A fully convolutional network at another input size than it was exported with."""

from __future__ import annotations

import onnx
from onnx import TensorProto, numpy_helper

from tools.problems import Problem


def rescale(model: onnx.ModelProto, width: int, height: int) -> None:
    """Changes the input's size, and with it every size that a `Resize` was exported with, in place.

    The network must be one whose constants are folded, so that each `Resize` has its `sizes` as an initialiser.
    """
    shape = model.graph.input[0].type.tensor_type.shape.dim
    old_height, old_width = shape[2].dim_value, shape[3].dim_value
    if (old_width, old_height) == (width, height):
        return
    sizes = {node.input[3] for node in model.graph.node if node.op_type == "Resize" and len(node.input) > 3}
    for tensor in model.graph.initializer:
        if tensor.name in sizes and tensor.data_type == TensorProto.INT64:
            values = numpy_helper.to_array(tensor).copy()
            if values[2] * height % old_height or values[3] * width % old_width:
                raise Problem(f"The network cannot be used at {width} × {height}: a layer would not be whole pixels.")
            values[2] = values[2] * height // old_height
            values[3] = values[3] * width // old_width
            tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))
    for value in (*model.graph.input, *model.graph.output):
        dimensions = value.type.tensor_type.shape.dim
        dimensions[2].dim_value, dimensions[3].dim_value = height, width
    del model.graph.value_info[:]
