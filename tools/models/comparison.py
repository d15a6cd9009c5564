"""Check that a reduced network still computes what the original computes."""

from __future__ import annotations

import numpy
import onnx
import onnxruntime

from tools.errors import ToolError
from tools.models import floats
from tools.models.catalogue import Entry

TOLERANCE = 1e-3
HALF_TOLERANCE = 2e-2
"""For originals in half precision, which round after every step what the reduced network does not."""
SEEDS = (1, 2, 3)
LARGE = 512 * 512
"""Inputs of more pixels are compared on one seed only: minutes would not prove more."""


def compare(original: bytes, reduced: bytes, entry: Entry) -> float:
    """Return the largest difference between both networks on a few seeded inputs; raises if it is too large."""
    before, after = _session(original), _session(reduced)
    outputs = [value.name for value in after.get_outputs()]
    if outputs != [entry.output_name]:
        raise ToolError(f"The built model {entry.id} should give {entry.output_name!r} alone, but gives {outputs}.")
    given = after.get_inputs()[0].shape
    worst = 0.0
    for seed in SEEDS[:1] if numpy.prod(given[-2:]) > LARGE else SEEDS:
        data = numpy.random.default_rng(seed).standard_normal(given, dtype=numpy.float32)
        expected, found = (session.run([entry.output_name], {entry.input_name: data})[0] for session in (before, after))
        if expected.shape != found.shape:
            raise ToolError(f"The built model {entry.id} gives the shape {found.shape}, the original {expected.shape}.")
        # A NaN must count as a difference, and comparing with NaN is always false.
        difference = float(numpy.nan_to_num(numpy.abs(expected - found), nan=numpy.inf).max())
        worst = max(worst, difference)
    allowed = HALF_TOLERANCE if floats.is_half(onnx.load_from_string(original)) else TOLERANCE
    if worst > allowed:
        raise ToolError(f"The built model {entry.id} differs from the original by {worst:.3g}, more than {allowed:g}.")
    return round(worst, 6)


def _session(model: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # One thread adds up in one order, so the reported difference is the same at every build.
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
