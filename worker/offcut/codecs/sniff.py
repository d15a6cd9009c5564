"""What kind of file some bytes are, from their beginning.

Pillow raises the same error for a file that is not an image, an image without a size and one that ends early. These
need different messages, so the signatures are read here as well.
"""

import re
import struct

# Signatures: PNG (W3C PNG 3, 5.2), JPEG (ITU T.81, SOI marker), GIF89a, RIFF/WEBP, TIFF 6.0 and BigTIFF, BMP.
_SIGNATURES: list[tuple[int, bytes, str]] = [
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"GIF87a", "GIF"),
    (0, b"GIF89a", "GIF"),
    (8, b"WEBP", "WebP"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"II+\0", "TIFF"),
    (0, b"MM\0+", "TIFF"),
    (0, b"BM", "BMP"),
]

# Brands of ISO base media files (ISO 14496-12): the major one, or else any compatible one, decides.
# HEIF: ISO 23008-12; hevm, hevs, heim and heis are the layered kinds, msf1, hevc and hevx sequences.
_BRANDS: dict[bytes, str] = {
    **dict.fromkeys((b"avif", b"avis", b"avio", b"MA1A", b"MA1B"), "AVIF"),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"heif"), "HEIC"),
    **dict.fromkeys((b"vvic", b"vvis", b"evbi", b"evbs", b"jpeg", b"jpgs", b"j2ki", b"j2is"), "HEIC"),
    b"crx ": "raw",
    b"jxl ": "JPEG XL",
    **dict.fromkeys((b"jp2 ", b"jpx ", b"jph ", b"jpm "), "JPEG 2000"),
}
_GENERIC = (b"mif1", b"mif2", b"mif3", b"msf1", b"miaf", b"1pic", b"geo1", b"unif", b"tmap")
"""Brands of HEIF that do not say how the picture is compressed."""

_SOUND = (b"M4A ", b"M4B ", b"M4P ", b"F4A ")

# Files that are not read here, by what people call them. Offsets are from the file's documentation or file(1)'s magic.
_OTHERS: list[tuple[int, bytes, str]] = [
    (0, b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
    (0, b"\xff\x0a", "JPEG XL"),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
    (0, b"\xff\x4f\xff\x51", "JPEG 2000"),
    (0, b"8BPS", "Photoshop"),
    (0, b"gimp xcf", "GIMP"),
    (0, b"icns", "icon"),
    (8, b"ACON", "icon"),  # a moving cursor
    (0, b"v/1\1", "OpenEXR"),
    (0, b"#?RADIANCE", "Radiance HDR"),
    (0, b"#?RGBE", "Radiance HDR"),
    (0, b"DDS ", "DDS"),
    (0, b"\xabKTX ", "KTX"),
    (0, b"\x13\xab\xa1\x5c", "ASTC"),
    (0, b"\1\xda\0", "SGI"),
    (0, b"\1\xda\1", "SGI"),
    (0, b"\x59\xa6\x6a\x95", "Sun Raster"),
    (0, b"farbfeld", "farbfeld"),
    (0, b"\x8aMNG\r\n\x1a\n", "MNG"),
    (0, b"\x8bJNG\r\n\x1a\n", "JNG"),
    (0, b"\x97JB2\r\n\x1a\n", "JBIG2"),
    (0, b"PDN3", "Paint.NET"),
    (8, b"CDR", "CorelDRAW"),
    (0, b"CSFCHUNK", "Clip Studio"),
    (0, b"/* XPM */", "XPM"),
    (0, b"SDPX", "DPX"),
    (0, b"XPDS", "DPX"),
    (0, b"BLP1", "BLP"),
    (0, b"BLP2", "BLP"),
    (0, b"qoif", "QOI"),
    (0, b"BPG\xfb", "BPG"),
    (0, b"FLIF", "FLIF"),
    (0, b"SIMPLE  =", "FITS"),
    (128, b"DICM", "DICOM"),
    (0, b"AT&TFORM", "DjVu"),
    (40, b" EMF", "EMF"),
    (0, b"\xd7\xcd\xc6\x9a", "WMF"),
    (0, b"II\xbc\1", "JPEG XR"),
    (0, b"%PDF-", "pdf"),
    (0, b"%!PS", "PostScript"),
    (0, b"\xc5\xd0\xd3\xc6", "PostScript"),
    (0, b"FUJIFILMCCD-RAW", "raw"),
    (0, b"IIRO", "raw"),  # Olympus
    (0, b"IIRS", "raw"),
    (0, b"MMOR", "raw"),
    (0, b"IIU\0", "raw"),  # Panasonic
    (0, b"FOVb", "raw"),  # Sigma
    (0, b"\0MRM", "raw"),  # Minolta
    (6, b"HEAPCCDR", "raw"),  # Canon's CRW
    (0, b"\x1a\x45\xdf\xa3", "video"),  # Matroska, WebM
    (0, b"\0\0\1\xba", "video"),
    (0, b"\0\0\1\xb3", "video"),
    (0, b"FLV\1", "video"),
    (8, b"AVI ", "video"),
    (0, b"0&\xb2u\x8ef\xcf\x11", "video"),  # Windows Media
    (0, b"ID3", "sound"),
    (8, b"WAVE", "sound"),
    (0, b"OggS", "sound"),
    (0, b"fLaC", "sound"),
    (0, b"PK\3\4", "archive"),
    (0, b"Rar!", "archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "archive"),
    (0, b"\x1f\x8b", "archive"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "archive"),  # an old document of an office program
]

_MARKUP = 1024
"""Bytes in which the first element of a drawing or a web page is looked for."""

_PREFIX = 1024
"""Bytes that may stand before a picture's signature: line breaks of a faulty script, headers of a stream."""


def format_of(data: bytes) -> str | None:
    """Return the format whose signature a file begins with (``"PNG"``, ``"JPEG"``, …), or None for an unknown one."""
    for offset, signature, name in _SIGNATURES:
        if data[offset : offset + len(signature)] == signature:
            return name
    kind = _brand_of(data)
    return kind if kind in ("AVIF", "HEIC") else None


def other_kind_of(data: bytes) -> str | None:
    """Return what a file is that is no picture of a format read here.

    Returns:
        ``"drawing"``, ``"page"`` (of the web), ``"pdf"``, ``"raw"``, ``"video"``, ``"sound"``, ``"archive"``, the name
        of a format of pictures such as ``"JPEG XL"``, or None where the file is not known.
    """
    for offset, signature, name in _OTHERS:
        if data[offset : offset + len(signature)] == signature:
            return name
    if data[4:8] == b"ftyp":
        return _brand_of(data) or ("sound" if data[8:12] in _SOUND else "video")
    if data[4:8] in (b"moov", b"mdat", b"wide", b"pnot"):  # QuickTime from before it had brands
        return "video"
    if _is_icon(data):
        return "icon"
    start = data[:_MARKUP].replace(b"\0", b"").lower()  # also in UTF-16
    if b"<svg" in start:
        return "drawing"
    if re.match(rb"[\xef\xbb\xbf\xff\xfe\s]*<(!doctype html|html|head|body|script)", start):
        return "page"
    if named := re.match(rb"P([1-7])[\s#]|P[Ff][\r\n]", data[:3]):
        return {b"1": "PBM", b"4": "PBM", b"2": "PGM", b"5": "PGM", b"7": "PAM", None: "PFM"}.get(named.group(1), "PPM")
    if re.match(rb"#define [\w.-]*width \d", data[:80]):
        return "XBM"
    if re.match(rb"\n[\0\2-\5][\0\1][\1\2\4\x08]", data[:4]) and len(data) >= 128:
        return "PCX"
    return "TGA" if _is_targa(data) else None


def _is_icon(data: bytes) -> bool:
    """Whether a file is an icon or a cursor: it lists at least one picture, which stands behind the list."""
    kind, count = data[:4], int.from_bytes(data[4:6], "little")
    if kind not in (b"\0\0\1\0", b"\0\0\2\0") or not count or len(data) < 22:
        return False
    return data[9] == 0 and int.from_bytes(data[18:22], "little") >= 6 + 16 * count


def _is_targa(data: bytes) -> bool:
    """Whether a file is a TGA: it has a signature at its end, or, in old ones, a header that makes sense (TGA 2.0)."""
    if data[-18:] == b"TRUEVISION-XFILE.\0":
        return True
    if len(data) < 18:
        return False
    has_palette, kind = data[1], data[2]
    width, height, bits, flags = struct.unpack_from("<HHBB", data, 12)
    palette = struct.unpack_from("<HHB", data, 3)
    if not (width and height) or flags & 0xC0 or kind not in (1, 2, 3, 9, 10, 11):
        return False
    if kind in (1, 9):
        return has_palette == 1 and bits in (8, 16) and palette[1] > 0 and palette[2] in (15, 16, 24, 32)
    return has_palette == 0 and palette[1:] == (0, 0) and bits in ((8, 16) if kind in (3, 11) else (15, 16, 24, 32))


def rare_jpeg(data: bytes) -> str | None:
    """Return what a JPEG is of which neither browsers nor Pillow show anything: ``"12-bit JPEG"``; None for others."""
    at = 2
    while found := re.compile(rb"\xff([\xc0-\xfe])").search(data, at):
        marker, at = found.group(1)[0], found.end()
        if marker == 0xD8 or 0xD0 <= marker <= 0xD7:
            continue
        if marker == 0xF7:
            return "JPEG-LS"
        if marker in (0xD9, 0xDA) or len(data) < at + 8:
            return None
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            bits, channels = data[at + 2], data[at + 7]
            if marker & 3 == 3:
                return "lossless JPEG"
            if marker in (0xC5, 0xC6, 0xCD, 0xCE):
                return "hierarchical JPEG"
            if bits == 12:
                return "12-bit JPEG"
            return None if channels in (1, 3, 4) else f"JPEG of {channels} channels"
        at += int.from_bytes(data[at : at + 2], "big")
    return None


def without_prefix(data: bytes) -> bytes:
    """Return a file from its JPEG or PNG signature on, where other bytes stand before it and mean nothing."""
    if format_of(data) or other_kind_of(data):
        return data
    start = re.search(rb"\xff\xd8\xff[\xc0-\xfe]|\x89PNG\r\n\x1a\n", data[: _PREFIX + 8])
    return data[start.start() :] if start else data


def claims_no_size(data: bytes) -> bool:
    """Return whether the header of a PNG, GIF or BMP states a width or height of 0."""
    match format_of(data):
        case "PNG" if len(data) >= 24 and data[12:16] == b"IHDR":
            return 0 in struct.unpack(">II", data[16:24])
        case "GIF" if len(data) >= 10:
            return 0 in struct.unpack("<HH", data[6:10])
        case "BMP" if len(data) >= 26:
            return 0 in struct.unpack("<ii", data[18:26])
    return False


def _brand_of(data: bytes) -> str | None:
    """What the brands of an ISO base media file say it is; None for other files and unknown brands."""
    if data[4:8] != b"ftyp":
        return None
    size = min(max(int.from_bytes(data[:4], "big"), 12), 4096, len(data))
    major, *others = [data[8:12], *(data[at : at + 4] for at in range(16, size - 3, 4))]
    if major in _BRANDS:
        return _BRANDS[major]
    if major not in _GENERIC and not any(brand in _GENERIC for brand in others):
        return None
    return next((_BRANDS[brand] for brand in others if brand in _BRANDS), "HEIC")
