"""Make photos smaller for devices with little memory."""

from PIL import Image

from offcut.codecs.photo import Photo
from offcut.memory_budget import Budget

NOTICE = "reduced"
"""Name of the notice (`Photo.notices`)."""


def within(photo: Photo, budget: Budget) -> Photo:
    """Return the photo in the size in which a budget has it worked on.

    Pixels are averaged by the area that they cover (Pillow's box filter), which loses no thin line and causes no
    ringing.

    Args:
        photo: not changed. Its `original` is the size that the budget is asked about.
        budget: decides.

    Returns:
        The same photo where it is small enough, else a smaller one with the notice ``"reduced"``.
    """
    width, height = photo.size
    size = budget.plan(photo.original or photo.size).opened
    if size == photo.size and photo.original is None:
        return photo
    alpha = photo.alpha and photo.alpha.resize(size, Image.Resampling.BOX)
    dpi = photo.dpi and (photo.dpi[0] * size[0] / width, photo.dpi[1] * size[1] / height)
    image = photo.image.resize(size, Image.Resampling.BOX)
    return Photo(image, alpha, photo.icc_profile, dpi, [*photo.notices, NOTICE])
