"""Photos made smaller where a device could not carry them."""

import math

from PIL import Image

from offcut.codecs.photo import Photo

NOTICE = "reduced"


def within(photo: Photo, max_pixels: int | None) -> Photo:
    """The photo with at most so many pixels (None: as many as it has), its shape kept; then with the notice ``"reduced"``.

    Averages whole pixels and their parts (Pillow's box filter), which loses no thin line and makes no rings.
    """
    width, height = photo.size
    if max_pixels is None or width * height <= max_pixels:
        return photo
    scale = math.sqrt(max_pixels / (width * height))
    narrow = max(1, math.floor(width * scale))
    size = (min(narrow, max_pixels), min(max(1, math.floor(height * scale)), max(1, max_pixels // narrow)))
    alpha = photo.alpha and photo.alpha.resize(size, Image.Resampling.BOX)
    dpi = photo.dpi and (photo.dpi[0] * size[0] / width, photo.dpi[1] * size[1] / height)
    image = photo.image.resize(size, Image.Resampling.BOX)
    return Photo(image, alpha, photo.icc_profile, dpi, [*photo.notices, NOTICE])
