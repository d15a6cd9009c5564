"""Large steps of an 8-bit network done in bands of rows, one after the other.

Between its 8-bit tensors a network has much larger ones. onnxruntime writes out everything that an 8-bit convolution
sees, nine values for each of its input with a kernel of 3 × 3, and all of its sums in 32 bits before they become 8 bits
again: in IS-Net at 1024 that is 370 MB, where all that lives at that moment is 50 MB. What is enlarged, or comes of a
convolution in single precision, has 4 bytes a value until it has one. And WebAssembly gives nothing back. A band at a
time needs a part of it, and the results are the very same.
"""

from __future__ import annotations

from typing import NamedTuple

import onnx
from onnx import helper

from tools.models.rewriting import bands, constant, shapes

LIMIT = 24_000_000
"""About as many bytes a band may need beside its 8-bit tensors. Half or twice as many make no difference."""


class Step(NamedTuple):
    """What lies between two 8-bit tensors, or the network's input and one."""

    before: onnx.NodeProto | None
    """Makes single precision of 8 bits; None where the input is in single precision."""

    main: onnx.NodeProto
    """The convolution, or the enlargement to twice the size."""

    after: list[onnx.NodeProto]
    """What makes 8 bits of it again, with a `Relu` ahead of it or without."""


def divide(model: onnx.ModelProto) -> int:
    """Rewrites the steps that need more than `LIMIT`, in place, and gives their number. Shapes must be static."""
    sizes = shapes(model)
    makers = {name: node for node in model.graph.node for name in node.output}
    readers = _readers(model.graph.node)
    nodes, tensors = [], []
    written: set[str] = set()
    done = 0
    for node in model.graph.node:
        step = _step(node, makers, readers)
        parts = _parts(step, sizes) if step else 1
        if step and parts > 1:
            nodes += _banded(step, parts, sizes, tensors)
            written.update(name for each in step.after for name in each.output)
            done += 1
        elif not written.intersection(node.output):
            nodes.append(node)
    read = _readers(nodes).keys() | {value.name for value in model.graph.output}
    del model.graph.node[:]
    model.graph.node.extend(node for node in nodes if read.intersection(node.output))
    model.graph.initializer.extend(tensors)
    return done


def _readers(nodes: list[onnx.NodeProto]) -> dict[str, list[onnx.NodeProto]]:
    found: dict[str, list[onnx.NodeProto]] = {}
    for node in nodes:
        for name in node.input:
            found.setdefault(name, []).append(node)
    return found


def _step(node: onnx.NodeProto, makers: dict, readers: dict) -> Step | None:
    """The step that this node is the main one of, if it is one."""
    if node.op_type not in ("Conv", "Resize"):
        return None
    after = list(readers.get(node.output[0], []))
    if len(after) == 1 and after[0].op_type == "Relu":
        after += readers.get(after[0].output[0], [])
    if [each.op_type for each in after] not in (["QuantizeLinear"], ["Relu", "QuantizeLinear"]):
        return None
    before = makers.get(node.input[0])
    return Step(before if before is not None and before.op_type == "DequantizeLinear" else None, node, after)


def _given(node: onnx.NodeProto) -> dict:
    return {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}


def _parts(step: Step, sizes: dict[str, list[int]]) -> int:
    """In how many bands; 1 for a step that is left as it is."""
    given, node = _given(step.main), step.main
    _, channels, height, width = sizes[node.output[0]]
    bytes_a_pixel = 4 * channels
    if node.op_type == "Resize":
        rule = given.get("mode"), given.get("coordinate_transformation_mode", b"half_pixel")
        if rule != (b"linear", b"half_pixel") or [height, width] != [2 * side for side in sizes[node.input[0]][2:]]:
            return 1
    else:
        _, inputs, *kernel = sizes[node.input[1]]
        if kernel != [3, 3] or given.get("group", 1) != 1 or len(set(given.get("pads", [0] * 4))) != 1:
            return 1
        if step.before is not None:
            bytes_a_pixel += 9 * inputs
    return min(height // 2, -(-height * width * bytes_a_pixel // LIMIT))


def _banded(
    step: Step, parts: int, sizes: dict[str, list[int]], tensors: list[onnx.TensorProto]
) -> list[onnx.NodeProto]:
    node, made, results = step.main, [], []
    height = sizes[node.output[0]][2]
    for number, (first, last) in enumerate(bands(height // 2, parts)):  # in pairs, as an enlargement makes them
        first, last = 2 * first, min(2 * last, height) if number < parts - 1 else height
        own = f"{node.output[0]}_band{number}_{{}}".format

        def add(kind: str, inputs: list[str], what: str, **given) -> str:
            made.append(helper.make_node(kind, inputs, [own(what)], name=f"{own(what)}_made", **given))
            return own(what)

        def cut(name: str, start: int, end: int, what: str) -> str:
            limits = [constant(f"rows_{value}", [value], tensors) for value in (start, end, 2)]
            return add("Slice", [name, *limits], what)

        top, bottom, inputs, given = _seen(node, first, last, sizes, tensors)
        source = step.before.input[0] if step.before is not None else node.input[0]
        value = cut(source, top, bottom, "rows")
        if step.before is not None:
            value = add("DequantizeLinear", [value, *step.before.input[1:]], "values")
        value = add(node.op_type, [value, *inputs], "main", **given)
        for each in step.after:
            value = add(each.op_type, [value, *each.input[1:]], each.op_type, **_given(each))
        if node.op_type == "Resize":
            value = cut(value, first - 2 * top, last - 2 * top, "own")
        results.append(value)
    whole = helper.make_node("Concat", results, list(step.after[-1].output), name=f"{node.output[0]}_bands", axis=2)
    return [*made, whole]


def _seen(
    node: onnx.NodeProto, first: int, last: int, sizes: dict[str, list[int]], tensors: list[onnx.TensorProto]
) -> tuple[int, int, list[str], dict]:
    """What rows `first` up to `last` of a result see: from which row up to which, by what other inputs and attributes."""
    given = _given(node)
    height = sizes[node.input[0]][2]
    if node.op_type == "Resize":
        top, bottom = max(0, first // 2 - 1), min(height, last // 2 + 1)
        batch, channels, _, width = sizes[node.output[0]]
        shape = [batch, channels, 2 * (bottom - top), width]
        return top, bottom, ["", "", constant(f"size_{'_'.join(map(str, shape))}", shape, tensors)], given
    border, stride, gap = (list(given.get(name, [usual]))[0] for name, usual in
                           (("pads", 0), ("strides", 1), ("dilations", 1)))
    top, bottom = first * stride - border, (last - 1) * stride - border + 2 * gap + 1
    inside = max(0, top), min(height, bottom)
    given["pads"] = [inside[0] - top, border, bottom - inside[1], border]
    return *inside, list(node.input[1:]), given
