"""Matting: from the network's coarse alpha to an alpha of the photo's size, with edges that follow the photo."""

from PIL import Image

from offcut.arrays import AlphaF32
from offcut.matting.guided_filter import Refinement, refine
from offcut.matting.upsample import upsample

__all__ = ["Refinement", "begin", "matte", "refine", "upsample"]


def matte(coarse: AlphaF32, image: Image.Image, strength: float) -> Image.Image:
    """Make the alpha of a photo.

    Args:
        coarse: the network's output, float32 ``(h, w)`` of any size, 0 (background) to 1 (subject).
        image: the photo, mode RGB.
        strength: of the edge refinement. 0 only enlarges the coarse alpha, 1 lets uncertain edges follow the photo
            fully.

    Returns:
        Mode L, of the photo's size, 0 to 255.
    """
    return begin(coarse, image, strength).whole()


def begin(coarse: AlphaF32, image: Image.Image, strength: float) -> Refinement:
    """Begin `matte`, with its arguments. The result can make a small alpha for a preview before the full one."""
    return Refinement(lambda size: upsample(coarse, size), image, strength)
