"""Which network's alpha a photo gets where the choice is automatic. Decisions alone: `Engine` runs the networks.

The fast network looks first. Where it finds a small subject, a finer one sees the photo squashed, and again in its own
shape where it finds another. A network for people looks last, and has its way where it found what the finer one found:
then there are people, and it knows their hair. Measured in docs/measurements/routing.md.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from offcut.arrays import AlphaF32, AlphaU8
from offcut.geometry import bounding_box
from offcut.inference.agreement import agreement, reduced
from offcut.models.catalogue import Model

FIRST = "fast"
"""The tier that looks first."""

FINER = ("quality", "balanced")
"""The tiers whose alpha replaces its one, in this order."""

PEOPLE = "people"
"""The tier of networks that find people alone."""

SMALL = 0.4
"""Part of the photo below which the box around a subject counts as small."""

SAME_SUBJECT = 0.95
"""The network for people has its way where its alpha agrees more with the finer one's. At .93 it had it with two cows,
too."""

ADDED = 0.002
"""Part of the photo, at most, that the network for people may find where the finer one sees background: beyond it, it
takes things beside people for parts of them. It may leave more out: what the finer one sees between strands of hair."""

CONFIRMED = 0.67
"""A subject is small where the finer network's alpha agrees more with the fast one's. A right one agreed by .71 or more
on development photos, a part of a large subject by .61."""


def of_tier(models: Iterable[Model], *tiers: str) -> Model | None:
    """Return the first model of the first of these tiers that there is one of."""
    listed = list(models)
    return next((model for tier in tiers for model in listed if model.tier == tier), None)


def is_small(alpha: AlphaF32 | AlphaU8) -> bool:
    """Return whether there is a subject whose box is a small part of the photo.

    Args:
        alpha: of the network that looked first, ``(h, w)``, float32 of 0 to 1 or uint8 of 0 to 255.
    """
    box = bounding_box(alpha > (127 if alpha.dtype == np.uint8 else 0.5))
    return box is not None and box.width * box.height < SMALL * alpha.size


def is_confirmed(first: AlphaF32 | AlphaU8, finer: AlphaF32) -> bool:
    """Return whether a finer network, which saw the photo squashed, found the small subject, too.

    Args:
        first: what the fast network found, as for `is_small`.
        finer: what the finer one found, float32 ``(h, w)``, 0 to 1.
    """
    return agreement(reduced(first), reduced(finer)) > CONFIRMED


def squashed(model: Model) -> Model:
    """Return a model that takes the photo squashed to its whole input, as it was trained, not in the photo's shape.

    Only if its input may have any shape: its file serves both.
    """
    return replace(model, input_step=0, input_short_side=0, resize_margin=0) if model.input_step else model


def is_of_people(finer: AlphaF32, people: AlphaF32) -> bool:
    """Return whether the network for people should have its way.

    Args:
        finer: what a network for any subject found, float32 ``(h, w)``, 0 to 1.
        people: what the network for people found, the same of any other size.
    """
    small, other = reduced(finer), reduced(people)
    added = np.count_nonzero((small < 0.3) & (other > 0.7)) / small.size
    return bool(small.any() and agreement(small, other) > SAME_SUBJECT and added <= ADDED)
