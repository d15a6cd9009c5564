"""What the model build does to large networks: single precision, another size, 8 bits, pieces in common."""

from __future__ import annotations

import json

import numpy
import onnx
import onnxruntime
import pytest
from hypothesis import given, settings, strategies
from onnx import TensorProto, helper, numpy_helper

from tools.errors import ToolError
from tools.models import channels, chunks, floats, normalisations, weights
from tools.models.quantise import quantise
from tools.models.sizes import free

OPERATORS = ["Conv", "Relu", "MaxPool", "Resize"]
EIGHT = {"type": "int8", "float_first": 1, "float_last": 1}


def down_and_up(size: int = 16, kind=numpy.float32, height: int | None = None) -> onnx.ModelProto:
    """Four convolutions; half the size between, and back to a size that is written down as it was exported."""
    height = height or size
    random = numpy.random.default_rng(0)
    weights = {"w1": (8, 3, 3, 3), "w2": (8, 8, 3, 3), "w3": (8, 8, 3, 3), "w4": (1, 8, 3, 3)}
    nodes = []

    def conv(source: str, weight: str, to: str) -> None:
        nodes.append(helper.make_node("Conv", [source, weight], [to], name=f"conv_{weight}", pads=[1, 1, 1, 1]))

    conv("image", "w1", "c1")
    nodes.append(helper.make_node("Relu", ["c1"], ["r1"], name="relu1"))
    nodes.append(helper.make_node("MaxPool", ["r1"], ["small"], name="pool", kernel_shape=[2, 2], strides=[2, 2]))
    conv("small", "w2", "c2")
    nodes.append(helper.make_node("Relu", ["c2"], ["r2"], name="relu2"))
    conv("r2", "w3", "c3")
    nodes.append(helper.make_node("Relu", ["c3"], ["r3"], name="relu3"))
    nodes.append(helper.make_node("Resize", ["r3", "", "", "sizes"], ["large"], name="up", mode="linear"))
    conv("large", "w4", "c4")
    nodes.append(helper.make_node("Sigmoid", ["c4"], ["alpha"], name="sigmoid"))
    initialisers = [
        numpy_helper.from_array((random.standard_normal(shape) * 0.2).astype(kind), name)
        for name, shape in weights.items()
    ]
    initialisers.append(numpy_helper.from_array(numpy.array([1, 8, height, size], numpy.int64), "sizes"))
    tensor = TensorProto.FLOAT16 if kind == numpy.float16 else TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        "down and up",
        [helper.make_tensor_value_info("image", tensor, [1, 3, height, size])],
        [helper.make_tensor_value_info("alpha", tensor, [1, 1, height, size])],
        initialisers,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def half_with_casts() -> onnx.ModelProto:
    """Half-precision weights behind a single-precision input and output, as exporters write it."""
    model = down_and_up(kind=numpy.float16)
    for node in model.graph.node:
        node.input[:] = ["half" if name == "image" else name for name in node.input]
        node.output[:] = ["answer" if name == "alpha" else name for name in node.output]
    model.graph.node.insert(0, helper.make_node("Cast", ["image"], ["half"], to=TensorProto.FLOAT16))
    model.graph.node.append(helper.make_node("Cast", ["answer"], ["alpha"], to=TensorProto.FLOAT))
    for value in (*model.graph.input, *model.graph.output):
        value.type.tensor_type.elem_type = TensorProto.FLOAT
    return model


def gated(size: int = 16, height: int | None = None, operator_set: int = 11) -> onnx.ModelProto:
    """What MODNet has besides convolutions: a gate for each channel, and layers normalised in halves."""
    height = height or size
    random = numpy.random.default_rng(0)

    def values(*shape: int) -> numpy.ndarray:
        return (random.standard_normal(shape) * 0.2).astype(numpy.float32)

    tensors = {
        "w1": values(8, 3, 3, 3),
        "b1": values(8),
        "w2": values(1, 8, 3, 3),
        "product": values(8, 8),
        "flat": numpy.array([1, 8], numpy.int64),
        "column": numpy.array([1, 8, 1, 1], numpy.int64),
        "whole": numpy.array([1, 8, height, size], numpy.int64),
        "none": numpy.array([0], numpy.int64),
        "half": numpy.array([4], numpy.int64),
        "all": numpy.array([2**63 - 1], numpy.int64),
        "axis": numpy.array([1], numpy.int64),
        "scale": 1 + values(4),
        "shift": values(4),
        "mean": values(4),
        "variance": numpy.abs(values(4)) + 0.5,
        "ones": numpy.ones(4, numpy.float32),
        "zeros": numpy.zeros(4, numpy.float32),
    }
    made = helper.make_node
    nodes = [
        made("Conv", ["image", "w1", "b1"], ["c1"], name="conv_w1", pads=[1, 1, 1, 1]),
        made("Slice", ["c1", "none", "half", "axis"], ["first"], name="first"),
        made("BatchNormalization", ["first", "scale", "shift", "mean", "variance"], ["n1"], name="batch"),
        made("Slice", ["c1", "half", "all", "axis"], ["second"], name="second"),
        made("InstanceNormalization", ["second", "ones", "zeros"], ["n2"], name="instance"),
        made("Concat", ["n1", "n2"], ["both"], name="both", axis=1),
        made("Relu", ["both"], ["r1"], name="relu"),
        made("GlobalAveragePool", ["r1"], ["pooled"], name="pool"),
        made("Reshape", ["pooled", "flat"], ["row"], name="row"),
        made("MatMul", ["row", "product"], ["multiplied"], name="product"),
        made("Sigmoid", ["multiplied"], ["gates"], name="gates"),
        made("Reshape", ["gates", "column"], ["gate"], name="gate"),
        made("Expand", ["gate", "whole"], ["expanded"], name="expand"),
        made("Mul", ["r1", "expanded"], ["passed"], name="mul"),
        made("Conv", ["passed", "w2"], ["c2"], name="conv_w2", pads=[1, 1, 1, 1]),
        made("Sigmoid", ["c2"], ["alpha"], name="sigmoid"),
    ]
    graph = helper.make_graph(
        nodes,
        "gated",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, height, size])],
        [helper.make_tensor_value_info("alpha", TensorProto.FLOAT, [1, 1, height, size])],
        [numpy_helper.from_array(array, name) for name, array in tensors.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", operator_set)], ir_version=7)


def run(model: onnx.ModelProto, image: numpy.ndarray) -> numpy.ndarray:
    onnx.checker.check_model(model, full_check=True)
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.x64quantprecision", "1")
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run(None, {"image": image})[0]


def eight_bits(model: onnx.ModelProto, ranges) -> onnx.ModelProto:
    found = quantise(model, ranges, OPERATORS, weights.exempt(model, EIGHT))
    weights.last(found)
    return found


def small_weights(model: onnx.ModelProto, settings: dict) -> onnx.ModelProto:
    weights.shrink(model, settings)
    weights.last(model)
    return model


def picture(size: int = 16) -> numpy.ndarray:
    return numpy.random.default_rng(1).uniform(-0.5, 0.5, (1, 3, size, size)).astype(numpy.float32)


def node_named(model: onnx.ModelProto, name: str) -> onnx.NodeProto:
    return next(node for node in model.graph.node if node.name == name)


@pytest.fixture
def ranges(tmp_path):
    path = tmp_path / "ranges.json"
    # What comes out of a Relu has no negative values, and the quantiser relies on its range saying so.
    limits = {name: [-4.0, 4.0] for name in ("image", "c1", "c2", "c3", "c4")}
    limits |= {name: [0.0, 4.0] for name in ("r1", "small", "r2", "r3", "large", "alpha")}
    path.write_text(json.dumps({"ranges": limits}))
    return path


def test_half_precision_becomes_single_without_casts():
    half, single = half_with_casts(), half_with_casts()
    assert floats.is_half(single)
    floats.to_single(single)
    assert not floats.is_half(single)
    assert "Cast" not in {node.op_type for node in single.graph.node}
    assert numpy.abs(run(half, picture()) - run(single, picture())).max() < 5e-3


def test_a_network_at_any_size():
    """At the size it was exported with, its output is the same; at others it has no seam where that one ended."""
    model = down_and_up(16)
    free(model)
    assert numpy.array_equal(run(model, picture()), run(down_and_up(16), picture()))
    assert numpy.array_equal(
        run(model, picture(32)[..., :24, :]), run(down_and_up(32, height=24), picture(32)[..., :24, :])
    )


def test_a_factor_that_is_not_whole_is_refused():
    model = down_and_up(16)
    model.graph.initializer[-1].CopyFrom(numpy_helper.from_array(numpy.array([1, 8, 12, 12], numpy.int64), "sizes"))
    for side in model.graph.output[0].type.tensor_type.shape.dim[2:]:
        side.dim_value = 12
    with pytest.raises(ToolError, match="no whole factor"):
        free(model)


def test_a_tensor_expanded_to_a_size_fits_every_size():
    model = gated(16)
    free(model)
    wide = picture(32)[..., :24, :]
    assert numpy.array_equal(run(model, wide), run(gated(32, height=24), wide))


def test_an_expansion_that_is_needed_is_refused():
    model = gated(16)
    node_named(model, "mul").op_type = "Max"
    with pytest.raises(ToolError, match="expand expands a tensor to 1 × 8 × 16 × 16"):
        free(model)


def test_a_batch_normalisation_of_some_channels_is_folded():
    model, whole = gated(), gated()
    assert normalisations.fold(model) == 1
    assert "BatchNormalization" not in {node.op_type for node in model.graph.node}
    assert numpy.abs(run(model, picture()) - run(whole, picture())).max() < 1e-6
    assert "variance" not in {tensor.name for tensor in model.graph.initializer}


def spoilt_by_another_reader(model: onnx.ModelProto) -> None:
    node_named(model, "instance").input[0] = "first"


def spoilt_by_an_overlap(model: onnx.ModelProto) -> None:
    """The other half begins among the channels that are normalised over the batch."""
    for name, value in (("start", 3), ("end", 7)):
        model.graph.initializer.append(numpy_helper.from_array(numpy.array([value], numpy.int64), name))
    node_named(model, "second").input[1:3] = ["start", "end"]


def spoilt_by_the_whole_output(model: onnx.ModelProto) -> None:
    node_named(model, "second").op_type = "Identity"
    del node_named(model, "second").input[1:]
    node_named(model, "instance").input[1:] = ["ones8", "zeros8"]
    for name, fill in (("ones8", 1), ("zeros8", 0)):
        model.graph.initializer.append(numpy_helper.from_array(numpy.full(8, fill, numpy.float32), name))


@pytest.mark.parametrize("spoil", [spoilt_by_another_reader, spoilt_by_an_overlap, spoilt_by_the_whole_output])
def test_a_batch_normalisation_stays_where_others_see_its_channels(spoil):
    model = gated()
    spoil(model)
    before = model.SerializeToString()
    assert normalisations.fold(model) == 0
    assert model.SerializeToString() == before


def test_weights_of_products_are_stored_in_half_precision_at_least():
    for stored in ("float16", "int8"):
        model = gated()
        weights.shrink(model, {"type": stored})
        kinds = {tensor.name: tensor.data_type for tensor in model.graph.initializer}
        assert kinds["product_half"] == TensorProto.FLOAT16 and "product" not in kinds
        assert numpy.abs(run(model, picture()) - run(gated(), picture())).max() < 2e-2


def test_an_old_network_can_have_8_bits(tmp_path):
    """Scales for each channel are newer than the operators that MODNet was exported with."""
    path = tmp_path / "ranges.json"
    path.write_text(json.dumps({"ranges": {"image": [-1, 1], "c1": [-2, 2], "passed": [0, 4], "c2": [-4, 4]}}))
    whole, small = gated(), quantise(gated(), path, ["Conv"], [])
    assert small.opset_import[0].version == 15
    exact, found = run(whole, picture()), run(small, picture())
    assert 0 < numpy.abs(exact - found).mean() < 0.1 * exact.std()


def test_eight_bits_say_nearly_the_same(ranges):
    whole, small = down_and_up(), eight_bits(down_and_up(), ranges)
    kinds = [tensor.data_type for tensor in small.graph.initializer if len(tensor.dims) == 4]
    assert sorted(kinds) == sorted([TensorProto.INT8, TensorProto.INT8, TensorProto.FLOAT, TensorProto.FLOAT])
    exact, found = run(whole, picture()), run(small, picture())
    assert 0 < numpy.abs(exact - found).mean() < 0.1 * exact.std()


def test_layers_that_are_named_are_not_in_8_bits():
    network = down_and_up()
    left = [node.name for node in weights.exempt(network, EIGHT | {"float_named": ["conv_w3", "up", "conv_w1"]})]
    assert set(left) == {"conv_w1", "conv_w4", "conv_w3", "up"}


@pytest.mark.parametrize(
    ("stored", "kinds", "part"),
    [
        ({"type": "float16"}, {TensorProto.FLOAT16: 4}, 2e-3),
        (EIGHT, {TensorProto.INT8: 2, TensorProto.FLOAT: 2}, 2e-2),
        ({"type": "int8"}, {TensorProto.INT8: 4}, 2e-2),
        ({"type": "int8", "float_named": ["conv_w3"]}, {TensorProto.INT8: 3, TensorProto.FLOAT: 1}, 2e-2),
        ({"type": "float32"}, {TensorProto.FLOAT: 4}, 0),
    ],
    ids=["half", "8 bits", "all in 8 bits", "all but one in 8 bits", "untouched"],
)
def test_smaller_weights_say_nearly_the_same(stored, kinds, part):
    small = small_weights(down_and_up(), stored)
    found = [tensor for tensor in small.graph.initializer if len(tensor.dims) == 4 and "_scales" not in tensor.name]
    assert {kind: [tensor.data_type for tensor in found].count(kind) for kind in kinds} == kinds and len(found) == 4
    exact, close = run(down_and_up(), picture()), run(small, picture())
    assert numpy.abs(exact - close).mean() <= part * exact.std()


@given(strategies.integers(0, 2**32 - 1), strategies.floats(-6, 6))
@settings(max_examples=30, deadline=None)
def test_a_weight_in_8_bits_is_off_by_half_a_step_at_most(seed, magnitude):
    values = numpy.random.default_rng(seed).standard_normal((8, 3, 3, 3)).astype(numpy.float32)
    values *= numpy.float32(10.0**magnitude)
    values[3] = 0
    model = down_and_up()
    model.graph.initializer[0].CopyFrom(numpy_helper.from_array(values, "w1"))
    weights.shrink(model, {"type": "int8"})
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    found = stored["w1_quantized"].astype(numpy.float32) * stored["w1_scales"]
    largest = numpy.abs(values).reshape(8, -1).max(axis=1).reshape(-1, 1, 1, 1)
    assert (numpy.abs(found - values) <= largest / 127 * 0.501).all()
    assert (found[3] == 0).all()


def test_smaller_weights_are_whole_again_before_the_first_photo(tmp_path):
    """onnxruntime folds them when it makes a session: no cast is left for each run to pay."""
    for stored in ({"type": "float16"}, {"type": "int8"}):
        options = onnxruntime.SessionOptions()
        options.optimized_model_filepath = str(tmp_path / "folded.onnx")
        small = small_weights(down_and_up(), stored)
        onnxruntime.InferenceSession(small.SerializeToString(), options, providers=["CPUExecutionProvider"])
        left = {node.op_type for node in onnx.load(tmp_path / "folded.onnx").graph.node}
        assert not {"Cast", "Mul"} & left


def test_a_free_size_ranges_and_activations_leave_the_weights_the_same_pieces(ranges, tmp_path):
    wide = tmp_path / "wide.json"
    wide.write_text(ranges.read_text().replace("4.0", "5.0"))
    other = down_and_up()
    free(other)
    pieces = []
    for model in (eight_bits(down_and_up(), ranges), eight_bits(other, wide), small_weights(down_and_up(), EIGHT)):
        data = model.SerializeToString(deterministic=True)
        parts = list(chunks.split(data, 512, weights.part(data)))
        assert chunks.join(parts) == data
        pieces.append(dict(parts))
    start, end = weights.part(data)
    for other in pieces[:2]:
        assert sum(len(pieces[2][name]) for name in pieces[2].keys() & other.keys()) == end - start >= 2 * 8 * 8 * 9


def test_missing_ranges_are_named(tmp_path):
    with pytest.raises(ToolError, match=r"nowhere\.json"):
        quantise(down_and_up(), tmp_path / "nowhere.json", OPERATORS, [])


def test_the_same_network_is_built_every_time(ranges):
    built = [eight_bits(down_and_up(), ranges).SerializeToString(deterministic=True) for _ in range(2)]
    assert built[0] == built[1]


def convolution(inputs: int, size: int, group: int = 1) -> onnx.ModelProto:
    """One convolution of 8 kernels."""
    random = numpy.random.default_rng(1)
    weight = random.standard_normal((8 * group, inputs // group, size, size)).astype("float32")
    node = helper.make_node("Conv", ["image", "w"], ["alpha"], pads=[size // 2] * 4, group=group)
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, count, "height", "width"])
        for name, count in (("image", inputs), ("alpha", len(weight)))
    ]
    graph = helper.make_graph([node], "one", ends[:1], ends[1:], [numpy_helper.from_array(weight, "w")])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


@pytest.mark.parametrize(("inputs", "width"), [(6, 8), (9, 12), (99, 100)])
def test_a_convolution_that_webgpu_computes_wrongly_is_padded_to_four_channels_and_means_the_same(inputs, width):
    model = convolution(inputs, 3)
    image = numpy.random.default_rng(2).standard_normal((1, inputs, 7, 5)).astype("float32")
    before = run(model, image)

    assert channels.pad(model) == 1

    onnx.checker.check_model(model, full_check=True)
    assert [list(tensor.dims)[1] for tensor in model.graph.initializer if len(tensor.dims) == 4] == [width]
    numpy.testing.assert_allclose(run(model, image), before, atol=1e-4)


@pytest.mark.parametrize(("inputs", "size", "group"), [(3, 3, 1), (35, 3, 1), (12, 3, 1), (99, 1, 1), (6, 3, 6)])
def test_other_convolutions_stay_as_they_are(inputs, size, group):
    model = convolution(inputs, size, group)
    before = model.SerializeToString()

    assert channels.pad(model) == 0
    assert model.SerializeToString() == before
