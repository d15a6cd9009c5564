"""Documents to edit, and operations on them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy
from PIL import Image, ImageFilter

from offcut.editing.document import Document
from offcut.editing.editor import Editor
from offcut.editing.operations import read_operation
from offcut.geometry import Box
from offcut.options import Options
from offcut.pipeline import Provenance

PROVENANCE = Provenance("one", "Number One", "fake", 3)


def blob(width: int, height: int, soft: float = 2) -> numpy.ndarray:
    """An alpha: an ellipse in the middle with a soft edge."""
    y, x = numpy.mgrid[:height, :width] + 0.5
    inside = ((x / width - 0.5) / 0.3) ** 2 + ((y / height - 0.5) / 0.35) ** 2 < 1
    picture = Image.fromarray(inside.astype(numpy.uint8) * 255)
    return numpy.array(picture.filter(ImageFilter.GaussianBlur(soft)))


def colours(width: int, height: int, seed: int = 0) -> numpy.ndarray:
    """A photo of smooth colours with some noise."""
    random = numpy.random.default_rng(seed)
    small = Image.fromarray(random.integers(0, 256, (4, 5, 3), numpy.uint8)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    noisy = numpy.asarray(small).astype(int) + random.integers(-6, 7, (height, width, 3))
    return numpy.clip(noisy, 0, 255).astype(numpy.uint8)


def document(width: int, height: int, source_alpha: numpy.ndarray | None = None) -> Document:
    return Document(colours(width, height), source_alpha, blob(width, height), PROVENANCE)


def apply(edited: Document, operation: dict) -> Box | None:
    """Check and apply one operation that needs no network."""
    return edited.apply(read_operation(operation, edited.size))


async def open_in(editor: Editor, data: bytes, options: Options | None = None) -> None:
    """Open a photo with everything that can be done to it."""
    await editor.open(data, options or Options())
    await editor.finish()


def stroke(mode: str, size: float, places: Sequence[Sequence[float]], **more: float) -> dict:
    """A stroke through some places at full pressure."""
    points = [number for x, y in places for number in (x, y, 1)]
    return {"kind": "stroke", "mode": mode, "size": size, "points": points, **more}
