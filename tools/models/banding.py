"""Large steps of an 8-bit network done in bands of rows, one after the other.

Between its 8-bit tensors a network has much larger ones. onnxruntime writes out everything that an 8-bit convolution
sees, nine values for each of its input with a kernel of 3 × 3, and all of its sums in 32 bits before they become 8 bits
again: in IS-Net at 1024 that is 370 MB, where all that lives at that moment is 50 MB. What is enlarged, or comes of a
convolution in single precision, has 4 bytes a value until it has one. And WebAssembly gives nothing back. A band at a
time needs a part of it, and the results are the very same.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import onnx
from onnx import helper

from tools.models.rewriting import attributes, constant, shapes

LIMIT = 24_000_000
"""About as many bytes a band may need besides its 8-bit tensors. Half or twice as many make no difference."""

END = 2**62
"""Beyond the last row of anything."""


class Step(NamedTuple):
    """What lies between two 8-bit tensors, or the network's input and one."""

    before: onnx.NodeProto | None
    """Makes single precision of 8 bits; None where the input is in single precision."""

    main: onnx.NodeProto
    """The convolution, or the enlargement to twice the size."""

    after: list[onnx.NodeProto]
    """What makes 8 bits of it again, with a `Relu` ahead of it or without."""


def divide(model: onnx.ModelProto, height: int = 0, step: int = 0) -> int:
    """Rewrite the steps that need more than `LIMIT`, in place, and return their number.

    `height` is the input's, and the most it may be where it is free; then it is a multiple of `step`, and the bands
    are as many at every height. Widths that are free count as `height` too.
    """
    rows = Rows(model, height, step)
    makers = {name: node for node in model.graph.node for name in node.output}
    readers = _readers(model.graph.node)
    nodes: list[onnx.NodeProto] = []
    written: set[str] = set()
    done = 0
    for node in model.graph.node:
        whole = _step(node, makers, readers)
        parts = _parts(whole, rows) if whole else 1
        if whole and parts > 1:
            nodes += _banded(whole, parts, rows)
            written.update(name for each in whole.after for name in each.output)
            done += 1
        elif not written.intersection(node.output):
            nodes.append(node)
    nodes = rows.nodes + nodes
    read = _readers(nodes).keys() | {value.name for value in model.graph.output}
    del model.graph.node[:]
    model.graph.node.extend(node for node in nodes if read.intersection(node.output))
    model.graph.initializer.extend(rows.tensors)
    return done


class Rows:
    """Where bands begin and end: numbers as at the full height, which the network scales to the height it is given."""

    def __init__(self, model: onnx.ModelProto, height: int, step: int) -> None:
        self.sizes = shapes(model, height)
        self.tensors: list[onnx.TensorProto] = []
        self.nodes: list[onnx.NodeProto] = []
        image = model.graph.input[0]
        self.height = self.sizes[image.name][2]
        self._is_free = not image.type.tensor_type.shape.dim[2].dim_value
        self._least = step if self._is_free else self.height
        self._image = image.name
        self._known: set[str] = set()

    def parts(self, rows: int, wanted: int) -> int:
        """Return how many equal bands `rows` can be cut into at every height: at least `wanted`, if possible."""
        fit = [count for count in range(1, rows + 1) if rows * self._least % (count * self.height) == 0]
        return next((count for count in fit if count >= wanted), fit[-1])

    def constant(self, value: int) -> str:
        """Return the name of a tensor with this number."""
        return constant(f"rows_{value}", [value], self.tensors)

    def at(self, row: int, shift: int = 0) -> str:
        """Return the name of a tensor with the index of `row`, plus `shift` rows of the actual height."""
        if not self._is_free:
            return self.constant(row + shift)
        height = self._made("rows", "Shape", self._image, start=2, end=3)
        product = self._made(f"row_{row}_product", "Mul", height, self.constant(row))
        scaled = self._made(f"row_{row}", "Div", product, self.constant(self.height))
        return self._made(f"row_{row}_{shift}", "Add", scaled, self.constant(shift)) if shift else scaled

    def _made(self, name: str, kind: str, *inputs: str, **given: Any) -> str:
        if name not in self._known:
            self._known.add(name)
            self.nodes.append(helper.make_node(kind, inputs, [name], name=f"{name}_made", **given))
        return name


def _readers(nodes: list[onnx.NodeProto]) -> dict[str, list[onnx.NodeProto]]:
    found: dict[str, list[onnx.NodeProto]] = {}
    for node in nodes:
        for name in node.input:
            found.setdefault(name, []).append(node)
    return found


def _step(
    node: onnx.NodeProto, makers: dict[str, onnx.NodeProto], readers: dict[str, list[onnx.NodeProto]]
) -> Step | None:
    """Return the step that this node is the main one of, if it is one."""
    if node.op_type not in ("Conv", "Resize"):
        return None
    after = list(readers.get(node.output[0], []))
    if len(after) == 1 and after[0].op_type == "Relu":
        after += readers.get(after[0].output[0], [])
    if [each.op_type for each in after] not in (["QuantizeLinear"], ["Relu", "QuantizeLinear"]):
        return None
    before = makers.get(node.input[0])
    return Step(before if before is not None and before.op_type == "DequantizeLinear" else None, node, after)


def _parts(step: Step, rows: Rows) -> int:
    """Return the number of bands; 1 for a step that is left as it is."""
    given, node, sizes = attributes(step.main), step.main, rows.sizes
    _, channels, height, width = sizes[node.output[0]]
    _, _, source, _ = sizes[node.input[0]]
    bytes_a_pixel = 4 * channels
    if node.op_type == "Resize":
        rule = given.get("mode"), given.get("coordinate_transformation_mode", b"half_pixel")
        if rule != (b"linear", b"half_pixel") or height != 2 * source or len(node.input) != 3:
            return 1
    else:
        _, inputs, *kernel = sizes[node.input[1]]
        stride = given.get("strides", [1, 1])[0]
        usual = kernel == [3, 3] and given.get("pads") == [1] * 4 and given.get("dilations", [1, 1]) == [1, 1]
        if not usual or given.get("group", 1) != 1 or source != stride * height:
            return 1
        if step.before is not None:
            bytes_a_pixel += 9 * inputs
    wanted = -(-height * width * bytes_a_pixel // LIMIT)
    return rows.parts(min(height, source), wanted) if wanted > 1 else 1


def _banded(step: Step, parts: int, rows: Rows) -> list[onnx.NodeProto]:
    nodes: list[onnx.NodeProto] = []
    results = [_band(step, number, parts, rows, nodes) for number in range(parts)]
    name = f"{step.main.output[0]}_bands"
    return [*nodes, helper.make_node("Concat", results, list(step.after[-1].output), name=name, axis=2)]


def _band(step: Step, number: int, parts: int, rows: Rows, nodes: list[onnx.NodeProto]) -> str:
    """Append the nodes of one band to `nodes`, and return the name of its result."""
    node = step.main
    height = rows.sizes[node.input[0]][2] // parts
    is_first, is_last = number == 0, number == parts - 1

    def add(kind: str, inputs: list[str], what: str, **given: Any) -> str:
        name = f"{node.output[0]}_band{number}_{what}"
        nodes.append(helper.make_node(kind, inputs, [name], name=f"{name}_made", **given))
        return name

    def cut(name: str, start: str, end: str, what: str) -> str:
        return add("Slice", [name, start, end, rows.constant(2)], what)

    given = attributes(node)
    below = 1
    if node.op_type == "Conv":
        below = 2 - given.get("strides", [1, 1])[0]  # rows that it sees beyond those it stands on
        given["pads"] = [int(is_first), 1, below * is_last, 1]
    start = rows.constant(0) if is_first else rows.at(number * height, -1)
    end = rows.constant(END) if is_last else rows.at((number + 1) * height, below)
    value = cut(step.before.input[0] if step.before is not None else node.input[0], start, end, "rows")
    if step.before is not None:
        value = add("DequantizeLinear", [value, *step.before.input[1:]], "values")
    value = add(node.op_type, [value, *node.input[1:]], "main", **given)
    for each in step.after:
        value = add(each.op_type, [value, *each.input[1:]], each.op_type, **attributes(each))
    if node.op_type == "Resize":  # without the result of rows that it only saw
        value = cut(value, rows.constant(0 if is_first else 2), rows.constant(END if is_last else -2), "own")
    return value
