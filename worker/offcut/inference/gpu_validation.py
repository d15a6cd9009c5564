"""Comparing a network's output on the GPU with its output on the CPU (WebAssembly in the browser)."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from offcut.errors import InferenceError

MAX_EXACT_DIFFERENCE = (0.002, 0.05)
"""Largest mean and largest single difference, of outputs in 0 to 1, where both compute the same in single precision:
far more than another order of summation causes, far less than a wrong kernel does."""

MAX_REDUCED_DIFFERENCE = 0.02
"""Largest mean difference where one of them computes in less than single precision: four times the error of 8 bits and
of half precision (docs/measurements/gpu.md)."""

MIN_OVERLAP = 0.9
"""Smallest overlap, the sum of the lesser over the sum of the greater values: an empty output does not agree about a
small subject."""

MIN_STD = 0.02
"""Smallest standard deviation of an output that can be compared: an empty one would agree with a broken device."""

MAX_TIME_RATIO = 0.8
"""The GPU has to take less than this part of the CPU's time to be worth its memory."""


@dataclass(frozen=True)
class OutputComparison:
    """The result of one comparison. Differences are of the network's raw output, 0 to 1."""

    agrees: bool
    mean: float
    max: float
    overlap: float

    seconds: float | None
    """Wall time of a run on the GPU once its shaders are compiled; None where it was not measured."""

    cpu_seconds: float
    """Wall time of a run on the CPU."""

    @property
    def is_worthwhile(self) -> bool:
        """Whether the GPU agrees and is faster."""
        return self.agrees and self.seconds is not None and self.seconds < MAX_TIME_RATIO * self.cpu_seconds

    def plain(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return asdict(self)

    @classmethod
    def read(cls, plain: Any) -> "OutputComparison | None":
        """Read what `plain` returned; None where another version wrote it."""
        try:
            return cls(**plain)
        except TypeError:
            return None


def check_finite(output: np.ndarray) -> np.ndarray:
    """Return the output. Raises InferenceError where it contains infinity or NaN."""
    if not np.isfinite(output).all():
        raise InferenceError("The network gave something that is no number.")
    return output


def compare(
    reference: np.ndarray, output: np.ndarray, exact: bool, seconds: float | None, cpu_seconds: float
) -> OutputComparison | None:
    """Compare the GPU's output with the CPU's.

    Args:
        reference: the CPU's output, finite, float32.
        output: the GPU's output for the same tensor.
        exact: whether both computed the same up to rounding.
        seconds: as in `OutputComparison`.
        cpu_seconds: as in `OutputComparison`.

    Returns:
        The comparison; None where the reference is too even to compare with.

    Raises:
        InferenceError: `output` is not finite, or of another shape.
    """
    if output.shape != reference.shape:
        raise InferenceError(f"The network gave an output of shape {output.shape} instead of {reference.shape}.")
    check_finite(output)
    if reference.std() < MIN_STD:
        return None
    difference = np.abs(output - reference)
    mean, largest = float(difference.mean()), float(difference.max())
    union = float(np.maximum(reference, output).clip(0).sum(dtype=np.float64))
    shared = float(np.minimum(reference, output).clip(0).sum(dtype=np.float64))
    overlap = shared / union if union else 0.0
    if exact:
        is_close = mean <= MAX_EXACT_DIFFERENCE[0] and largest <= MAX_EXACT_DIFFERENCE[1]
    else:
        is_close = mean <= MAX_REDUCED_DIFFERENCE
    agrees = is_close and overlap >= MIN_OVERLAP
    return OutputComparison(agrees, round(mean, 6), round(largest, 6), round(overlap, 6), seconds, cpu_seconds)
