"""How unsure a network is of what it found."""

import numpy as np

from offcut.arrays import AlphaF32

UNSURE = 0.05
"""Uncertainty from which on a person should look at a photo first.

Of 89 development photos a fifth have more. With U²-Net p 12 of its 19 misread photos (IoU below .9) are among them,
with IS-Net at 768 9 of 16 (docs/decisions/0107).
"""


NO_SUBJECT = "no-subject"
"""Name of the notice that a network found nothing in a photo."""

_SMALLEST = 0.0001
"""Part of the photo that is subject, by an alpha above one half, where anything was found. Networks whose output is
stretched to 0 to 1 have single such pixels in an empty picture, too."""


def has_subject(coarse: AlphaF32) -> bool:
    """Return whether a network found anything. `coarse` is the coarse alpha, float32 ``(h, w)``, 0 to 1."""
    return float((coarse > 0.5).mean()) >= _SMALLEST


def uncertainty(coarse: AlphaF32) -> float:
    """Return how unsure a network is: the distance of its alpha from 0 or 1, summed, as a part of the subject's area.

    Args:
        coarse: what the network found, float32 ``(h, w)``, 0 to 1.

    Returns:
        0, where every pixel is subject or background, to 1; 1 where it found nothing.
    """
    area = float(coarse.sum())
    return float(np.minimum(coarse, 1 - coarse).sum()) / area if area else 1.0
