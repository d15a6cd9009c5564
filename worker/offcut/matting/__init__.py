"""From the network's coarse alpha to an alpha of the photo's own size, with edges that follow the photo."""

import numpy as np
from PIL import Image

from offcut.matting.guided_filter import Refinement, refine
from offcut.matting.upsample import upsample

__all__ = ["Refinement", "begin", "matte", "refine", "upsample"]


def matte(coarse: np.ndarray, image: Image.Image, strength: float) -> Image.Image:
    """Make the alpha of a photo.

    Args:
        coarse: float array ``(height, width)`` of the network's answer, 0 (background) to 1 (subject).
        image: the photo, mode RGB.
        strength: 0 enlarges the coarse alpha and does no more; 1 lets uncertain edges follow the photo fully.

    Returns:
        A picture of mode ``"L"`` and the photo's size, 0 to 255.
    """
    return begin(coarse, image, strength).whole()


def begin(coarse: np.ndarray, image: Image.Image, strength: float) -> Refinement:
    """The first half of `matte`, with its arguments: it can then be made small before it is made whole."""
    return Refinement(upsample(coarse, image.size), image, strength)
