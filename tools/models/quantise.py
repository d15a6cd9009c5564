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
from onnx import version_converter
from onnxruntime.quantization import CalibrationMethod, QuantType
from onnxruntime.quantization.calibrate import TensorData, TensorsData
from onnxruntime.quantization.qdq_quantizer import QDQQuantizer

from tools.errors import ToolError

OPERATOR_SET = 15
"""The version of ONNX's operators that an older network is converted to: scales for each channel need 13, the bands of
`tools.models.banding` 15."""


def quantise(model: onnx.ModelProto, ranges: Path, operators: list[str], left: list[onnx.NodeProto]) -> onnx.ModelProto:
    """Return the network with its convolutions, and what lies between them, in 8 bits.

    `operators` are the kinds of layers to quantise, `left` the convolutions that stay as they are.
    """
    if _operator_set(model) < OPERATOR_SET:
        model = version_converter.convert_version(model, OPERATOR_SET)
    quantiser = QDQQuantizer(
        model,
        per_channel=True,
        reduce_range=False,
        weight_qType=QuantType.QInt8,
        activation_qType=QuantType.QUInt8,
        tensors_range=_ranges(ranges),
        nodes_to_quantize=[],
        nodes_to_exclude=[node.name for node in left],
        op_types_to_quantize=operators,
        # The adjustment would change weights by the ranges; its case, a bias beyond 32 bits, does not occur.
        extra_options={"WeightSymmetric": True, "QDQDisableWeightAdjustForInt32Bias": True},
    )
    quantiser.quantize_model()
    with tempfile.TemporaryDirectory(prefix="offcut-") as folder:
        path = Path(folder) / "quantised.onnx"
        quantiser.model.save_model_to_file(str(path), False)
        return onnx.load(path)


def _operator_set(model: onnx.ModelProto) -> int:
    version: int = next(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx"))
    return version


def _ranges(path: Path) -> TensorsData:
    try:
        listed = json.loads(path.read_text("utf-8"))["ranges"]
    except FileNotFoundError:
        raise ToolError(f"{path.name} is missing: a quantised model needs its ranges.") from None
    # Zero must have an exact code, or padding would not be zero.
    limits = {name: (min(low, 0.0), max(high, 0.0)) for name, (low, high) in listed.items()}
    data = {
        name: TensorData(lowest=numpy.float32(low), highest=numpy.float32(high)) for name, (low, high) in limits.items()
    }
    return TensorsData(CalibrationMethod.Percentile, data)
