"""Small pictures of a document: by which a person recognises it in a list, or chooses a result."""

import base64
import io

import numpy as np
from PIL import Image

from offcut.arrays import AlphaF32, AlphaU8
from offcut.codecs.photo import array_of
from offcut.colour.spaces import convert
from offcut.compositing import combine_alpha
from offcut.editing.document import Document
from offcut.geometry import Box

SIDE = 96
"""Longer side in pixels of the picture in a list."""


def thumbnail_of(document: Document) -> str:
    """Return the cutout as a PNG file in a data URL."""
    return small_cutout(document, document.alpha, SIDE)


def small_cutout(document: Document, alpha: AlphaU8 | AlphaF32, side: int, box: Box | None = None) -> str:
    """Return a small cutout as a PNG file in a data URL.

    It is made with every edit, so most pixels of a large photo are left out instead of averaged.

    Args:
        document: has the photo.
        alpha: uint8 of the photo's size, or float32 ``(h, w)`` of any size, 0 to 1.
        side: longer side in pixels.
        box: the part of the photo that is shown; None for all of it.
    """
    width, height = document.size
    box = box or Box.of_size(width, height)
    step = max(1, max(box.size) // (4 * side))
    part = slice(box.top, box.bottom, step), slice(box.left, box.right, step)
    rgb = convert(np.ascontiguousarray(document.rgb[part]), document.provenance.space, None)
    if alpha.dtype == np.uint8:
        seen = Image.fromarray(np.ascontiguousarray(alpha[part]))
    else:
        across, down = alpha.shape[1] / width, alpha.shape[0] / height
        values = Image.fromarray(np.asarray(alpha, np.float32) * np.float32(255)).resize(
            (rgb.shape[1], rgb.shape[0]),
            Image.Resampling.BILINEAR,
            (box.left * across, box.top * down, box.right * across, box.bottom * down),
        )
        seen = values.convert("L")
    own = document.source_alpha
    whole = combine_alpha(None if own is None else Image.fromarray(np.ascontiguousarray(own[part])), seen)
    picture = Image.fromarray(np.dstack([rgb, array_of(whole)]))
    picture.thumbnail((side, side), Image.Resampling.BOX)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
