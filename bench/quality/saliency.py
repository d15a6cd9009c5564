"""The measures of salient object detection, as PySODMetrics has them, which other papers use as well.

It is imported where it is used: only the command `quality` installs it.
"""

from __future__ import annotations

import warnings

import numpy as np


def structure(prediction: np.ndarray, truth: np.ndarray) -> float:
    """S-measure (Fan et al., ICCV 2017), 0 to 1, against `truth` above 0.5.

    Here and below both are float arrays `(height, width)`, 0 to 1, and the prediction is not stretched to that range.
    """
    from py_sod_metrics import Smeasure

    measure = Smeasure()
    measure.step(*_pair(prediction, truth), normalize=False)
    return float(measure.get_results()["sm"])


def weighted_f(prediction: np.ndarray, truth: np.ndarray) -> float:
    """Weighted F-measure (Margolin et al., CVPR 2014, beta 1), 0 to 1, against `truth` above 0.5."""
    from py_sod_metrics import WeightedFmeasure

    measure = WeightedFmeasure()
    measure.step(*_pair(prediction, truth), normalize=False)
    return float(measure.get_results()["wfm"])


def maximum_f(prediction: np.ndarray, truth: np.ndarray) -> float:
    """The best F-measure over 256 thresholds (Achanta et al., CVPR 2009, beta² 0.3), 0 to 1, against `truth` above 0.5.

    The threshold is chosen for each photo. Papers often choose one for a whole set, which results in slightly lower
    values.
    """
    from py_sod_metrics import Fmeasure

    with warnings.catch_warnings():
        # It only announces its successor, which computes the same.
        warnings.simplefilter("ignore")
        measure = Fmeasure()
    measure.step(*_pair(prediction, truth), normalize=False)
    return float(measure.get_results()["fm"]["curve"].max())


def _pair(prediction: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.asarray(prediction, np.float64), np.asarray(truth) > 0.5
