"""The format that a file claims to have, from its first bytes.

Pillow raises the same error for a file that is not an image, an image without a size and one that ends early. These
need different messages, so the signatures are read here as well.
"""

import struct

# Signatures: PNG (W3C PNG 3, 5.2), JPEG (ITU T.81, SOI marker), GIF89a, RIFF/WEBP, TIFF 6.0, BMP, PSD, ISO-BMFF (HEIF).
_SIGNATURES: list[tuple[int, bytes, str]] = [
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"GIF87a", "GIF"),
    (0, b"GIF89a", "GIF"),
    (8, b"WEBP", "WebP"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"BM", "BMP"),
    (4, b"ftypavif", "AVIF"),
    (4, b"ftypavis", "AVIF"),
    (4, b"ftypheic", "HEIC"),
    (4, b"ftypheix", "HEIC"),
    (4, b"ftypmif1", "HEIC"),
]


def format_of(data: bytes) -> str | None:
    """Return the format whose signature a file begins with (``"PNG"``, ``"JPEG"``, …), or None for an unknown one."""
    for offset, signature, name in _SIGNATURES:
        if data[offset : offset + len(signature)] == signature:
            return name
    return None


def claims_no_size(data: bytes) -> bool:
    """Return whether the header of a PNG, GIF or BMP states a width or height of 0."""
    match format_of(data):
        case "PNG" if len(data) >= 24:
            return 0 in struct.unpack(">II", data[16:24])
        case "GIF" if len(data) >= 10:
            return 0 in struct.unpack("<HH", data[6:10])
        case "BMP" if len(data) >= 26:
            return 0 in struct.unpack("<ii", data[18:26])
    return False
