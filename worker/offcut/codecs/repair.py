"""Mend files that other programs show although they are not quite whole.

A JPEG without its end marker, a PNG with a wrong checksum or a huge comment, a WebP whose header does not fit, a
download that broke off near its end: Pillow refuses them, browsers show them. `mend` is only asked about files that
Pillow has refused.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from offcut.codecs.boxes import length_of_boxes
from offcut.codecs.refusals import ends_early
from offcut.codecs.sniff import format_of
from offcut.errors import TruncatedImageError


@dataclass(frozen=True)
class Mended:
    """Another version of a file, for Pillow to read."""

    data: bytes
    """The file."""

    probe: bytes | None = None
    """The same file with other bytes in place of what is missing: from the first row that differs on, rows are missing.
    None where `share` is known."""

    share: float = 1.0
    """Which part of the rows, from the top, is there: 0 to 1. Less than 1 tells that something is missing. With a probe
    it is what is there at least, even if only less sharp."""


_NEARLY = 0.999
"""The share of a file that is there from top to bottom and still lacks something."""


_GREY = 0x80


UNWRITTEN = 256
"""So many zeros at the end of a compressed picture are a place that was never written."""

LEAST_SHARE = 0.5
"""Which part of a photo's rows must be there, 0 to 1; files that end earlier are not filled up, but refused."""


def mend(data: bytes, max_pixels: int) -> Mended | None:
    """Return a version of a file that Pillow may be able to read; None where there is nothing to mend.

    Args:
        data: the file.
        max_pixels: files that claim more pixels are not mended.
    """
    menders: dict[str | None, Callable[[bytes, int], Mended | None]] = {
        "JPEG": _mend_jpeg,
        "PNG": _mend_png,
        "WebP": _mend_webp,
        "GIF": _mend_gif,
        "BMP": _mend_bmp,
    }
    mender = menders.get(format_of(data))
    try:
        return mender and mender(data, max_pixels)
    except (
        struct.error,
        IndexError,
        KeyError,
        ValueError,
        ArithmeticError,
    ):  # too short, or too much damaged, to be taken apart
        return None


def cut_short(data: bytes) -> TruncatedImageError | None:
    """Return the error for a file that ends before the end that it states; None where it does not, or is not known."""
    match format_of(data):
        case "WebP" if len(data) >= 8:
            stated = 8 + int.from_bytes(data[4:8], "little")
            return ends_early("WebP", len(data) / stated) if len(data) < stated else None
        case "PNG" if b"IEND" not in data[-1024:]:
            return ends_early("PNG") if all(not is_right for *_, is_right in list(png_chunks(data))[-1:]) else None
        case "JPEG" if b"\xff\xd9" not in data:
            return ends_early("JPEG")
        case "GIF" if b";" not in data[-1024:]:
            return ends_early("GIF")
        case "BMP" if len(data) < 26:
            return ends_early("BMP")
        case "AVIF" | "HEIC" as kind if (stated := length_of_boxes(data)) > len(data):
            return ends_early(kind, len(data) / stated)
    return None


# JPEG (ITU T.81)

JUNK = bytes(range(1, 200)) * 4
"""What is put in place of missing picture data; any bytes would do that are no marker."""

_KEPT_SEGMENTS = {0xE0: b"JFIF", 0xE1: b"Exif", 0xE2: b"ICC_PROFILE", 0xEE: b"Adobe"}


def _mend_jpeg(data: bytes, max_pixels: int) -> Mended | None:
    """Drop segments that say nothing about the pixels, end a file that does not end, and find out its height."""
    split = _first_scan(data)
    if split is None:
        return None
    head, rest = split
    head = _with_height(head, rest)
    if b"\xff\xd9" in rest:
        return Mended(head + rest)
    cut = head + rest.rstrip(b"\xff")
    is_coarse_whole = b"\xff\xc2" in head and rest.count(b"\xff\xda") > 1
    # A progressive file whose first scan is whole: all of the photo is there, only less sharp.
    return Mended(cut + b"\xff\xd9", cut + _other_end(rest) + b"\xff\xd9", _NEARLY if is_coarse_whole else 0)


def doubt(data: bytes, max_pixels: int) -> Mended | None:
    """Return a JPEG with the probe that tells whether it has all its rows, or a PNG without some; None for other files.

    Decoders fill up a picture that ends before the last of the rows that its header states, without a word.
    """
    if format_of(data) in ("PNG", "WebP"):
        mended = mend(data, max_pixels) if format_of(data) == "WebP" or _is_short(data) else None
        return mended if mended and mended.share < 1 else None
    split = _first_scan(data) if format_of(data) == "JPEG" else None
    if split is None or (end := split[1].find(b"\xff\xd9")) < 0:
        return None
    head, rest = split
    return Mended(data, head + rest[:end] + _other_end(rest[:end]) + rest[end:], 0)


def _other_end(scans: bytes) -> bytes:
    """Return what makes a JPEG's missing rows differ: behind a restart marker too, where rows have one each."""
    last = scans.rfind(b"\xff", 0, -1)
    while last >= 0 and not 0xD0 <= scans[last + 1] <= 0xD7:
        last = scans.rfind(b"\xff", 0, last)
    following = 0 if last < 0 else (scans[last + 1] + 1) % 8
    return JUNK + b"\xff" + bytes([0xD0 + following]) + JUNK


def _first_scan(data: bytes) -> tuple[bytes, bytes] | None:
    """Return what stands before the first scan and says something about the pixels, and all from there on."""
    parts, at = [b"\xff\xd8"], 2
    while True:
        start = re.compile(rb"\xff([\xc0-\xfe])").search(data, at)
        if start is None:
            return None
        marker, at = start.group(1)[0], start.end()
        if marker in (0xD8, 0xD9) or 0xD0 <= marker <= 0xD7:
            continue
        if marker == 0xDA:
            return b"".join(parts), data[start.start() :]
        end = at + struct.unpack_from(">H", data, at)[0]
        body = data[at:end]
        if marker < 0xE0 or (marker in _KEPT_SEGMENTS and body[2:].startswith(_KEPT_SEGMENTS[marker])):
            parts.append(b"\xff" + bytes([marker]) + body)
        at = end


def _with_height(head: bytes, rest: bytes) -> bytes:
    """Return the segments before the scan with the number of rows that some scanners state behind it (DNL, B.2.5)."""
    stated = re.search(rb"\xff\xdc\x00\x04(..)", rest, re.DOTALL)
    frame = re.search(rb"\xff[\xc0-\xc3\xc9-\xcb]\0[\x0b-\x14]\x08(\0\0)", head)
    if stated is None or frame is None:
        return head
    return head[: frame.start(1)] + stated.group(1) + head[frame.end(1) :]


# PNG (W3C PNG 3)

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEPT_CHUNKS = (b"tRNS", b"gAMA", b"cHRM", b"iCCP", b"sRGB", b"cICP", b"pHYs", b"eXIf", b"acTL", b"fcTL")
PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""Of an interlaced picture: left, top, step across and step down."""

_MAX_PROFILE = 1_000_000
"""Bytes of a profile, decompressed; Pillow refuses larger ones. Profiles of photos have a few thousand."""

_STEP = 512
"""Bytes that are decompressed at a time, so that little is lost at a damaged place."""


def _mend_png(data: bytes, max_pixels: int) -> Mended | None:
    """Drop what says nothing about the picture or has a wrong checksum, and fill up pixels that are missing."""
    chunks: list[tuple[bytes, bytes]] = []
    packed = bytearray()
    for kind, body, is_right in png_chunks(data):
        if kind == b"IDAT":
            packed += body
        elif kind in (b"IHDR", b"PLTE") or (is_right and not packed and _is_wanted(kind, body)):
            chunks.append((kind, body))
    if not chunks or chunks[0][0] != b"IHDR" or not packed:
        return None
    filled = _filled_up(packed, chunks[0][1], max_pixels)
    if filled is None:
        return None
    rows, share = filled
    parts = [chunk(*one) for one in chunks] + [chunk(b"IDAT", rows), chunk(b"IEND", b"")]
    return Mended(SIGNATURE + b"".join(parts), share=share)


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bool]]:
    """Yield type and contents of each chunk, the last one perhaps cut off, and whether its checksum is right."""
    at = len(SIGNATURE)
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if not kind.isalpha():
            return
        body, checksum = data[at + 8 : at + 8 + length], data[at + 8 + length : at + 12 + length]
        yield kind, body, checksum == struct.pack(">I", zlib.crc32(body, zlib.crc32(kind)))
        at += length + 12


def _is_wanted(kind: bytes, body: bytes) -> bool:
    """Whether an ancillary chunk says something about the pixels; a profile must be no larger than `_MAX_PROFILE`."""
    if kind != b"iCCP":
        return kind in _KEPT_CHUNKS
    try:
        return len(zlib.decompressobj().decompress(body[body.index(0) + 2 :], _MAX_PROFILE + 1)) <= _MAX_PROFILE
    except (ValueError, zlib.error):
        return False


def _filled_up(packed: bytearray, header: bytes, max_pixels: int) -> tuple[bytes, float] | None:
    """Fill up the compressed rows of a PNG with grey ones where some are missing.

    Args:
        packed: what all IDAT chunks hold.
        header: what IHDR holds.
        max_pixels: of the picture.

    Returns:
        The complete compressed rows, and which part of them was there; None where that cannot be told.
    """
    width, height, depth, colour = struct.unpack(">IIBB", header[:10])
    if width * height > max_pixels:
        return None
    bits, line, whole = _layout(header)
    if header[12]:
        rows, is_right = inflated(packed, whole)
        # The last pass has every second row: where it is not whole, the picture is full of gaps.
        return (zlib.compress(rows, 1), 1.0 if is_right else _NEARLY) if len(rows) >= whole else None
    rows, is_right = inflated(packed, line * height)
    there = min(len(rows) // line, height)
    there = next((row for row in range(there) if rows[row * line] > 4), there)  # there are five filters
    if there == height:
        return zlib.compress(rows[: height * line], 1), 1.0 if is_right else _NEARLY
    if there / height < LEAST_SHARE:
        return b"", there / height
    pixel = bytes([_GREY] * (bits // 8)) if colour != 3 and depth >= 8 else b"\0"
    if colour in (4, 6) and depth >= 8:
        pixel = pixel[: -(depth // 8)] + b"\xff" * (depth // 8)
    grey = b"\0" + (pixel * (line // len(pixel) + 1))[: line - 1]
    return zlib.compress(rows[: there * line] + grey * (height - there), 1), there / height


def _layout(header: bytes) -> tuple[int, int, int]:
    """Return the bits of a pixel, the bytes of a row with its filter, and those of all rows, of what IHDR holds."""
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header[:13])
    bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    line = 1 + (width * bits + 7) // 8
    if not interlaced:
        return bits, line, line * height
    whole = 0
    for left, top, across, down in PASSES:
        columns, lines = -(-max(width - left, 0) // across), -(-max(height - top, 0) // down)
        whole += lines * (1 + (columns * bits + 7) // 8) * bool(columns)
    return bits, line, whole


def _is_short(data: bytes) -> bool:
    """Whether a PNG has fewer bytes of pixels than its header states, or they do not end there."""
    stream, length = zlib.decompressobj(), 0
    try:
        chunks = list(png_chunks(data))
        whole = _layout(chunks[0][1])[2]
        for kind, body, _ in chunks:
            packed = body if kind == b"IDAT" else b""
            while packed and length <= whole:
                length += len(stream.decompress(packed, 1 << 20))
                packed = stream.unconsumed_tail
    except zlib.error:
        return True
    except (struct.error, IndexError, KeyError):
        return False
    return length != whole or not stream.eof


def inflated(packed: bytes | bytearray, whole: int) -> tuple[bytes, bool]:
    """Decompress a zlib stream as far as it goes and `whole` bytes need, and tell whether its checksum is right."""
    stream = zlib.decompressobj(-15)
    parts, length, at = [], 0, 0
    for at in range(2, len(packed), _STEP):
        try:
            parts.append(stream.decompress(packed[at : at + _STEP], max(whole - length, 0) + 1))
        except zlib.error:
            break
        length += len(parts[-1])
        if length > whole or stream.eof:
            break
    rows = b"".join(parts)
    checksum = stream.unused_data[:4] + packed[at + _STEP : at + _STEP + 4]
    return rows, checksum[:4] == struct.pack(">I", zlib.adler32(rows))


def chunk(kind: bytes, body: bytes) -> bytes:
    """The bytes of a chunk: length, type, contents and checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(body, zlib.crc32(kind)))


# WebP (RFC 9649)


def _mend_webp(data: bytes, max_pixels: int) -> Mended | None:
    """Write the container again around the first picture, with the flags and the length that fit."""
    found: dict[bytes, bytes] = {}
    missing = 0
    for kind, body, absent in _riff_chunks(data[12:]):
        if kind == b"ANMF":  # only the first frame, as for every animation
            found.update((kind, body) for kind, body, _ in _riff_chunks(body[16:]) if kind not in found)
            missing = max(missing, absent)
            if b"VP8 " in found or b"VP8L" in found:
                break
        elif kind in (b"VP8 ", b"VP8L", b"ALPH", b"ICCP", b"EXIF"):
            found.setdefault(kind, body)
            missing = max(missing, absent if kind in (b"VP8 ", b"VP8L") else 0)
    picture = found.get(b"VP8 ") or found.get(b"VP8L")
    if picture is None:
        return None
    zeros = len(picture) - len(picture.rstrip(b"\0"))
    if zeros >= UNWRITTEN:  # where a download was to go on
        found[b"VP8 " if b"VP8 " in found else b"VP8L"] = picture = picture[:-zeros]
        missing += zeros
    if missing > len(picture):
        return Mended(data, share=len(picture) / (len(picture) + missing))
    if b"VP8 " in found:
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", picture, 6))
        is_transparent = b"ALPH" in found
    else:
        bits = struct.unpack_from("<I", picture, 1)[0]
        width, height, is_transparent = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1)
    if width * height > max_pixels:
        return None
    # Bits that make no sense may be used up faster than those that are missing.
    lack = missing + width * height // 2 + 4096
    flags = 32 * (b"ICCP" in found) | 16 * is_transparent | 8 * (b"EXIF" in found)
    extended = struct.pack("<B3x", flags) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")

    def file(filling: bytes) -> bytes:
        parts = [(b"VP8X", extended)]
        for kind in (b"ICCP", b"ALPH", b"VP8 ", b"VP8L", b"EXIF"):
            if kind in found and not (kind == b"ALPH" and b"VP8 " not in found):
                is_cut = missing and kind in (b"VP8 ", b"VP8L")
                parts.append((kind, found[kind] + filling * (lack // len(filling) + 1) * bool(is_cut)))
        packed = b"".join(k + struct.pack("<I", len(b)) + b + bytes(len(b) % 2) for k, b in parts)
        return b"RIFF" + struct.pack("<I", len(packed) + 4) + b"WEBP" + packed

    return Mended(file(b"\0"), file(JUNK) if missing else None, 0 if missing else 1)


def _riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """Yield type and contents of each chunk, and how many bytes of it are missing."""
    at = 0
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        body = data[at + 8 : at + 8 + length]
        yield kind, body, length - len(body)
        at += 8 + length + length % 2


# GIF89a

_MAX_CODES = 2_000_000
"""Bytes of a picture's codes, which are counted in Python; longer ones are not mended."""


def _mend_gif(data: bytes, max_pixels: int) -> Mended | None:
    """Give a GIF that ends in its first picture enough more codes to fill it."""
    flags = data[10]
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    while data[at] == 0x21:  # an extension: a label, then blocks until an empty one
        at += 2
        while data[at]:
            at += 1 + data[at]
        at += 1
    if data[at] != 0x2C:
        return None
    width, height, flags = struct.unpack_from("<HHB", data, at + 5)
    at += 10 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    codes, block = bytearray(), at + 1
    while block < len(data) and data[block]:
        codes += data[block + 1 : block + 1 + data[block]]
        block += 1 + data[block]
    if width * height > max_pixels or len(codes) > _MAX_CODES:
        return None
    share = _gif_pixels(codes, data[at], width * height) // width / height
    if share >= 1:
        return None  # the picture is whole, so it is something else
    if share < LEAST_SHARE:
        return Mended(data, share=share)
    # Zeros are codes for the first colour: at most 12 bits for each pixel.
    codes += bytes(width * height * 3 // 2)
    blocks = b"".join(bytes([len(codes[i : i + 255])]) + codes[i : i + 255] for i in range(0, len(codes), 255))
    return Mended(data[: at + 1] + blocks + b"\0;", share=share)


def _gif_pixels(codes: bytearray, first_size: int, enough: int) -> int:
    """How many pixels, up to about `enough`, LZW codes stand for (GIF89a, F); `first_size` is the bits of a colour."""
    clear, size = 1 << first_size, first_size + 1
    lengths, before, total, bits, held = [1] * clear + [0, 0], 0, 0, 0, 0
    for byte in codes:
        bits, held = bits | byte << held, held + 8
        while held >= size:
            code, bits, held = bits & (1 << size) - 1, bits >> size, held - size
            if code == clear:
                del lengths[clear + 2 :]
                size, before = first_size + 1, 0
                continue
            if code == clear + 1 or code > len(lengths) or (code == len(lengths) and not before):
                return total
            if before and len(lengths) < 4096:
                lengths.append(before + 1)
                if len(lengths) == 1 << size and size < 12:
                    size += 1
            before = lengths[code]
            total += before
        if total >= enough:
            break
    return total


# BMP


def _mend_bmp(data: bytes, max_pixels: int) -> Mended | None:
    """Fill up a BMP that ends early with grey. Its first row is the lowest one, except where its height is negative."""
    start, header, width, height, _, bits, packing = struct.unpack_from("<IIiiHHI", data, 10)
    if header < 40 or packing not in (0, 3, 6):
        return None
    line = (width * bits + 31) // 32 * 4
    wanted = start + line * abs(height)
    if len(data) >= wanted:
        return None
    share = max(0, len(data) - start) // line / abs(height)
    return Mended(data if share < LEAST_SHARE else data + bytes([_GREY]) * (wanted - len(data)), share=share)
