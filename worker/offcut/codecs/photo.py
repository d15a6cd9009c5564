"""A decoded photo and what must survive the way to the saved file."""

from dataclasses import dataclass, field

import numpy as np
from PIL import Image

_ROWS = 64


@dataclass
class Photo:
    """An upright picture, its own alpha, and the metadata worth keeping.

    Only the colour profile and the resolution are kept. Everything else in the file (camera, place, time, thumbnails
    of the uncut picture) is left behind: a cutout that is passed on should not tell where it was taken.
    """

    image: Image.Image
    """The colours, mode ``"RGB"``, orientation already applied."""

    alpha: Image.Image | None = None
    """The file's own transparency, mode ``"L"``, same size; None where the file is opaque throughout."""

    icc_profile: bytes | None = None
    """The file's ICC profile, only where it describes these RGB values."""

    dpi: tuple[float, float] | None = None
    """Horizontal and vertical resolution in pixels an inch."""

    notices: list[str] = field(default_factory=list)
    """Things the person should know, by stable name: ``"animated"`` (only the first frame was taken), ``"reduced"``."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.image.size

    @property
    def rgb(self) -> np.ndarray:
        """The colours as a new ``(height, width, 3)`` uint8 array, 0 to 255."""
        return array_of(self.image)


def array_of(image: Image.Image) -> np.ndarray:
    """A picture of mode RGB or L as a new uint8 ``(h, w, 3)`` or ``(h, w)``, strip by strip: Pillow makes an array by way of
    two copies more."""
    values = np.empty((image.height, image.width, 3)[: 3 if image.mode == "RGB" else 2], np.uint8)
    for top in range(0, image.height, _ROWS):
        bottom = min(top + _ROWS, image.height)
        values[top:bottom] = image.crop((0, top, image.width, bottom))
    return values
