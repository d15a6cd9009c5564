"""The transparency that a file has itself: what it hides has no influence, and a cutout keeps its shape."""

import numpy as np
from PIL import Image

from offcut.codecs.image_strips import strips
from offcut.codecs.photo import Photo

OWN_SHAPE = "own-shape"
"""Name of the notice that the file's own transparency is the result, without a network."""

_TRANSPARENT = 0.25
"""Part of the picture that must be transparent for the rest to count as a shape: of 89 cutouts at least 0.30 are, of
photos with rounded corners or a narrow border at most 0.12, of a photo cut to a circle 0.21 (docs/decisions/0062)."""

_FILLED = 0.9
"""Part of its bounding box that a shape fills at most: cutouts fill 0.22 to 0.82, a photo in a frame 0.96 to 1."""

_FLAT = 4.0
"""Standard deviation of 8-bit values up to which colours are one colour, in which no network finds anything."""

_SIDE = 512
"""Longer side of the copy on which all this is measured."""

_GREY = (128, 128, 128)

_ROWS = 256
"""About how many rows are reduced at a time."""


def heed(photo: Photo) -> Photo:
    """Return the photo, with the mean of its visible colours where its alpha is 0, and with the notice ``"own-shape"``
    where it has one."""
    if photo.alpha is not None:
        small = small_copy(photo.image, photo.alpha)  # in which colours of alpha 0 have no weight
        # In place, because a copy of a large photo takes as much memory again.
        photo.image.paste(_mean_colour(small), mask=photo.alpha.point([255] + [0] * 255))
        if OWN_SHAPE not in photo.notices and has_own_shape(small):
            photo.notices.append(OWN_SHAPE)
    return photo


def seen(image: Image.Image, alpha: Image.Image | None) -> Image.Image:
    """Return a picture as a network is to see it: over the mean of its visible colours, from which nothing stands out.

    Args:
        image: mode RGB; not changed.
        alpha: mode L, the same size; None for a picture that is opaque throughout.
    """
    if alpha is None:
        return image
    return Image.composite(image, Image.new("RGB", image.size, _mean_colour(small_copy(image, alpha))), alpha)


def has_own_shape(small: tuple[np.ndarray, np.ndarray]) -> bool:
    """Return whether the transparency is the shape of a subject, as of a cutout or a logo, and not a photo's frame.

    It is where a good part of the picture is transparent and the rest is no rectangle, and where all that is visible
    has one colour.

    Args:
        small: from `small_copy`.
    """
    colours, visible = small
    if not visible.any():
        return True
    solid = visible >= max(1.0, float(visible.max()) / 2)  # a faint logo has a shape, too
    rows, columns = np.flatnonzero(solid.any(axis=1)), np.flatnonzero(solid.any(axis=0))
    around = (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1)
    if solid.mean() <= 1 - _TRANSPARENT and solid.sum() <= _FILLED * around:
        return True
    return float(colours[solid].std(axis=0).max()) < _FLAT


def small_copy(image: Image.Image, alpha: Image.Image) -> tuple[np.ndarray, np.ndarray]:
    """Return the visible colours, float32 ``(h, w, 3)``, and the alpha, ``(h, w)``, 0 to 255, of a small copy."""
    scale = min(1.0, _SIDE / max(image.size))
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    small = _reduced(image, alpha, max(1, max(image.size) // (2 * _SIDE)))
    values = np.asarray(small.resize(size, Image.Resampling.BOX), np.float32)  # weighted by alpha
    return values[..., :3], values[..., 3]


def _reduced(image: Image.Image, alpha: Image.Image, factor: int) -> Image.Image:
    """Return both together as RGBA, `factor` times smaller, without a copy of the whole."""
    rows = factor * max(1, _ROWS // factor)
    result = Image.new("RGBA", (-(-image.width // factor), -(-image.height // factor)))
    for (top, strip), (_, covered) in zip(strips(image, rows), strips(alpha, rows), strict=True):
        strip.putalpha(covered)
        result.paste(strip.reduce(factor), (0, top // factor))
    return result


def _mean_colour(small: tuple[np.ndarray, np.ndarray]) -> tuple[int, int, int]:
    """The mean of the visible colours, weighted by alpha; grey where nothing is visible."""
    colours, visible = small
    total = float(visible.sum())
    if total < 1:
        return _GREY
    red, green, blue = ((colours * visible[..., None]).sum(axis=(0, 1), dtype=np.float64) / total + 0.5).astype(int)
    return int(red), int(green), int(blue)
