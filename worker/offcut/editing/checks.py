"""What a person should know of a finished picture: that it is not sharp, or that the place of the head is a guess."""

from dataclasses import replace
from typing import NamedTuple

from offcut.editing import render
from offcut.editing.document import Document
from offcut.editing.settings import Placement
from offcut.pipeline import Provenance
from offcut.protocol.settings import ENLARGED

ENLARGED_NOTICE = "enlarged"
"""Begins the notice (`Provenance.notices`) of a picture that has many more pixels of its subject than the photo, and so
is not sharp: ``"enlarged-head 133 401"``."""

NO_FACE = "no-face"
"""The notice of a picture that is fitted to a head by the outline alone, as no face was found."""


class Enlargement(NamedTuple):
    """What is enlarged, and how much."""

    kind: str
    """``"head"`` where the canvas is fitted to it, else ``"subject"``."""

    pixels: float
    """In the photo: the height of the head, or the longer side of the subject."""

    zoom: float
    """How many pixels of the picture each of the photo's becomes, from one edge to the other."""

    @property
    def notices(self) -> tuple[str, ...]:
        """The notice with the pixels in the photo and in the picture; none where the picture is sharp."""
        if self.zoom <= ENLARGED:
            return ()
        return (f"{ENLARGED_NOTICE}-{self.kind} {round(self.pixels)} {round(self.pixels * self.zoom)}",)


def enlargement_of(document: Document) -> Enlargement | None:
    """Return how much the subject of a document is enlarged; None where it is not, or nothing of it is visible.

    Raises:
        OptionError: the canvas would have too many pixels.
    """
    settings = document.settings
    zoom = render.frame_of(document).scale * settings.placement.scale
    if zoom <= 1:
        return None
    if settings.canvas.fit == "head" and document.head:
        return Enlargement("head", document.head.height, zoom)
    if document.outline is None:
        return None
    box = document.outline.box(Placement())
    return Enlargement("subject", max(box.width, box.height), zoom)


def is_head_guessed(document: Document) -> bool:
    """Return whether the canvas is fitted to a head that only the outline tells of."""
    return document.settings.canvas.fit == "head" and document.is_face_known and not document.has_face


def provenance_of(document: Document) -> Provenance:
    """Return the provenance of a document's picture, with the canvas's resolution and what a person should know."""
    provenance, dpi, enlargement = document.provenance, document.settings.canvas.dpi, enlargement_of(document)
    notices: tuple[str, ...] = (NO_FACE,) if is_head_guessed(document) else ()
    if enlargement:
        notices += enlargement.notices
    return replace(provenance, dpi=(dpi, dpi) if dpi else provenance.dpi, notices=provenance.notices + notices)
