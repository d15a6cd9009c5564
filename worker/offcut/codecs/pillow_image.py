"""Pictures that Pillow has opened already, or that a program made."""

from typing import Any

import numpy as np
from PIL import ExifTags, Image, ImageFile

from offcut.codecs.decode import decode
from offcut.codecs.metadata import clear_colour, finished, only_within, resolution_of
from offcut.codecs.orientation import load_upright
from offcut.codecs.photo import Photo
from offcut.codecs.refusals import damaged
from offcut.codecs.sniff import format_of
from offcut.codecs.stated_colours import chunks_of
from offcut.errors import OffcutError, OptionError, OutOfMemoryError, ZeroSizedImageError
from offcut.memory_budget import check_size

_HEAD = 1 << 16
"""Bytes at the beginning of a file that is still open, in which it states its colours."""


def read_image(image: Image.Image) -> Photo:
    """Take a picture that Pillow has opened already, or that a program made, as `decode` takes a file.

    Args:
        image: of any mode; its pixels are loaded, and otherwise it is not changed. One that was opened from a file is
            turned as the file is. One that was made from such a picture is turned by the EXIF block in its `info`. Its
            profile and resolution are kept.

    Raises:
        OptionError: it is closed, or of a mode that has no colours.
        TruncatedImageError, ZeroSizedImageError, ImageTooLargeError, OutOfMemoryError
    """
    if not (image.width and image.height):
        raise ZeroSizedImageError("This image has a width or height of zero, so there is nothing to cut out.")
    check_size(image.size)
    try:
        head, was_sideways, block = _head_of(image), _was_sideways(image), image.info.get("exif")
        source = image.copy()
        source.format = image.format
        if block is None:  # an EXIF block behind the pixels of a PNG does not count
            source.info.pop("exif", None)
        return _read(image, source, head, was_sideways)
    except OffcutError:
        raise
    except MemoryError as error:
        raise OutOfMemoryError("This device has not enough memory for this picture.") from error
    except Exception as error:  # a file that Pillow had opened, and only now reads
        if data := _file_of(image):
            return decode(data)
        if "closed" in str(error) or (isinstance(image, ImageFile.ImageFile) and _is_closed(image)):
            raise OptionError("This Pillow image is closed. Hand it over before its file is closed.") from error
        raise damaged(image.format) from error


def _read(image: Image.Image, source: Image.Image, head: bytes, was_sideways: bool) -> Photo:
    """Read a copy of a picture."""
    if source.mode.startswith("I;16") and source.format is None and np.asarray(source).max() <= 255:
        source = source.convert("L")  # Pillow's conversion to 16 bits does not scale
    if "transparency" in source.info:
        source.info["transparency"] = _clear_colour(source, head)
    turned, is_sideways = load_upright(source)
    dpi = resolution_of(image)
    if dpi and (is_sideways or was_sideways):
        dpi = dpi[::-1]
    frame = getattr(image, "dispose_extent", None) if image.format == "GIF" and image.tell() == 0 else None
    try:
        return finished(turned, head, dpi, None if frame is None else only_within(frame, image.size))
    except ValueError as error:
        raise OptionError(
            f"A Pillow image of the mode {image.mode} cannot be a photo. Convert it first: image.convert('RGB')."
        ) from error


def _file_of(image: Image.Image) -> bytes:
    """Return the whole file of a picture that could not be loaded; empty where it is closed."""
    file: Any = getattr(image, "fp", None)
    try:
        file.seek(0)
        data = file.read()
    except (AttributeError, OSError, ValueError):
        return b""
    return data if isinstance(data, bytes) else b""


def _is_closed(image: ImageFile.ImageFile) -> bool:
    """Whether the file of a picture that could not be loaded is closed."""
    return image.fp is None or bool(getattr(image.fp, "closed", False))


def _head_of(image: Image.Image) -> bytes:
    """Return the beginning of a picture's file where it is still open, or what is known of it.

    Loading a picture closes most files.
    """
    file: Any = getattr(image, "fp", None)
    try:
        at = file.tell()
        file.seek(0)
        head = file.read(_HEAD)
        file.seek(at)
        if isinstance(head, bytes) and (format_of(head) or "").upper() == image.format:
            return head
    except (AttributeError, OSError, ValueError):
        pass
    return b"BM" if image.format == "BMP" else chunks_of(image.info)


def _was_sideways(image: Image.Image) -> bool:
    """Whether Pillow turns a TIFF on its side when it loads it, or did so; its resolution stays as it was."""
    if image.format != "TIFF":
        return False
    if getattr(image, "tag_v2", {}).get(ExifTags.Base.Orientation) in (5, 6, 7, 8):
        return True
    stored = getattr(image, "_tile_size", image.size)
    return bool(stored == image.size[::-1] and stored != image.size)


def _clear_colour(source: Image.Image, head: bytes) -> Any:
    """Return the colour that a picture declares transparent as its pixels have it.

    A PNG's samples of 2, 4 and 16 bits became others, but not that colour. Where its file is closed it is told by what
    no 8-bit picture has.
    """
    colour = source.info["transparency"]
    if source.format != "PNG":
        return colour
    if head[12:16] == b"IHDR" and len(head) > 25:
        return clear_colour(colour, head[24], head[25])
    if isinstance(colour, tuple) and source.mode == "RGB" and max(colour) > 255:
        return clear_colour(colour, 16, 2)
    if isinstance(colour, int) and source.mode == "L" and colour < 16:
        values = np.flatnonzero(source.histogram())
        for depth in (2, 4):
            if colour < 1 << depth and not (values % (255 // ((1 << depth) - 1))).any():
                return clear_colour(colour, depth, 0)
    return colour
