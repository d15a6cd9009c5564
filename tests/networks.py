"""Small ONNX networks in the shapes of the families that people bring, and files that only pretend to be one.

Each finds what is bright: its alpha is above one half where a photo, prepared as the family's authors do, is brighter
than a middle grey. One that is prepared otherwise finds something else.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
HALF = ((0.5, 0.5, 0.5), (1.0, 1.0, 1.0))
UNIT = ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
STEEPNESS = 40.0


@dataclass(frozen=True)
class Kind:
    """A family as its files are found."""

    family: str
    """What Offcut should guess."""

    file: str
    input: str
    outputs: tuple[str, ...]
    sides: tuple[int | str, int | str]
    """Height and width of the input."""

    mean_std: tuple[tuple[float, float, float], tuple[float, float, float]]
    is_logit: bool = False
    layout: str = "NCHW"
    type: str = "float32"
    size: tuple[int, int] = (0, 0)
    """Width and height that should be guessed, where they are free."""


SEVEN = tuple(str(1959 + at) for at in range(7))

KINDS = {
    "U²-Net": Kind("u2net", "my-u2net.onnx", "input.1", SEVEN, (320, 320), IMAGENET),
    "IS-Net": Kind(
        "isnet", "isnet-general-use.onnx", "input_image", ("output_image",), (1024, 1024), HALF
    ),
    "RMBG 1.4": Kind("rmbg-1.4", "model.onnx", "input", ("output",), (1024, 1024), HALF),
    "RMBG 2.0": Kind(
        "birefnet", "model.onnx", "pixel_values", ("alphas",), ("height", "width"), IMAGENET, size=(1024, 1024)
    ),
    "BiRefNet": Kind(
        "birefnet", "BiRefNet-lite.onnx", "input_image", ("output_image",), (1024, 1024), IMAGENET, is_logit=True
    ),
    "MODNet": Kind("modnet", "portrait.onnx", "input", ("output",), ("height", "width"), UNIT, size=(1024, 1024)),
    "of another": Kind("other", "mine.onnx", "x", ("y",), (256, 192), IMAGENET, is_logit=True),
    "with colours last": Kind("other", "tf.onnx", "x", ("y",), (256, 192), IMAGENET, layout="NHWC"),
    "of half precision": Kind("other", "half.onnx", "x", ("y",), (128, 128), IMAGENET, type="float16"),
}  # fmt: skip


def network(kind: Kind) -> bytes:
    """Make the file of a network."""
    mean, std = (np.array(values) for values in kind.mean_std)
    weights = (STEEPNESS / 3 * std).reshape(1, 3, 1, 1)
    bias = np.array([STEEPNESS * (mean.mean() - 0.5)])
    element = TensorProto.FLOAT16 if kind.type == "float16" else TensorProto.FLOAT
    is_last = kind.layout == "NHWC"
    nodes = [helper.make_node("Transpose", [kind.input], ["planes"], perm=[0, 3, 1, 2])] if is_last else []
    source = "planes" if is_last else kind.input
    nodes.append(helper.make_node("Conv", [source, "weights", "bias"], ["logits"]))
    for name in kind.outputs:
        made = f"{name} planes" if is_last else name
        nodes.append(helper.make_node("Identity" if kind.is_logit else "Sigmoid", ["logits"], [made]))
        if is_last:
            nodes.append(helper.make_node("Transpose", [made], [name], perm=[0, 2, 3, 1]))

    def port(name: str, channels: int) -> Any:
        shape = [1, *kind.sides, channels] if is_last else [1, channels, *kind.sides]
        return helper.make_tensor_value_info(name, element, shape)

    return file_of(
        nodes,
        [port(kind.input, 3)],
        [port(name, 1) for name in kind.outputs],
        {"weights": weights.astype(kind.type), "bias": bias.astype(kind.type)},
    )


def file_of(
    nodes: Sequence[Any],
    inputs: Sequence[Any],
    outputs: Sequence[Any],
    weights: dict[str, np.ndarray] | None = None,
    opset: int = 17,
) -> bytes:
    """Make an ONNX file."""
    made = [numpy_helper.from_array(values, name) for name, values in (weights or {}).items()]
    graph = helper.make_graph(list(nodes), "network", list(inputs), list(outputs), made)
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", opset), helper.make_opsetid("strange", 1)], ir_version=8
    )
    return bytes(model.SerializeToString(deterministic=True))


def picture(name: str = "x", shape: Sequence[int | str] = (1, 3, 64, 64), element: int = TensorProto.FLOAT) -> Any:
    """Return an input or output."""
    return helper.make_tensor_value_info(name, element, list(shape))


def _of_nodes(*nodes: Any, weights: dict[str, np.ndarray] | None = None, **options: Any) -> bytes:
    """Return a network that computes ``y`` of ``x`` with these nodes."""
    return file_of(nodes, [picture()], [picture("y", (1, 1, 64, 64))], weights, **options)


def _plain() -> bytes:
    return _of_nodes(
        helper.make_node("Conv", ["x", "w"], ["a"]), helper.make_node("Sigmoid", ["a"], ["y"]),
        weights={"w": np.ones((1, 3, 1, 1), np.float32)},
    )  # fmt: skip


def _changed(change: Callable[[Any], None]) -> bytes:
    model = onnx.load_from_string(_plain())
    change(model)
    return bytes(model.SerializeToString())


def _external(model: Any) -> None:
    weights = model.graph.initializer[0]
    weights.ClearField("raw_data")
    weights.data_location = TensorProto.EXTERNAL
    entry = weights.external_data.add()
    entry.key, entry.value = "location", "../../etc/passwd"


def _lying_weights(model: Any) -> None:
    model.graph.initializer[0].dims[:] = [1 << 20, 1 << 20, 1, 1]


def _negative_weights(model: Any) -> None:
    model.graph.initializer[0].dims[:] = [-1, 3, 1, 1]


def _function(model: Any) -> None:
    model.functions.add().name = "f"


def _loop() -> bytes:
    body = helper.make_graph(
        [helper.make_node("Identity", ["on"], ["go"])],
        "body",
        [picture("at", (), TensorProto.INT64), picture("on", (), TensorProto.BOOL)],
        [picture("go", (), TensorProto.BOOL)],
    )
    nodes = [
        helper.make_node("Loop", ["forever", "true"], [], body=body),
        helper.make_node("ReduceMean", ["x"], ["y"], axes=[1]),
    ]
    return _of_nodes(*nodes, weights={"forever": np.array(1 << 62), "true": np.array(True)})


def _deep() -> bytes:
    inner = helper.make_graph([helper.make_node("Identity", ["x"], ["z"])], "g", [], [picture("z")])
    for _ in range(40):
        node = helper.make_node("If", ["c"], ["z"], then_branch=inner, else_branch=inner)
        inner = helper.make_graph([node], "g", [], [picture("z")])
        if len(inner.SerializeToString()) > 300_000:
            break
    return _of_nodes(helper.make_node("If", ["c"], ["y"], then_branch=inner, else_branch=inner))


def _grown(*sides: int) -> bytes:
    """Return a small file that makes a tensor of that size of one number."""
    nodes = [
        helper.make_node("Expand", ["one", "sides"], ["huge"]),
        helper.make_node("ReduceMax", ["huge"], ["m"]),
        helper.make_node("Add", ["x", "m"], ["z"]),
        helper.make_node("ReduceMean", ["z"], ["y"], axes=[1]),
    ]
    return _of_nodes(*nodes, weights={"one": np.ones(1, np.float32), "sides": np.array(sides)})


def _dependent() -> bytes:
    """Return a network of which the photo decides how large a layer becomes."""
    nodes = [
        helper.make_node("ReduceMax", ["x"], ["m"], keepdims=0),
        helper.make_node("Cast", ["m"], ["n"], to=TensorProto.INT64),
        helper.make_node("Unsqueeze", ["n", "zero"], ["sides"]),
        helper.make_node("Expand", ["one", "sides"], ["any"]),
        helper.make_node("ReduceMax", ["any"], ["k"]),
        helper.make_node("Add", ["x", "k"], ["z"]),
        helper.make_node("ReduceMean", ["z"], ["y"], axes=[1]),
    ]
    return _of_nodes(*nodes, weights={"zero": np.zeros(1, np.int64), "one": np.ones(1, np.float32)})


def _doubling(times: int) -> bytes:
    """Return a network that makes a tensor twice as large again and again, and waits with them all."""
    nodes = [helper.make_node("Concat", [f"t{at}", f"t{at}"], [f"t{at + 1}"], axis=1) for at in range(times)]
    nodes[0].input[:] = ["x", "x"]
    nodes.append(helper.make_node("ReduceMean", [f"t{times}"], ["y"], axes=[1]))
    return _of_nodes(*nodes)


def _padded(pads: list[int]) -> bytes:
    return _of_nodes(helper.make_node("Pad", ["x", "p"], ["y"]), weights={"p": np.array(pads)})


def _slow() -> bytes:
    """Return a network of few layers that computes for hours."""
    weights = {"w": np.ones((2048, 3, 1, 1), np.float32), "v": np.ones((2048, 2048, 1, 1), np.float32)}
    nodes = [helper.make_node("Conv", ["x", "w"], ["t0"])]
    nodes += [helper.make_node("Conv", [f"t{at}", "v"], [f"t{at + 1}"]) for at in range(400)]
    return _of_nodes(*nodes, helper.make_node("ReduceMean", ["t400"], ["y"], axes=[1]), weights=weights)


def _varints(count: int) -> bytes:
    """Return a message of many fields that nobody knows."""
    return b"\x08\x08" + b"\x98\x06\x01" * count


def _input_of(*shape: int, element: int = TensorProto.FLOAT, kind: str = "Relu", **options: Any) -> bytes:
    """Return a network of one layer with such an input."""
    return file_of([helper.make_node(kind, ["x"], ["y"], **options)], [picture("x", shape, element)], [picture("y")])


def hostile() -> dict[str, tuple[bytes, str]]:
    """Return files that are refused: what they are, and the reason of the refusal."""
    plain = _plain()
    conv = helper.make_node("Conv", ["x", "w"], ["y"])
    one = {"w": np.ones((1, 3, 1, 1), np.float32)}
    return {
        "empty": (b"", "format"),
        "a PNG": (b"\x89PNG\r\n\x1a\n" + bytes(200), "format"),
        "a ZIP, such as a PyTorch file": (b"PK\x03\x04" + bytes(200), "format"),
        "text": (b"<html>not found</html>" * 20, "format"),
        "zeros": (bytes(5000), "format"),
        "ones": (b"\xff" * 5000, "format"),
        "cut in half": (plain[: len(plain) // 2], "format"),
        "cut at the end": (plain[:-1], "format"),
        "a length of 2^63": (b"\x08\x08\x3a" + b"\xff" * 8 + b"\x7f" + bytes(99), "format"),
        "a number without an end": (b"\x08" + b"\x80" * 500, "format"),
        "more than a million fields": (_varints(1_000_001), "format"),
        "no graph": (b"\x08\x08", "format"),
        "functions of its own": (_changed(_function), "format"),
        "weights in another file": (_changed(_external), "external"),
        "weights that claim 4 TB": (_changed(_lying_weights), "format"),
        "weights of a negative size": (_changed(_negative_weights), "format"),
        "an endless loop": (_loop(), "operator"),
        "graphs within graphs": (_deep(), "format"),
        "an operator of a stranger": (
            _of_nodes(helper.make_node("Run", ["x"], ["y"], domain="strange")), "operator"
        ),
        "an operator that reads files": (
            _of_nodes(helper.make_node("ImageDecoder", ["x"], ["y"])), "operator"
        ),
        "operators of next century": (_of_nodes(conv, weights=one, opset=999), "opset"),
        "no layers": (file_of([], [picture()], [picture("x")]), "format"),
        "a layer that takes itself": (_of_nodes(helper.make_node("Relu", ["y"], ["y"])), "shape"),
        "a layer that takes what is not there": (_of_nodes(helper.make_node("Relu", ["nothing"], ["y"])), "shape"),
        "one name made twice": (
            _of_nodes(*[helper.make_node("ReduceMean", ["x"], ["y"], axes=[1])] * 2), "shape"
        ),
        "a tensor of 4 TB": (_grown(1 << 20, 1 << 20), "shape"),
        "a tensor of 12 GB": (_grown(3, 1 << 10, 1 << 20), "shape"),
        "a tensor of 4 GB": (_grown(1 << 10, 1 << 20), "memory"),
        "sides of 2^62": (_grown(1 << 62, 1 << 62, 1 << 62), "shape"),
        "negative sides": (_grown(-5, -7), "shape"),
        "a size that the photo decides": (_dependent(), "unbounded"),
        "a tensor doubled 16 times": (_doubling(16), "memory"),
        "a tensor doubled 60 times": (_doubling(60), "shape"),
        "hours of work": (_slow(), "slow"),
        "padding of a gigapixel": (_padded([0, 0, 0, 0, 0, 0, 1 << 30, 9]), "shape"),
        "a slice without an end": (
            _of_nodes(
                helper.make_node("Slice", ["k", "k", ""], ["l"]), helper.make_node("Reshape", ["x", "l"], ["y"]),
                weights={"k": np.array([0])},
            ),
            "shape",
        ),
        "windows of no size": (
            _of_nodes(helper.make_node("MaxPool", ["x"], ["y"], kernel_shape=[0, 0], strides=[0, 0])), "shape"
        ),
        "a division by zero": (
            _of_nodes(
                helper.make_node("Div", ["a", "b"], ["c"]), helper.make_node("Reshape", ["x", "c"], ["y"]),
                weights={"a": np.array([1, 1]), "b": np.array([0, 0])},
            ),
            "shape",
        ),
        "two inputs": (
            file_of([helper.make_node("Add", ["x", "z"], ["y"])], [picture(), picture("z")], [picture("y")]), "inputs"
        ),
        "an input of bytes": (_input_of(1, 3, 64, 64, element=TensorProto.UINT8, kind="Cast", to=1), "inputs"),
        "an input of text": (_input_of(1, 3, 64, 64, element=TensorProto.STRING, kind="Identity"), "inputs"),
        "four colours": (_input_of(1, 4, 64, 64), "inputs"),
        "eight photos at a time": (_input_of(8, 3, 64, 64), "inputs"),
        "an input of 100,000 × 100,000": (_input_of(1, 3, 10**5, 10**5), "inputs"),
        "an input of one pixel": (_input_of(1, 3, 1, 1), "inputs"),
        "a class instead of a map": (
            _of_nodes(
                helper.make_node("GlobalAveragePool", ["x"], ["a"]), helper.make_node("Flatten", ["a"], ["y"]),
            ),
            "outputs",
        ),
        "a map of another size": (
            _of_nodes(helper.make_node("MaxPool", ["x"], ["y"], kernel_shape=[4, 4], strides=[4, 4])), "outputs"
        ),
    }  # fmt: skip


def brightness(width: int = 96, height: int = 64) -> np.ndarray:
    """Return a photo, uint8 ``(h, w, 3)``: a bright disc before something dark, and both ends of the scale."""
    y, x = np.mgrid[:height, :width]
    disc = np.hypot(x - width / 2, y - height / 2) < min(width, height) / 3
    photo = np.where(disc[..., None], (200, 215, 190), (70, 50, 60)).astype(np.uint8)
    photo[0, 0], photo[-1, -1] = 0, 255
    return photo


def share_of_subject(width: int = 96, height: int = 64) -> float:
    """Return the part of that photo that is bright."""
    return math.pi * (min(width, height) / 3) ** 2 / (width * height)
