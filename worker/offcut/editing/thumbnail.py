"""A small picture of a document, by which a person recognises it in a list."""

import base64
import io

import numpy as np
from PIL import Image

from offcut.colour.spaces import convert
from offcut.editing.document import Document

SIDE = 96
"""Longer side in pixels."""


def thumbnail_of(document: Document) -> str:
    """Return the cutout as a PNG file in a data URL.

    It is made with every edit, so most pixels of a large photo are left out instead of averaged.
    """
    step = max(1, max(document.size) // (4 * SIDE))
    rgb = convert(np.ascontiguousarray(document.rgb[::step, ::step]), document.provenance.space, None)
    picture = Image.fromarray(np.dstack([rgb, document.alpha[::step, ::step]]))
    picture.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
