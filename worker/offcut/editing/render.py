"""From a document to the picture that is saved, strip by strip: only the picture itself is ever whole."""

import numpy as np
from PIL import Image

from .. import composite
from ..foreground.tiles import Box
from .colours import SubjectColours
from .display import strips
from .document import Document


def visible(document: Document, box: Box) -> np.ndarray:
    """How much of each pixel is seen: the finished alpha times the file's own transparency, uint8 ``(h, w)``."""
    alpha = document.finished[box.slices]
    if document.own is None:
        return alpha
    own = Image.fromarray(document.own[box.slices])
    return np.asarray(composite.combine_alpha(own, Image.fromarray(alpha)))


def subject(document: Document, colours: SubjectColours, box: Box) -> np.ndarray:
    """The cutout within a box, uint8 ``(h, w, 4)``; black where nothing of it is seen."""
    decontaminated = document.settings.edges.decontaminate
    rgb = colours.part(box) if decontaminated else document.rgb[box.slices]
    alpha = visible(document, box)
    return np.dstack([rgb * (alpha > 0)[..., None], alpha])


def cutout(document: Document, colours: SubjectColours) -> Image.Image:
    """The cutout of the photo's size, mode RGBA, without background, shadow or placement."""
    width, height = document.size
    picture = Image.new("RGBA", document.size)
    for strip in strips(Box(0, height, 0, width)):
        picture.paste(Image.fromarray(subject(document, colours, strip)), (0, strip.top))
    return picture


def mask(document: Document) -> Image.Image:
    """The alpha alone, mode L, of the photo's size."""
    width, height = document.size
    return Image.fromarray(visible(document, Box(0, height, 0, width)))
