"""Convolutions with fewer multiplications: the same values, the same weights in the file."""

from __future__ import annotations

import numpy
import onnx
import onnxruntime
import pytest
from hypothesis import given, settings, strategies
from onnx import TensorProto, helper, numpy_helper

from tools.models import weights, winograd

CHANNELS = strategies.sampled_from([32, 40, 64])
SIDES = strategies.integers(1, 6)


def network(
    inputs: int, outputs: int, height: int, width: int, *, bias: bool = True, size: int = 3, **attributes
) -> onnx.ModelProto:
    """One convolution and what follows it in a network."""
    random = numpy.random.default_rng(0)
    given = {"w": (outputs, inputs, size, size)} | ({"b": (outputs,)} if bias else {})
    tensors = [
        numpy_helper.from_array((random.standard_normal(shape) / 10).astype("float32"), name)
        for name, shape in given.items()
    ]
    attributes = {"pads": [size // 2] * 4} | attributes
    nodes = [
        helper.make_node("Conv", ["image", *given], ["sum"], name="conv", **attributes),
        helper.make_node("Relu", ["sum"], ["alpha"], name="relu"),
    ]
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in (("image", [1, inputs, height, width]), ("alpha", [1, outputs, "height", "width"]))
    ]
    graph = helper.make_graph(nodes, "one", ends[:1], ends[1:], tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


def run(model: onnx.ModelProto) -> numpy.ndarray:
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    shape = session.get_inputs()[0].shape
    return session.run(None, {"image": numpy.random.default_rng(1).uniform(-2, 2, shape).astype("float32")})[0]


@settings(deadline=None, max_examples=20)
@given(CHANNELS, CHANNELS, SIDES, SIDES, strategies.booleans(), strategies.booleans())
def test_the_values_are_those_of_the_plain_convolution_up_to_rounding(inputs, outputs, down, across, bias, whole):
    plain, fast = (network(inputs, outputs, 4 * down, 4 * across, bias=bias) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        if not whole:
            patch.setattr(winograd, "BAND", 36 * inputs * across * 2)  # two rows of tiles
        assert winograd.speed_up(fast) == 1
    assert sum("winograd_input" in node.input for node in fast.graph.node) == (1 if whole else (down + 1) // 2)
    assert not [node for node in fast.graph.node if "w" in node.input and node.op_type == "Conv"]
    expected, found = run(plain), run(fast)
    assert expected.shape == found.shape and expected.max() > 0.5
    assert numpy.abs(expected - found).max() < 1e-4


@pytest.mark.parametrize("stored", ["float16", "int8"])
def test_weights_stored_in_fewer_bytes_stay_the_bytes_they_are(stored):
    plain, fast = network(32, 64, 16, 24), network(32, 64, 16, 24)
    for model in (plain, fast):
        weights.shrink(model, {"type": stored})
    assert winograd.speed_up(fast) == 1
    for model in (plain, fast):
        weights.last(model)
    assert numpy.abs(run(plain) - run(fast)).max() < 1e-4
    one, other = (model.SerializeToString(deterministic=True) for model in (plain, fast))
    first, second = (data[slice(*weights.part(data))] for data in (one, other))
    assert first == second and len(first) >= 64 * 32 * 9


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"height": 10}, "tiles would not fit"),
        ({"strides": [2, 2]}, "another stride"),
        ({"pads": [0, 0, 0, 0]}, "no border"),
        ({"dilations": [2, 2], "pads": [2, 2, 2, 2]}, "gaps"),
        ({"size": 1}, "another size"),
        ({"size": 5}, "another size"),
        ({"inputs": 3}, "too few channels to gain"),
        ({"outputs": 8}, "too few channels to gain"),
    ],
)
def test_others_are_left_as_they_are(given, why):
    settled = {"inputs": 32, "outputs": 32, "height": 16, "width": 16} | given
    model = network(**settled)
    before = model.SerializeToString(deterministic=True)
    assert winograd.speed_up(model) == 0, why
    assert model.SerializeToString(deterministic=True) == before


def test_the_matrices_are_those_of_a_convolution():
    """One dimension, in exact numbers: A^T ((G g) * (B^T d)) is the correlation of d with g."""
    for taps in numpy.eye(3):
        for values in numpy.eye(6):
            found = winograd.OUTPUT @ ((winograd.FILTER @ taps) * (winograd.INPUT @ values))
            assert numpy.allclose(found, numpy.correlate(values, taps, "valid"), atol=1e-12)
