"""A photo's cutout at about the size of a screen, to be seen while the whole of it is still being worked out."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from offcut import compositing, foreground
from offcut.pipeline import MattedPhoto, Provenance


@dataclass(frozen=True)
class Preview:
    """What is seen first. All arrays are uint8 and of one size."""

    photo: np.ndarray
    """``(h, w, 3)``, or ``(h, w, 4)`` where the file has a transparency of its own."""

    alpha: np.ndarray
    """The network's, refined, ``(h, w)``."""

    cutout: np.ndarray
    """With the subject's own colours, ``(h, w, 4)``."""

    size: tuple[int, int]
    """Width and height of the photo itself."""

    origin: Provenance
    seconds: dict[str, float]
    """Wall time of each stage."""


def look_at(found: MattedPhoto, own_colours: bool, seconds: dict[str, float]) -> Preview:
    """Make it. `own_colours`: whether soft edges get the subject's own (`offcut.foreground`)."""
    image, alpha = found.matte.small()
    own = found.photo.alpha and found.photo.alpha.resize(image.size, Image.Resampling.BOX)
    rgb = np.asarray(image)
    colours = foreground.estimate(rgb, np.asarray(alpha)) if own_colours else rgb
    cutout = compositing.cut_out(Image.fromarray(colours), compositing.combine_alpha(own, alpha))
    photo = rgb if own is None else np.dstack([rgb, np.asarray(own)])
    return Preview(photo, np.asarray(alpha), np.asarray(cutout), found.photo.size, found.origin, seconds)
