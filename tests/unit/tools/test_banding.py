"""Large steps of an 8-bit network in bands of rows: the same values with less additional memory."""

from __future__ import annotations

import numpy
import onnx
import onnxruntime
import pytest
from hypothesis import given, settings, strategies
from onnx import TensorProto, helper, numpy_helper

from tools.models import banding, rewriting, weights
from tools.models.sizes import free


def network(height: int, width: int, *, gap: int = 1, relu: bool = True, **resize) -> onnx.ModelProto:
    """A convolution that halves the picture, one in 8 bits, an enlargement; all in whole numbers."""
    random = numpy.random.default_rng(0)
    values = {
        "w1": random.integers(-3, 4, (4, 3, 3, 3)).astype("float32"),
        "w2": random.integers(-3, 4, (6, 4, 3, 3), "int8"),
        "one": numpy.float32(1),
        "four": numpy.float32(4),
        "zero": numpy.uint8(0),
        "none": numpy.int8(0),
        "sizes": numpy.array([1, 6, height, width], "int64"),
    }
    nodes = []

    def add(kind: str, inputs: list[str], to: str, **given) -> None:
        nodes.append(helper.make_node(kind, inputs, [to], name=f"{to}_made", **given))

    add("Conv", ["image", "w1"], "c1", pads=[1] * 4, strides=[2, 2])
    add("QuantizeLinear", ["c1", "one", "zero"], "q1")
    add("DequantizeLinear", ["q1", "one", "zero"], "d1")
    add("DequantizeLinear", ["w2", "one", "none"], "dw2")
    add("Conv", ["d1", "dw2"], "c2", pads=[gap] * 4, dilations=[gap, gap])
    if relu:
        add("Relu", ["c2"], "r2")
    add("QuantizeLinear", ["r2" if relu else "c2", "four", "zero"], "q2")
    add("DequantizeLinear", ["q2", "four", "zero"], "d2")
    add("Resize", ["d2", "", "", "sizes"], "large", **{"mode": "linear"} | resize)
    add("QuantizeLinear", ["large", "four", "zero"], "q3")
    add("DequantizeLinear", ["q3", "four", "zero"], "alpha")
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in (("image", [1, 3, height, width]), ("alpha", [1, 6, height, width]))
    ]
    tensors = [numpy_helper.from_array(numpy.asarray(value), name) for name, value in values.items()]
    graph = helper.make_graph(nodes, "three", ends[:1], ends[1:], tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)


def run(model: onnx.ModelProto, height: int, width: int) -> numpy.ndarray:
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    image = numpy.random.default_rng(1).integers(-2, 3, (1, 3, height, width)).astype("float32")
    return session.run(None, {"image": image})[0]


@settings(deadline=None, max_examples=25)
@given(
    strategies.integers(2, 12),
    strategies.integers(1, 6),
    strategies.integers(1, 3),
    strategies.booleans(),
    strategies.integers(100, 3000),
)
def test_the_values_are_the_very_same(down, across, gap, relu, limit):
    size = 2 * down, 2 * across
    plain, banded = (network(*size, gap=gap, relu=relu) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(banding, "LIMIT", limit)
        banding.divide(banded)
    expected = run(plain, *size)
    assert len(numpy.unique(expected)) > 2
    assert numpy.array_equal(run(banded, *size), expected)


@settings(deadline=None, max_examples=25)
@given(strategies.integers(1, 8), strategies.integers(1, 8), strategies.integers(100, 3000))
def test_the_values_are_the_same_at_every_size_of_a_free_network(down, across, limit):
    banded = network(64, 64)
    free(banded)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(banding, "LIMIT", limit)
        assert banding.divide(banded, 64, 8) == 3
    size = 8 * down, 8 * across
    assert numpy.array_equal(run(banded, *size), run(network(*size), *size))


def test_no_band_needs_much_more_than_the_limit(monkeypatch):
    model = network(64, 64)
    free(model)
    monkeypatch.setattr(banding, "LIMIT", 4000)
    assert banding.divide(model, 64, 64) == 3
    kinds = [node.op_type for node in model.graph.node]
    assert kinds.count("Concat") == 3
    onnx.checker.check_model(model, full_check=True)
    sizes = rewriting.shapes(model, 64)
    for node in model.graph.node:
        if node.op_type in ("Conv", "Resize"):
            _, channels, height, width = sizes[node.output[0]]
            seen = 9 * sizes[node.input[0]][1] if "c2" in node.name else 0
            row = width * (4 * channels + seen)
            # Rows come in pairs, and an enlargement has one more at each end.
            assert height * row < 4000 + 6 * row, node.name


def test_weights_stay_the_bytes_they_are(monkeypatch):
    plain, banded = network(64, 16), network(64, 16)
    monkeypatch.setattr(banding, "LIMIT", 1000)
    banding.divide(banded)
    found = []
    for model in (plain, banded):
        weights.last(model)
        data = model.SerializeToString(deterministic=True)
        found.append(data[slice(*weights.part(data))])
    assert found[0] == found[1] and len(found[0]) >= 4 * 3 * 9 * 4 + 6 * 4 * 9


@pytest.mark.parametrize(
    ("limit", "given", "left"),
    [
        (10**9, {}, 3),
        (1000, {"mode": "nearest"}, 1),
        (1000, {"coordinate_transformation_mode": "asymmetric"}, 1),
    ],
)
def test_others_are_left_as_they_are(monkeypatch, limit, given, left):
    model = network(64, 64, **given)
    free(model)
    before = [node.SerializeToString() for node in model.graph.node if node.op_type in ("Conv", "Resize")]
    monkeypatch.setattr(banding, "LIMIT", limit)
    assert banding.divide(model, 64, 64) == 3 - left
    assert len([node for node in model.graph.node if node.SerializeToString() in before]) == left
