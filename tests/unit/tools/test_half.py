"""Networks that compute in half precision: nearly the same values, the same weights in the file."""

from __future__ import annotations

import numpy
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from tools.models import floats, weights


def network() -> onnx.ModelProto:
    """Two convolutions, a change of size and a sigmoid, as they are in the networks of the catalogue."""
    random = numpy.random.default_rng(0)
    given = {"w": (8, 3, 3, 3), "b": (8,), "v": (1, 8, 3, 3)}
    tensors = [
        numpy_helper.from_array((random.standard_normal(shape) / 3).astype("float32"), name)
        for name, shape in given.items()
    ]
    tensors.append(numpy_helper.from_array(numpy.array([1, 1, 2, 2], "float32"), "twice"))
    nodes = [
        helper.make_node("Conv", ["image", "w", "b"], ["sum"], name="first", pads=[1] * 4),
        helper.make_node("Relu", ["sum"], ["kept"], name="relu"),
        helper.make_node("Resize", ["kept", "", "twice"], ["large"], name="resize", mode="linear"),
        helper.make_node("Conv", ["large", "v"], ["logits"], name="last", pads=[1] * 4),
        helper.make_node("Sigmoid", ["logits"], ["alpha"], name="sigmoid"),
    ]
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in (("image", [1, 3, 12, 16]), ("alpha", [1, 1, 24, 32]))
    ]
    graph = helper.make_graph(nodes, "two", ends[:1], ends[1:], tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


def run(model: onnx.ModelProto) -> numpy.ndarray:
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"image": numpy.random.default_rng(1).uniform(-2, 2, (1, 3, 12, 16)).astype("float32")})[0]


def half(stored: str) -> tuple[onnx.ModelProto, onnx.ModelProto]:
    """The network with its weights stored in one way, and what is made of it."""
    plain, made = network(), network()
    for model in (plain, made):
        weights.shrink(model, {"type": stored, "float_last": 1})
    made = floats.to_half(made)
    for model in (plain, made):
        weights.last(model)
    return plain, made


@pytest.mark.parametrize("stored", ["float32", "float16", "int8"])
def test_the_values_are_single_precisions_but_for_rounding_and_the_weights_the_same_bytes(stored):
    plain, made = half(stored)
    expected, found = run(plain), run(made)
    assert expected.dtype == found.dtype == numpy.float32 and numpy.ptp(expected) > 0.5
    assert 0 < numpy.abs(expected - found).max() < 0.005
    one, other = (model.SerializeToString(deterministic=True) for model in (plain, made))
    assert one[slice(*weights.part(one))] == other[slice(*weights.part(other))]


@pytest.mark.parametrize("stored", ["float32", "float16", "int8"])
def test_every_layer_takes_and_gives_half_precision(stored):
    _, made = half(stored)
    inferred = onnx.shape_inference.infer_shapes(made, strict_mode=True).graph
    kinds = {value.name: value.type.tensor_type.elem_type for value in inferred.value_info}
    for node in made.graph.node:
        if node.op_type in ("Conv", "Relu", "Resize", "Sigmoid"):
            assert kinds[node.output[0]] == TensorProto.FLOAT16, node.name


def test_it_is_made_the_same_way_each_time():
    assert len({half("int8")[1].SerializeToString(deterministic=True) for _ in range(2)}) == 1
