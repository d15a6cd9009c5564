"""Make a network smaller without changing its results: single precision, one output, static shape, folded constants."""

from __future__ import annotations

import tempfile
from pathlib import Path

import onnx
import onnxruntime

from tools.errors import ToolError
from tools.models import floats, normalisations
from tools.models.catalogue import Entry

PORTABLE = ("", "ai.onnx")


def reduce(source: bytes, entry: Entry) -> bytes:
    """Return the network cut to the entry's output, with its input's shape fixed and everything constant computed.

    A network that was exported for one size only keeps that size; `tools.models.sizes` changes it afterwards.
    """
    model = onnx.load_from_string(source)
    if floats.is_half(model):
        floats.to_single(model)
    _require(entry.input_name, [value.name for value in model.graph.input], "input", entry)
    _require(entry.output_name, [value.name for value in model.graph.output], "output", entry)
    _fix_shape(model, entry)
    cut = onnx.utils.Extractor(model).extract_model([entry.input_name], [entry.output_name])
    folded = _fold(cut)
    normalisations.fold(folded)
    _check_portable(folded, entry)
    onnx.checker.check_model(folded, full_check=True)
    data: bytes = folded.SerializeToString(deterministic=True)
    return data


def _require(name: str, names: list[str], kind: str, entry: Entry) -> None:
    if name not in names:
        raise ToolError(f"The network of the model {entry.id} has no {kind} {name!r}; it has {', '.join(names)}.")


def _fix_shape(model: onnx.ModelProto, entry: Entry) -> None:
    value = next(value for value in model.graph.input if value.name == entry.input_name)
    dimensions = value.type.tensor_type.shape.dim
    if len(dimensions) != 4:
        raise ToolError(
            f"The input {value.name!r} of the model {entry.id} is no image: it has {len(dimensions)} sides."
        )
    for dimension, size in zip(dimensions, entry.input_shape, strict=True):
        if dimension.dim_value == 0:
            dimension.dim_value = size


def _fold(model: onnx.ModelProto) -> onnx.ModelProto:
    # ORT_ENABLE_BASIC and no more: the higher levels write operators that only this machine's CPU understands.
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = 3
    with tempfile.TemporaryDirectory(prefix="offcut-") as folder:
        path = Path(folder) / "folded.onnx"
        options.optimized_model_filepath = str(path)
        onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        folded = onnx.load(path)
    # onnxruntime declares all the operator sets it knows; those in use are enough.
    used = {node.domain for node in folded.graph.node}
    opsets = [opset for opset in folded.opset_import if opset.domain in used or opset.domain in PORTABLE]
    del folded.opset_import[:]
    folded.opset_import.extend(opsets)
    return folded


def _check_portable(model: onnx.ModelProto, entry: Entry) -> None:
    foreign = sorted({f"{node.domain}.{node.op_type}" for node in model.graph.node if node.domain not in PORTABLE})
    if foreign:
        raise ToolError(f"The built model {entry.id} would only run here, for it uses {', '.join(foreign)}.")
