"""Make photos smaller for devices with little memory."""

import math

from PIL import Image

from offcut.codecs.photo import Photo

NOTICE = "reduced"
"""Name of the notice (`Photo.notices`)."""


def within(photo: Photo, max_pixels: int | None) -> Photo:
    """Return the photo with at most that many pixels and the same shape.

    Pixels are averaged by the area that they cover (Pillow's box filter), which loses no thin line and causes no
    ringing.

    Args:
        photo: not changed.
        max_pixels: at least 1; None for no limit.

    Returns:
        The same photo where it is small enough, else a smaller one with the notice ``"reduced"``.
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
