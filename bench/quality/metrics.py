"""Errors of an alpha against the true alpha.

Everywhere `prediction` and `truth` are float arrays `(height, width)` of the photo's own size, 0 (background) to 1
(subject). Nothing is resized, stretched or clipped here, and sums run over the whole picture: there is no trimap.
"""

from __future__ import annotations

import math

import numpy as np

from bench.quality.regions import eroded, largest_component

THOUSAND = 1000.0

GRADIENT_SIGMA = 1.4
"""Pixels. As in Rhemann et al., "A perceptually motivated online benchmark for image matting", CVPR 2009."""

GRADIENT_CUT = 0.01
"""The filter ends where the Gaussian falls below this, as in the authors' `gaussgradient.m`."""

CONNECTIVITY_STEPS = 10
CONNECTIVITY_TOLERANCE = 0.15
"""Alphas nearer than this to the level at which they are connected count as connected (Rhemann et al. 2009, theta)."""

BOUNDARY_WIDTH = 0.02
"""As a fraction of the diagonal (Cheng et al., "Boundary IoU", CVPR 2021, for pictures like COCO's)."""

TOLERANCE = 0.02
"""Truth this close to 0 or 1 counts as background or subject: mattes made by hand are rarely exact there."""

BACKGROUNDS = ((0, 0, 0), (128, 128, 128), (255, 255, 255), (255, 0, 0), (0, 160, 0), (0, 0, 255))
"""Plain colours for composites, 0 to 255: common ones, and three that make a fringe visible."""


def mean_absolute_error(prediction: np.ndarray, truth: np.ndarray) -> float:
    """MAE, 0 to 1."""
    return float(np.abs(_difference(prediction, truth)).mean())


def mean_squared_error(prediction: np.ndarray, truth: np.ndarray) -> float:
    """MSE, 0 to 1."""
    return float((_difference(prediction, truth) ** 2).mean())


def sum_of_differences(prediction: np.ndarray, truth: np.ndarray) -> float:
    """SAD, the sum of absolute differences in thousands."""
    return float(np.abs(_difference(prediction, truth)).sum()) / THOUSAND


def gradient_error(prediction: np.ndarray, truth: np.ndarray) -> float:
    """The squared difference of both gradients' lengths, summed, in thousands (Rhemann et al. 2009)."""
    return float(((_gradient_magnitude(prediction) - _gradient_magnitude(truth)) ** 2).sum()) / THOUSAND


def connectivity_error(prediction: np.ndarray, truth: np.ndarray) -> float:
    """Return the difference of the pixels' connectivity with the subject, summed, in thousands (Rhemann et al. 2009).

    The subject is the largest region, by the pixels' sides, in which both alphas reach a level; levels are 0.1 apart.
    As the evaluation code of Xu et al., "Deep Image Matting", CVPR 2017, has it.
    """
    both = np.minimum(prediction, truth)
    connected = np.ones(both.shape)
    held = np.ones(both.shape, bool)
    for step in range(1, CONNECTIVITY_STEPS + 1):
        # Both sides in single precision, or an alpha that is exactly a level could miss it by a rounding.
        region = largest_component(both.astype(np.float32) >= np.float32(step / CONNECTIVITY_STEPS))
        connected[held & ~region] = (step - 1) / CONNECTIVITY_STEPS
        held &= region
    return float(np.abs(_connectivity(prediction, connected) - _connectivity(truth, connected)).sum()) / THOUSAND


def overlap(prediction: np.ndarray, truth: np.ndarray) -> float:
    """IoU of what is more subject than background (alpha above 0.5), 0 to 1; 1 where both are empty."""
    return _intersection_over_union(prediction > 0.5, truth > 0.5)


def boundary_overlap(prediction: np.ndarray, truth: np.ndarray) -> float:
    """Boundary IoU (Cheng et al. 2021), 0 to 1: the overlap of both masks' inner borders, alpha above 0.5.

    A border is as wide as `BOUNDARY_WIDTH` of the picture's diagonal, and the picture's edge counts as one.
    """
    width = boundary_width(truth.shape)
    return _intersection_over_union(
        *(mask & ~eroded(mask, width) for mask in (np.asarray(prediction) > 0.5, np.asarray(truth) > 0.5))
    )


def boundary_width(shape: tuple[int, int]) -> int:
    """Pixels, at least one, that the boundary of a `(height, width)` picture is wide."""
    return max(1, round(BOUNDARY_WIDTH * math.hypot(*shape)))


def boundary_band(truth: np.ndarray) -> np.ndarray:
    """Return the mask of pixels within a boundary's width of a place where `truth` changes or is partial."""
    width = boundary_width(truth.shape)
    subject = eroded(np.asarray(truth) >= 1 - TOLERANCE, width, beyond=True)
    background = eroded(np.asarray(truth) <= TOLERANCE, width, beyond=True)
    return ~(subject | background)


def composite_error(prediction: np.ndarray, truth: np.ndarray, foreground: np.ndarray) -> float:
    """How far composites with the predicted alpha are from those with the true one, in levels of 255.

    The mean absolute difference over the boundary band, the three channels and `BACKGROUNDS`; 0 where there is no band.
    Both composites use the same colours, so this is the visible error of the alpha, weighted by how much the
    subject stands out from its new background.

    Args:
        foreground: the subject's true colours, `(height, width, 3)`, 0 to 255.
    """
    band = boundary_band(truth)
    if not band.any():
        return 0.0
    differences = np.abs(_difference(prediction, truth)[band])[:, None]
    colours = np.asarray(foreground)[band].astype(np.float64)
    # alpha F + (1 - alpha) B differs between two alphas by their difference times F - B (Porter and Duff 1984, "over").
    return float(np.mean([(differences * np.abs(colours - background)).mean() for background in BACKGROUNDS]))


def _difference(prediction: np.ndarray, truth: np.ndarray) -> np.ndarray:
    if prediction.shape != truth.shape:
        raise ValueError(f"the prediction is {prediction.shape}, the truth {truth.shape}")
    return np.asarray(prediction, np.float64) - truth


def _gradient_magnitude(alpha: np.ndarray) -> np.ndarray:
    """The length of the gradient, by derivatives of a Gaussian whose filters have a square sum of 1."""
    sigma = GRADIENT_SIGMA
    half = math.ceil(sigma * math.sqrt(-2 * math.log(math.sqrt(2 * math.pi) * sigma * GRADIENT_CUT)))
    at = np.arange(-half, half + 1)
    smooth = np.exp(-(at**2) / (2 * sigma**2))
    slope = at * smooth
    smooth, slope = smooth / np.linalg.norm(smooth), slope / np.linalg.norm(slope)
    across = _filtered(_filtered(alpha, slope, 1), smooth, 0)
    down = _filtered(_filtered(alpha, slope, 0), smooth, 1)
    return np.hypot(across, down)


def _filtered(values: np.ndarray, kernel: np.ndarray, axis: int) -> np.ndarray:
    """Correlates along one axis, the edge's values going on beyond it."""
    half = kernel.size // 2
    values = np.moveaxis(np.asarray(values, np.float64), axis, 0)
    padded = np.pad(values, ((half, half), (0, 0)), mode="edge")
    result = sum(weight * padded[start : start + len(values)] for start, weight in enumerate(kernel))
    return np.moveaxis(result, 0, axis)


def _connectivity(alpha: np.ndarray, connected: np.ndarray) -> np.ndarray:
    """1 where a pixel is as opaque as its connection to the subject, less where it is more opaque."""
    above = np.asarray(alpha, np.float64) - connected
    return 1 - above * (above >= CONNECTIVITY_TOLERANCE)


def _intersection_over_union(one: np.ndarray, other: np.ndarray) -> float:
    union = np.count_nonzero(one | other)
    return np.count_nonzero(one & other) / union if union else 1.0
