"""How far the networks agree about a photo: where they do not, one of them has misread it.

Agreement is the soft intersection over union of two alphas: the sum of the smaller values over that of the larger.
"""

from collections.abc import Iterable
from itertools import combinations

import numpy as np
from PIL import Image

from offcut.alpha import as_floats
from offcut.arrays import AlphaF32, AlphaU8, resize_floats
from offcut.models.catalogue import Model

SIDE = 128
"""Side of the square, in pixels, on which alphas of any size and shape are compared."""

DOUBTFUL = 0.93
"""Networks that agree less disagree about the photo."""

SAME = 0.985
"""Alphas that agree more look the same in a small picture."""

SPECIALISTS = ("people",)
"""Tiers whose networks find one kind of subject: that they miss others says nothing about a photo."""


def find_any_subject(models: Iterable[Model]) -> list[str]:
    """Return the ids of those networks that find any kind of subject, so that their disagreement says something."""
    return [model.id for model in models if model.tier not in SPECIALISTS]


def reduced(alpha: AlphaU8 | AlphaF32) -> AlphaF32:
    """Return a small copy of an alpha for `agreement`.

    Args:
        alpha: ``(h, w)``, uint8 of 0 to 255 or float32 of 0 to 1.

    Returns:
        float32 ``(SIDE, SIDE)``, 0 to 1.
    """
    if alpha.dtype == np.uint8:
        return as_floats(np.asarray(Image.fromarray(alpha).resize((SIDE, SIDE), Image.Resampling.BOX)))
    return resize_floats(np.asarray(alpha, np.float32), (SIDE, SIDE), Image.Resampling.BOX)


def agreement(one: AlphaF32, other: AlphaF32) -> float:
    """Return how far two alphas of the same shape agree, 0 (nothing in common) to 1 (the same).

    Two that find nothing at all agree.
    """
    larger = float(np.maximum(one, other).sum())
    return float(np.minimum(one, other).sum()) / larger if larger > 0 else 1.0


def lowest_agreement(alphas: Iterable[AlphaF32]) -> float:
    """Return the lowest agreement of any two of some alphas of the same shape; 1 where there are fewer than two."""
    return min((agreement(*pair) for pair in combinations(alphas, 2)), default=1.0)
