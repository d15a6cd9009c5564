"""How much a subject is enlarged: a picture that has many more pixels of it than the photo is not sharp."""

from dataclasses import replace
from typing import NamedTuple

from offcut.editing import render
from offcut.editing.document import Document
from offcut.editing.settings import Placement
from offcut.pipeline import Provenance
from offcut.protocol.settings import ENLARGED

NOTICE = "enlarged"
"""Begins the notice (`Provenance.notices`) of a picture that is not sharp: ``"enlarged-head 133 401"``."""


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
        return (f"{NOTICE}-{self.kind} {round(self.pixels)} {round(self.pixels * self.zoom)}",)


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


def provenance_of(document: Document) -> Provenance:
    """Return the provenance of a document's picture, with the canvas's resolution and a notice of what is enlarged."""
    provenance, dpi, enlargement = document.provenance, document.settings.canvas.dpi, enlargement_of(document)
    if dpi:
        provenance = replace(provenance, dpi=(dpi, dpi))
    return replace(provenance, notices=provenance.notices + enlargement.notices) if enlargement else provenance
