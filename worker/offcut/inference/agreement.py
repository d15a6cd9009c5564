"""How far two alphas agree: soft intersection over union, the sum of the smaller values over that of the larger."""

import numpy as np
from PIL import Image

from offcut.alpha import as_floats
from offcut.arrays import AlphaF32, AlphaU8, resize_floats

SIDE = 128
"""Side of the square, in pixels, on which alphas of any size and shape are compared."""


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
