"""Static 8-bit networks (QDQ): weights int8 for each output channel, activations uint8 in ranges found beforehand.

The ranges are data (`models/ranges/`), so that a build needs no photos. Percentiles, not extremes: one bright outlier
would otherwise take most of the 256 steps.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy
import onnx
from onnxruntime.quantization import CalibrationMethod, QuantType
from onnxruntime.quantization.calibrate import TensorData, TensorsData
from onnxruntime.quantization.qdq_quantizer import QDQQuantizer

from tools.problems import Problem

def quantise(model: onnx.ModelProto, ranges: Path, settings: dict) -> onnx.ModelProto:
    """The network with its convolutions, and what lies between them, in 8 bits.

    `settings` has `operators` (the kinds to quantise) and `float_first` and `float_last` (how many convolutions at
    either end stay as they are).
    """
    convolutions = [node.name for node in model.graph.node if node.op_type == "Conv"]
    excluded = convolutions[: settings["float_first"]]
    excluded += convolutions[len(convolutions) - settings["float_last"] :]
    quantiser = QDQQuantizer(
        model,
        per_channel=True,
        reduce_range=False,
        weight_qType=QuantType.QInt8,
        activation_qType=QuantType.QUInt8,
        tensors_range=_ranges(ranges),
        nodes_to_quantize=[],
        nodes_to_exclude=excluded,
        op_types_to_quantize=list(settings["operators"]),
        extra_options={"WeightSymmetric": True},
    )
    quantiser.quantize_model()
    with tempfile.TemporaryDirectory(prefix="offcut-") as folder:
        path = Path(folder) / "quantised.onnx"
        quantiser.model.save_model_to_file(str(path), False)
        result = onnx.load(path)
    _weights_last(result)
    return result


def shared_part(data: bytes) -> tuple[int, int]:
    """Where the weights lie in the bytes of a network from `quantise`.

    They are the same whatever the ranges and the input's size, so cut off there they are the same pieces.
    """
    large = [tensor for tensor in onnx.load_from_string(data).graph.initializer if _is_weight(tensor)]
    start = data.index(large[0].raw_data)
    return start, data.index(large[-1].raw_data, start) + len(large[-1].raw_data)


def _ranges(path: Path) -> TensorsData:
    try:
        listed = json.loads(path.read_text("utf-8"))["ranges"]
    except FileNotFoundError:
        raise Problem(f"{path.name} is missing: a quantised model needs its ranges.") from None
    # Zero must have an exact code, or padding would not be zero.
    limits = {name: (min(low, 0.0), max(high, 0.0)) for name, (low, high) in listed.items()}
    data = {name: TensorData(lowest=numpy.float32(low), highest=numpy.float32(high)) for name, (low, high) in limits.items()}
    return TensorsData(CalibrationMethod.Percentile, data)


def _is_weight(tensor: onnx.TensorProto) -> bool:
    # Scales, zero points and biases, which follow from the ranges, have one dimension or none.
    return len(tensor.dims) == 4 and bool(tensor.raw_data)


def _weights_last(model: onnx.ModelProto) -> None:
    tensors = sorted(model.graph.initializer, key=lambda tensor: (_is_weight(tensor), tensor.name))
    del model.graph.initializer[:]
    model.graph.initializer.extend(tensors)
