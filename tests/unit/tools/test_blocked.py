"""A network for onnxruntime's own layout: the same values, the same weights in the file, nothing put together."""

from __future__ import annotations

import numpy
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from tools.models import blocked, weights


def network(parts: tuple[int, ...], *, twice: bool = False, group: int = 1) -> onnx.ModelProto:
    """Enlarge some pictures, put them together, and convolve."""
    random = numpy.random.default_rng(0)
    total = sum(parts)
    tensors = [
        numpy_helper.from_array((random.standard_normal(shape) / 10).astype("float32"), name)
        for name, shape in (("w", (32, total // group, 3, 3)), ("b", (32,)))
    ]
    tensors.append(numpy_helper.from_array(numpy.array([1, 1, 2, 2], "float32"), "factors"))
    given = [f"image{number}" for number in range(len(parts))]
    nodes = [
        helper.make_node(
            "Resize",
            [name, "", "factors"],
            [f"large_{name}"],
            mode="linear",
            coordinate_transformation_mode="pytorch_half_pixel",
        )
        for name in given
    ]
    nodes += [
        helper.make_node("Concat", [f"large_{name}" for name in given], ["together"], axis=1),
        helper.make_node("Conv", ["together", "w", "b"], ["sum"], pads=[1] * 4, group=group),
        helper.make_node("Relu", ["sum"], ["alpha"]),
    ]
    ends = [helper.make_tensor_value_info("alpha", TensorProto.FLOAT, [1, 32, 12, 16])]
    if twice:
        nodes.append(helper.make_node("MaxPool", ["together"], ["other"], kernel_shape=[2, 2], strides=[2, 2]))
        ends.append(helper.make_tensor_value_info("other", TensorProto.FLOAT, [1, total, 6, 8]))
    begins = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, channels, 6, 8])
        for name, channels in zip(given, parts, strict=True)
    ]
    graph = helper.make_graph(nodes, "one", begins, ends, tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


def run(model: onnx.ModelProto) -> numpy.ndarray:
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    random = numpy.random.default_rng(1)
    given = {each.name: random.uniform(-2, 2, each.shape).astype("float32") for each in session.get_inputs()}
    return session.run(["alpha"], given)[0]


@pytest.mark.parametrize("parts", [(16, 16), (16, 64, 32)])
@pytest.mark.parametrize("stored", ["float32", "float16", "int8"])
def test_a_convolution_of_several_is_a_sum_with_the_same_values_and_weights(parts, stored):
    plain, rewritten = network(parts), network(parts)
    for model in (plain, rewritten):
        weights.shrink(model, {"type": stored})
    assert blocked.rewrite(rewritten) == 1
    kinds = [node.op_type for node in rewritten.graph.node]
    assert "Concat" not in kinds and kinds.count("Conv") == len(parts)
    assert b"pytorch_half_pixel" not in rewritten.SerializeToString()
    expected, found = run(plain), run(rewritten)
    assert expected.max() > 0.5 and numpy.abs(expected - found).max() < 1e-5
    for model in (plain, rewritten):
        weights.last(model)
    one, other = (model.SerializeToString(deterministic=True) for model in (plain, rewritten))
    assert one[slice(*weights.part(one))] == other[slice(*weights.part(other))]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"parts": (16, 8)}, "no whole block"),
        ({"parts": (16, 16), "twice": True}, "it has to be put together anyway"),
        ({"parts": (16, 16), "group": 2}, "each output channel reads only some"),
    ],
)
def test_other_convolutions_are_left_whole(given, why):
    model = network(**given)
    assert blocked.rewrite(model) == 0, why
    kinds = [node.op_type for node in model.graph.node]
    assert kinds.count("Concat") == kinds.count("Conv") == 1


def test_enlarging_to_a_single_pixel_stays_as_it_is():
    """There the two ways differ."""
    model = network((16, 16))
    for value in (*model.graph.input, *model.graph.output):
        for side in value.type.tensor_type.shape.dim[2:]:
            side.dim_value = 1
    next(tensor for tensor in model.graph.initializer if tensor.name == "factors").CopyFrom(
        numpy_helper.from_array(numpy.ones(4, "float32"), "factors")
    )
    blocked.rewrite(model)
    assert b"pytorch_half_pixel" in model.SerializeToString()
