"""How the camera was held: the orientation that browsers heed, and no other.

Chromium 156 turns a JPEG by the EXIF block in it and a PNG by an eXIf chunk before the pixels, where the value is one
unsigned 16-bit number; it heeds neither XMP, nor EXIF in a WebP, nor a value of another type.
"""

import struct

from PIL import Image

_TAG = 0x0112  # EXIF 2.32, 4.6.4 A
_SHORT = 3

_UPRIGHT: dict[int | None, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings a picture upright, by orientation."""

_SIDEWAYS = (5, 6, 7, 8)
"""Orientations that swap width and height."""


def load_upright(source: Image.Image) -> tuple[Image.Image, bool]:
    """Load a picture as it is seen.

    Args:
        source: a file that is open but not loaded, or a picture of a program. Loading a PNG also reads the chunks
            behind its pixels, which do not count.

    Returns:
        The picture, and whether its width and height were swapped.
    """
    if source.format == "TIFF":  # Pillow turns it by itself, by XMP too where that is left
        orientation = getattr(source, "tag_v2", {}).get(_TAG)
        source.info.pop("xmp", None)
        source.load()
        return source, orientation in _SIDEWAYS
    orientation = orientation_of(source)
    source.load()
    turn = _UPRIGHT.get(orientation)
    return (source if turn is None else source.transpose(turn)), orientation in _SIDEWAYS


def upright_size(source: Image.Image) -> tuple[int, int]:
    """Return width and height of a picture as it is seen; it is open but not loaded."""
    orientation = getattr(source, "tag_v2", {}).get(_TAG) if source.format == "TIFF" else orientation_of(source)
    return source.size[::-1] if orientation in _SIDEWAYS else source.size


def orientation_of(source: Image.Image) -> int | None:
    """Return the orientation of a picture that is open but not loaded, 1 to 8; None where none counts."""
    # Pillow gives an AVIF's own rotation as EXIF.
    has_orientation = source.format in ("JPEG", "MPO", "PNG", "AVIF", None)
    return _read(source.info.get("exif")) if has_orientation else None


def side_of_last_row(source: Image.Image) -> str:
    """Return where the last row of a file is once its picture is upright; the picture is open but not loaded."""
    sides = {3: "top", 4: "top", 5: "right", 6: "left", 7: "left", 8: "right"}
    return sides.get(orientation_of(source) or 1, "bottom")


def _read(block: object) -> int | None:
    """Read the orientation of an EXIF block; None where there is none or it is broken."""
    if not isinstance(block, bytes):
        return None
    block = block.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return None
    try:
        (start,) = struct.unpack_from(order + "I", block, 4)
        (entries,) = struct.unpack_from(order + "H", block, start)
        for index in range(entries):
            tag, kind, count, value = struct.unpack_from(order + "HHIH", block, start + 2 + 12 * index)
            if tag == _TAG and (kind, count) == (_SHORT, 1):
                return int(value)
    except struct.error:
        pass
    return None
