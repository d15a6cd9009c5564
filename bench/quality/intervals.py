"""Confidence intervals of means over few photos: the percentile bootstrap (Efron 1979)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 2000
SEED = 2026
LEVEL = 0.95


@dataclass(frozen=True)
class Mean:
    """A mean and the interval that holds the true one with a probability of `LEVEL`."""

    value: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether the interval excludes zero."""
        return self.low > 0 or self.high < 0


def mean(values: Sequence[float]) -> Mean:
    """Return the mean of `values` with its interval. The seed is fixed: the same photos have the same interval."""
    given = np.asarray(values, np.float64)
    drawn = np.random.default_rng(SEED).integers(given.size, size=(RESAMPLES, given.size))
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(given[drawn].mean(axis=1), (tail, 1 - tail))
    return Mean(float(given.mean()), float(low), float(high))
