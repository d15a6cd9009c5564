"""Write TIFF files of images that are never whole in memory (TIFF 6.0). Pyodide's Pillow has no Deflate for them."""

import struct
import zlib
from fractions import Fraction

import numpy as np

from offcut.codecs.png_writer import ROWS, StripImage

_SHORT, _LONG, _RATIONAL, _UNDEFINED = 3, 4, 5, 7
"""Types of values, as the file numbers them."""

_FORMS = {_SHORT: "H", _LONG: "I", _RATIONAL: "I", _UNDEFINED: "B"}

_FINEST = 10_000
"""Largest denominator of a resolution."""


def write_tiff(
    strips: StripImage, level: int, *, icc_profile: bytes | None = None, dpi: tuple[float, float] | None = None
) -> bytes:
    """Return the bytes of a TIFF file, compressed with Deflate; an alpha is straight.

    Args:
        strips: the image.
        level: of the compression, 0 to 9.
        icc_profile: its colour profile.
        dpi: its resolution in pixels per inch.
    """
    width, height = strips.size
    channels = len(strips.mode)
    packed = [_packed(strips, top, min(top + ROWS, height), level) for top in range(0, height, ROWS)]
    places = [8]
    for strip in packed:
        places.append(places[-1] + len(strip))
    tags: dict[int, tuple[int, list[int] | bytes]] = {
        256: (_LONG, [width]),
        257: (_LONG, [height]),
        258: (_SHORT, [8] * channels),
        259: (_SHORT, [8]),  # Deflate
        262: (_SHORT, [1 if channels == 1 else 2]),  # grey, with black as 0, or RGB
        273: (_LONG, places[:-1]),
        277: (_SHORT, [channels]),
        278: (_LONG, [ROWS]),
        279: (_LONG, [len(strip) for strip in packed]),
        284: (_SHORT, [1]),  # all channels of a pixel together
        317: (_SHORT, [2]),  # differences of neighbours
    }
    if channels == 4:
        tags[338] = (_SHORT, [2])  # the fourth is an alpha, and the colours are not premultiplied
    if dpi:
        tags |= {282: _ratio(dpi[0]), 283: _ratio(dpi[1]), 296: (_SHORT, [2])}  # inches
    if icc_profile:
        tags[34675] = (_UNDEFINED, icc_profile)
    end = places[-1] + places[-1] % 2  # lists of tags begin at even places
    padding = bytes(end - places[-1])
    return b"".join([b"II*\0", struct.pack("<I", end), *packed, padding, _listed(tags, end)])


def _packed(strips: StripImage, top: int, bottom: int, level: int) -> bytes:
    """Return rows, compressed: of each sample its difference from that of the pixel before (TIFF 6.0, 14)."""
    rows = strips.rows(top, bottom).reshape(bottom - top, strips.size[0], -1)
    differences = rows.copy()
    differences[:, 1:] -= rows[:, :-1]
    packer = zlib.compressobj(level, zlib.DEFLATED, 15, 9, zlib.Z_FILTERED)
    return packer.compress(np.ascontiguousarray(differences).data) + packer.flush()


def _ratio(value: float) -> tuple[int, list[int]]:
    ratio = Fraction(value).limit_denominator(_FINEST)
    return _RATIONAL, [ratio.numerator, ratio.denominator]


def _listed(tags: dict[int, tuple[int, list[int] | bytes]], at: int) -> bytes:
    """Return the list of tags for a place in the file, with the values that are too long for it behind it."""
    behind = at + 2 + 12 * len(tags) + 4
    entries, others = [], b""
    for tag, (kind, values) in sorted(tags.items()):
        count = len(values) // 2 if kind == _RATIONAL else len(values)
        content = struct.pack(f"<{len(values)}{_FORMS[kind]}", *values)
        if len(content) > 4:
            others += bytes(len(others) % 2)
            place = struct.pack("<I", behind + len(others))
            others += content
        else:
            place = content.ljust(4, b"\0")
        entries.append(struct.pack("<HHI", tag, kind, count) + place)
    return struct.pack("<H", len(tags)) + b"".join(entries) + bytes(4) + others
