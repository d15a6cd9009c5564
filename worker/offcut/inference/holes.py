"""Holes that the network for people leaves inside a person, where the finer network is certain that there is one.

It was trained on portraits, and takes patterned clothes for the background behind them. A hole that the finer network
sees nothing of, far from its edge and without a way to its background, is none; a gap between an arm and a body is
background to both. Measured in docs/measurements/routing.md.
"""

import math

import numpy as np
from PIL import Image

from offcut.alpha import as_floats
from offcut.arrays import AlphaF32, AlphaU8, resize_floats
from offcut.masks.connected_components import components
from offcut.masks.morphology import dilate

MISSING = 0.5
"""Alpha below which the network for people sees background."""

CERTAIN = 0.9
"""Alpha from which the finer network is certain of the subject."""

BACKGROUND = 0.1
"""Alpha below which the finer network sees background: a gap that reaches it is real."""

DEPTH = 0.01
"""How far from the finer network's edge, as a part of the diagonal: nearer, gaps are between strands of hair."""


def filled(people: AlphaF32, finer: AlphaF32 | AlphaU8) -> AlphaF32:
    """Return what the network for people found, without holes that are none.

    Args:
        people: its alpha, float32 ``(h, w)``, 0 to 1.
        finer: what the finer network found in the same photo, of any size, uint8 of 0 to 255 or float32 of 0 to 1.

    Returns:
        float32 ``(h, w)``; `people` itself where nothing is filled.
    """
    height, width = people.shape
    is_bytes = finer.dtype == np.uint8
    values = as_floats(np.asarray(finer, np.uint8)) if is_bytes else np.asarray(finer, np.float32)
    sure = resize_floats(values, (width, height), Image.Resampling.BOX)
    radius = max(1, round(DEPTH * math.hypot(height, width)))
    missing = people < MISSING
    inner = (dilate((sure <= CERTAIN).view(np.uint8), radius) == 0) & missing
    if not inner.any():
        return people
    gaps = components(missing)
    holes = gaps.mask(~gaps.touching(sure < BACKGROUND)) & inner
    return np.where(holes, np.maximum(people, sure), people)
