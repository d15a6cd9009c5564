"""From a picture that Pillow has read to a photo: its colours, its alpha, and the metadata that is kept."""

from dataclasses import replace
from typing import Any

from PIL import ExifTags, Image, ImageChops

from offcut.codecs import colours, transparency
from offcut.codecs.photo import Photo
from offcut.codecs.sniff import format_of
from offcut.codecs.to_rgb8 import opaque_to_none


def finished(turned: Image.Image, data: bytes, dpi: tuple[float, float] | None, own_alpha: Image.Image | None) -> Photo:
    """Make a photo of an upright picture.

    Args:
        turned: the picture.
        data: the bytes of its file, or their beginning.
        dpi: its resolution.
        own_alpha: what alpha it has besides that of the picture; mode L.
    """
    found = colours.read(turned, data)
    if format_of(data) == "BMP" and found.alpha and found.alpha.getextrema() == (0, 0):
        found = replace(found, alpha=None)  # as browsers do: programs leave the fourth byte at 0
    image, alpha = found.image, found.alpha
    if own_alpha is not None:
        alpha = opaque_to_none(own_alpha if alpha is None else ImageChops.darker(alpha, own_alpha))
    # The rest of Pillow's `info` (comments, EXIF, XMP) would be written to files that are saved later.
    image.info = {}
    if alpha is not None:
        alpha.info = {}
    return transparency.heed(Photo(image, alpha, found.icc_profile, dpi, [], found.unconverted))


def only_within(frame: tuple[int, int, int, int], size: tuple[int, int]) -> Image.Image | None:
    """Return the alpha of a GIF whose first frame does not cover its screen, which shows through there."""
    if frame == (0, 0, *size):
        return None
    alpha = Image.new("L", size)
    alpha.paste(255, frame)
    return alpha


def clear_colour(colour: Any, depth: int, kind: int) -> Any:
    """Return the colour that a PNG declares transparent as Pillow's pixels have it: it leaves it as the file does.

    Args:
        colour: from Pillow's `info`: a number, three of them, or the alphas of a palette.
        depth: bits of a sample.
        kind: PNG's colour type.
    """
    if kind == 0 and depth in (2, 4) and isinstance(colour, int):
        return colour * 255 // (2**depth - 1)
    if kind == 2 and depth == 16 and isinstance(colour, tuple):
        return tuple(value >> 8 for value in colour)
    return colour


def resolution_of(source: Image.Image) -> tuple[float, float] | None:
    """Horizontal and vertical resolution in pixels per inch; None where the file has none that makes sense."""
    given = source.info.get("dpi")
    # Without one in the JFIF header Pillow takes the width's from EXIF for both, or 72.
    if given is None or (source.format in ("JPEG", "MPO") and source.info.get("jfif_unit") not in (1, 2)):
        given = _exif_resolution(source)
    try:
        x, y = (float(value) for value in given)  # type: ignore[union-attr]
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    # Pillow reports 1 for a TIFF without a resolution.
    return (x, y) if 1 < x <= 65535 and 1 < y <= 65535 else None


def _exif_resolution(source: Image.Image) -> tuple[float, float] | None:
    """The resolution in the EXIF block (EXIF 2.32, 4.6.4 A) in pixels per inch, as it stands there."""
    try:
        exif = source.getexif()
        inches = {2: 1.0, 3: 2.54}.get(exif.get(ExifTags.Base.ResolutionUnit, 2))
        if inches is None:  # pixels that are not square, not a size
            return None
        return exif[ExifTags.Base.XResolution] * inches, exif[ExifTags.Base.YResolution] * inches
    except MemoryError:
        raise
    except Exception:  # a damaged block has no resolution
        return None
