"""The measures of a cutout, and whether lower or higher is better."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bench.quality import metrics, saliency
from bench.quality.photos import Kind, Photo


@dataclass(frozen=True)
class Measure:
    """One kind of figure."""

    key: str
    title: str
    digits: int
    """Behind the decimal point."""

    better: Literal["lower", "higher"]
    kinds: tuple[Kind, ...]
    """The kinds of truth it applies to."""

    figure: Callable[..., float]
    """Of the prediction and the truth."""

    coloured: bool = False
    """Whether it also takes the subject's colours."""


BOTH: tuple[Kind, ...] = ("matte", "mask")
SOFT: tuple[Kind, ...] = ("matte",)

MEASURES = (
    Measure("mae", "MAE", 4, "lower", BOTH, metrics.mean_absolute_error),
    Measure("mse", "MSE", 4, "lower", BOTH, metrics.mean_squared_error),
    Measure("sad", "SAD, thousands", 2, "lower", BOTH, metrics.sum_of_differences),
    Measure("gradient", "Gradient, thousands", 2, "lower", SOFT, metrics.gradient_error),
    Measure("connectivity", "Connectivity, thousands", 2, "lower", SOFT, metrics.connectivity_error),
    Measure("composite", "Composite, of 255", 2, "lower", SOFT, metrics.composite_error, coloured=True),
    Measure("iou", "IoU at 0.5", 4, "higher", BOTH, metrics.overlap),
    Measure("boundary_iou", "Boundary IoU", 4, "higher", BOTH, metrics.boundary_overlap),
    Measure("structure", "S-measure", 4, "higher", BOTH, saliency.structure),
    Measure("weighted_f", "Weighted F", 4, "higher", BOTH, saliency.weighted_f),
    Measure("maximum_f", "Maximum F", 4, "higher", BOTH, saliency.maximum_f),
)


def measures(kind: Kind) -> tuple[Measure, ...]:
    """Return the measures for this kind of truth."""
    return tuple(measure for measure in MEASURES if kind in measure.kinds)


def score(prediction: np.ndarray, photo: Photo) -> dict[str, float]:
    """Return all figures of one alpha, float `(height, width)`, 0 to 1, by the measures' keys.

    Raises:
        ValueError: the alpha's size differs from the truth's, or its values are not 0 to 1.
    """
    truth = photo.truth()
    if prediction.shape != truth.shape:
        raise ValueError(f"the alpha is {_size(prediction)} pixels, the true one {_size(truth)}")
    if not (prediction.min() >= 0 and prediction.max() <= 1):
        raise ValueError("the alpha holds values that are not between 0 and 1")
    figures = {}
    for measure in measures(photo.kind):
        colours = (photo.subject(),) if measure.coloured else ()
        figures[measure.key] = measure.figure(prediction, truth, *colours)
    return figures


def _size(alpha: np.ndarray) -> str:
    return " × ".join(str(side) for side in alpha.shape[::-1])
