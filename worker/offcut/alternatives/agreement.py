"""How far the networks agree about a photo: where they do not, one of them has misread it.

Agreement is that of `offcut.inference.agreement`.
"""

from collections.abc import Iterable
from itertools import combinations

from offcut.arrays import AlphaF32
from offcut.inference.agreement import agreement
from offcut.models.catalogue import Model

DOUBTFUL = 0.93
"""Networks that agree less disagree about the photo."""

SAME = 0.985
"""Alphas that agree more look the same in a small picture."""

SPECIALISTS = ("people",)
"""Tiers whose networks find one kind of subject: that they miss others says nothing about a photo."""


def find_any_subject(models: Iterable[Model]) -> list[str]:
    """Return the ids of those networks that find any kind of subject, so that their disagreement says something."""
    return [model.id for model in models if model.tier not in SPECIALISTS]


def lowest_agreement(alphas: Iterable[AlphaF32]) -> float:
    """Return the lowest agreement of any two of some alphas of the same shape; 1 where there are fewer than two."""
    return min((agreement(*pair) for pair in combinations(alphas, 2)), default=1.0)
