"""A decoded photo, and the metadata that the saved file keeps."""

from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from offcut.arrays import PixelsU8, RgbU8
from offcut.codecs.colours import Unconverted
from offcut.codecs.image_strips import strips
from offcut.colour.profiles import space_of
from offcut.colour.spaces import ColourSpace

_ROWS = 64

INCOMPLETE = "incomplete"
"""Name of the notice that some rows of the photo are missing."""


@dataclass
class Photo:
    """An upright picture, its own alpha, and the metadata that is kept.

    Only the colour profile and the resolution are kept. Everything else in the file (camera, place, time, thumbnails
    of the uncut picture) is dropped: a cutout that is passed on should not reveal where it was taken.
    """

    image: Image.Image
    """The colours, mode ``"RGB"``, orientation already applied."""

    alpha: Image.Image | None = None
    """The file's own transparency, mode ``"L"``, same size; None where the file is opaque throughout."""

    icc_profile: bytes | None = None
    """The file's ICC profile, only where it describes these RGB values. None for sRGB."""

    dpi: tuple[float, float] | None = None
    """Horizontal and vertical resolution in pixels per inch."""

    notices: list[str] = field(default_factory=list)
    """What a person should know: ``"animated"`` (only the first frame was read), ``"incomplete"`` (some rows are
    missing), ``"own-shape"`` (its own transparency is the shape of a subject), ``"reduced"`` (made smaller)."""

    unconverted: Unconverted | None = None
    """Where there is no colour management library: the colours of which `image` is only a rough copy."""

    original: tuple[int, int] | None = None
    """Width and height of the file's picture where it was decoded at a part of that; None where it was not."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.image.size

    @property
    def space(self) -> ColourSpace | None:
        """The colour space of `image`; None for sRGB."""
        return space_of(self.icc_profile)

    @property
    def rgb(self) -> RgbU8:
        """Return the colours as a new uint8 array ``(h, w, 3)``, 0 to 255."""
        return array_of(self.image)


def array_of(image: Image.Image) -> PixelsU8:
    """Return a picture of mode RGB or L as a new uint8 array, ``(h, w, 3)`` or ``(h, w)``.

    Works in strips: Pillow's own conversion holds two more copies of the picture.
    """
    values = np.empty((image.height, image.width, 3)[: 3 if image.mode == "RGB" else 2], np.uint8)
    for top, strip in strips(image, _ROWS):
        values[top : top + strip.height] = np.asarray(strip)
    return values
