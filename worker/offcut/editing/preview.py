"""A cutout at about the size of a screen, shown while the full size is still being computed."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from offcut import compositing, foreground
from offcut.colour.spaces import convert
from offcut.masks import edges
from offcut.masks.edges import Edges
from offcut.pipeline import MattedPhoto, Provenance


@dataclass(frozen=True)
class Preview:
    """The first pictures of a photo. All arrays are uint8 and of one size."""

    photo: np.ndarray
    """In sRGB, ``(h, w, 3)``, or ``(h, w, 4)`` where the file has a transparency of its own."""

    alpha: np.ndarray
    """The network's, refined, with its edges treated, ``(h, w)``."""

    cutout: np.ndarray
    """In sRGB, with estimated foreground colours, ``(h, w, 4)``."""

    size: tuple[int, int]
    """Width and height of the photo itself."""

    provenance: Provenance
    seconds: dict[str, float]
    """Wall time of each stage."""


def make_preview(matted: MattedPhoto, treated: Edges, seconds: dict[str, float]) -> Preview:
    """Make the preview of a photo.

    Args:
        matted: the photo and its alpha.
        treated: how its edges are treated, in pixels of the photo.
        seconds: wall time of each stage so far.
    """
    image, refined = matted.refinement.small()
    if matted.photo.alpha:  # the network has seen the photo over a colour, which is none of its own
        image = matted.photo.image.resize(image.size, Image.Resampling.BOX)
    source_alpha = matted.photo.alpha and matted.photo.alpha.resize(image.size, Image.Resampling.BOX)
    rgb = np.asarray(image)
    small = edges.scaled(treated, image.width / matted.photo.size[0])
    alpha = edges.apply(np.asarray(refined), small)
    colours = foreground.estimate(rgb, alpha) if treated.decontaminate else rgb
    seen = compositing.combine_alpha(source_alpha, Image.fromarray(alpha))
    cutout = compositing.cut_out(Image.fromarray(colours), seen)
    photo = rgb if source_alpha is None else np.dstack([rgb, np.asarray(source_alpha)])
    photo, shown = (convert(np.asarray(picture), matted.photo.space, None) for picture in (photo, cutout))
    return Preview(photo, alpha, shown, matted.photo.size, matted.provenance, seconds)
