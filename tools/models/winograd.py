"""3 × 3 convolutions with a quarter of the multiplications: Winograd's minimal filtering F(4 × 4, 3 × 3).

From Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, CVPR 2016: the picture is cut into tiles of
6 × 6 that overlap by two; tiles and filters are transformed, multiplied value by value, and transformed back to 4 × 4.
Written with ordinary operators, so that it runs wherever the network does; in WebAssembly, where multiplying is what
takes the time, it is faster. The filters stay in the file as they are, and onnxruntime transforms them when it makes a
session, so they take four times as much memory. Results differ from the plain convolution by rounding alone.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy
import onnx
from onnx import helper, numpy_helper

from tools.models.rewriting import attributes, constant, shapes

TILE = 4
"""Pixels along one side of what a tile gives; it takes two more."""

VALUES = (TILE + 2) ** 2

INPUT = numpy.array(
    [
        [4, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ],
    numpy.float64,
)
FILTER = numpy.array([[6, 0, 0], [-4, -4, -4], [-4, 4, -4], [1, 2, 4], [1, -2, 4], [0, 0, 24]], numpy.float64) / 24
OUTPUT = numpy.array(
    [[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]], numpy.float64
)
"""The matrices B^T, G and A^T of the paper's section 4.3."""

BAND = 4_000_000
"""Most values of transformed tiles at a time: a picture's at once would take 120 MB in U²-Net p."""

WORTHWHILE = 0.7
"""Largest share of a convolution's multiplications that may be left, transforms included: moving tiles costs too."""


def speed_up(model: onnx.ModelProto) -> int:
    """Rewrite the convolutions that gain from it, in place, and return their number. Shapes must be static."""
    sizes = shapes(model)
    nodes: list[onnx.NodeProto] = []
    tensors: list[onnx.TensorProto] = []
    done = 0
    for node in model.graph.node:
        if not _gains(node, sizes):
            nodes.append(node)
            continue
        if not done:
            _share(nodes, tensors)
        _rewrite(node, sizes, nodes, tensors)
        done += 1
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(tensors)
    del model.graph.value_info[:]
    return done


def _gains(node: onnx.NodeProto, sizes: dict[str, list[int]]) -> bool:
    if node.op_type != "Conv":
        return False
    given = attributes(node)
    plain = (
        given.get("group", 1) == 1
        and list(given.get("pads", [0, 0, 0, 0])) == [1, 1, 1, 1]
        and all(list(given.get(key, [1, 1])) == [1, 1] for key in ("strides", "dilations"))
    )
    outputs, inputs, *size = sizes[node.input[1]]
    _, _, height, width = sizes[node.input[0]]
    if not plain or size != [3, 3] or height % TILE or width % TILE:
        return False
    # Multiplications for each pixel.
    transforms = (VALUES * VALUES * inputs + VALUES * TILE * TILE * outputs) / TILE**2
    return VALUES / TILE**2 * inputs * outputs + transforms <= WORTHWHILE * 9 * inputs * outputs


def _share(nodes: list[onnx.NodeProto], tensors: list[onnx.TensorProto]) -> None:
    """Add the matrices that all of them share.

    They are stored flat, as no weight is, so that weights stay the same bytes as in other forms.
    """
    for name, side, shape in (
        ("input", INPUT, (VALUES, 1, TILE + 2, TILE + 2)),
        ("output", OUTPUT, (TILE**2, VALUES, 1, 1)),
    ):
        both = numpy.kron(side, side).astype(numpy.float32)
        tensors.append(numpy_helper.from_array(both, f"winograd_{name}_flat"))
        nodes.append(_reshape(f"winograd_{name}_flat", f"winograd_{name}", shape, tensors))
    tensors.append(numpy_helper.from_array(numpy.kron(FILTER, FILTER).T.astype(numpy.float32), "winograd_filter"))


def _rewrite(
    node: onnx.NodeProto, sizes: dict[str, list[int]], nodes: list[onnx.NodeProto], tensors: list[onnx.TensorProto]
) -> None:
    outputs, inputs, _, _ = sizes[node.input[1]]
    _, _, height, width = sizes[node.input[0]]
    step = "{}_{}".format(node.output[0], "{}").format

    def add(kind: str, given: list[str], to: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, given, [to], name=f"winograd_{to}", **attributes))
        return to

    def reshape(given: str, to: str, shape: tuple[int, ...]) -> str:
        nodes.append(_reshape(given, to, shape, tensors))
        return to

    # Constant: onnxruntime computes it once.
    flat = reshape(node.input[1], step("flat"), (outputs * inputs, 9))
    turned = add("MatMul", [flat, "winograd_filter"], step("turned"))
    filters = add(
        "Transpose", [reshape(turned, step("apart"), (outputs, inputs, VALUES))], step("filters"), perm=[2, 0, 1]
    )

    # Each channel as a picture of its own: one small convolution with a stride of a tile transforms them all.
    channels = reshape(node.input[0], step("channels"), (inputs, 1, height, width))
    down = height // TILE
    bands = _bands(down, inputs * VALUES * (width // TILE))
    parts = []
    for number, (first, last) in enumerate(bands):
        name = "{}_{}".format(step(f"band{number}"), "{}").format
        rows, across = last - first, width // TILE
        top, bottom = max(0, TILE * first - 1), min(height, TILE * last + 1)
        part = channels
        if len(bands) > 1:
            limits = [constant(f"winograd_number_{value}", [value], tensors) for value in (top, bottom, 2)]
            part = add("Slice", [channels, *limits], name("rows"))
        tiles = add(
            "Conv",
            [part, "winograd_input"],
            name("tiles"),
            strides=[TILE, TILE],
            pads=[int(first == 0), 1, int(last == height // TILE), 1],
        )
        listed = reshape(tiles, name("listed"), (inputs, VALUES, rows * across))
        values = add("Transpose", [listed], name("values"), perm=[1, 0, 2])
        products = add("MatMul", [filters, values], name("products"))
        stack = reshape(products, name("stack"), (1, VALUES, outputs, rows * across))
        pixels = add("Conv", [stack, "winograd_output"], name("pixels"))
        blocks = reshape(pixels, name("blocks"), (1, TILE**2 * outputs, rows, across))
        parts.append(add("DepthToSpace", [blocks], name("made"), blocksize=TILE, mode="DCR"))
    whole = add("Concat", parts, step("whole"), axis=2)
    bias = [reshape(node.input[2], step("bias"), (1, outputs, 1, 1))] if len(node.input) > 2 else []
    add("Add" if bias else "Identity", [whole, *bias], node.output[0])


def _bands(rows: int, row: int) -> list[tuple[int, int]]:
    """Return the first and last row of tiles of each band; `row` is the number of values of one row of tiles."""
    parts = min(rows, -(-rows * row // BAND))
    edges = [rows * part // parts for part in range(parts + 1)]
    return list(pairwise(edges))


def _reshape(given: str, to: str, shape: tuple[int, ...], tensors: list[onnx.TensorProto]) -> onnx.NodeProto:
    name = constant(f"winograd_shape_{'_'.join(map(str, shape))}", list(shape), tensors)
    return helper.make_node("Reshape", [given, name], [to], name=f"winograd_{to}")
