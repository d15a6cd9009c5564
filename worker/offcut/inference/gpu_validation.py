"""Comparing what a graphics processor makes of a photo with what WebAssembly makes of it."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from offcut.errors import InferenceError

EXACT = (0.002, 0.05)
"""Largest mean and single difference (of outputs in 0 to 1) where both compute the same in single precision: far more
than another order of summing brings, far less than a wrong kernel does."""

ALIKE = 0.02
"""Largest mean difference where one of them computes in less than single precision: four times the error of 8 bits and of
half precision (docs/performance.md)."""

OVERLAP = 0.9
"""Least overlap (the sum of the lesser over the sum of the greater values), so that nothing found is no agreement about a
small subject."""

TELLING = 0.02
"""Least standard deviation of an output that says anything: an empty sheet would agree with a broken device."""

FASTER = 0.8
"""A graphics processor has to take less than this share of WebAssembly's time to be worth its memory."""


@dataclass(frozen=True)
class OutputComparison:
    """What one comparison found. Differences are of the network's raw output, 0 to 1."""

    agrees: bool
    mean: float
    max: float
    overlap: float

    seconds: float | None
    """One run on the graphics processor once its shaders are compiled; None where it was not measured."""

    cpu_seconds: float
    """The same on WebAssembly."""

    @property
    def is_worthwhile(self) -> bool:
        """Whether it agrees and is faster."""
        return self.agrees and self.seconds is not None and self.seconds < FASTER * self.cpu_seconds

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)

    @classmethod
    def read(cls, plain: Any) -> "OutputComparison | None":
        """Back from `plain`; None where that is something else, written by another version."""
        try:
            return cls(**plain)
        except TypeError:
            return None


def check_finite(output: np.ndarray) -> np.ndarray:
    """The output as it is. Raises InferenceError where anything in it is infinite or no number."""
    if not np.isfinite(output).all():
        raise InferenceError("The network gave something that is no number.")
    return output


def compare(
    reference: np.ndarray, output: np.ndarray, exact: bool, seconds: float | None, cpu_seconds: float
) -> OutputComparison | None:
    """Compare an output with WebAssembly's.

    Args:
        reference: WebAssembly's output, finite, float32.
        output: the graphics processor's for the same tensor.
        exact: whether both computed the same up to rounding.
        seconds: as in `OutputComparison`.
        cpu_seconds: as in `OutputComparison`.

    Returns:
        None where the reference is so even that it tells nothing. Raises InferenceError where `output` is not finite or
        of another shape.
    """
    if output.shape != reference.shape:
        raise InferenceError(f"The network gave an output of shape {output.shape} instead of {reference.shape}.")
    check_finite(output)
    if reference.std() < TELLING:
        return None
    difference = np.abs(output - reference)
    mean, most = float(difference.mean()), float(difference.max())
    union = float(np.maximum(reference, output).clip(0).sum(dtype=np.float64))
    shared = float(np.minimum(reference, output).clip(0).sum(dtype=np.float64))
    overlap = shared / union if union else 0.0
    close = mean <= EXACT[0] and most <= EXACT[1] if exact else mean <= ALIKE
    rounded = (round(value, 6) for value in (mean, most, overlap))
    return OutputComparison(close and overlap >= OVERLAP, *rounded, seconds, cpu_seconds)
