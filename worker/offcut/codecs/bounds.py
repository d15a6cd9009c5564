"""Files that would take more time or memory to take apart than a picture of their size can need.

Formats let a few kilobytes describe a great deal: lists that all point at one place, a thousand scans over one picture,
millions of empty blocks. Pillow and the libraries below it follow them. They are counted here before, by a walk through
the structure that ends at the limit; no limit comes near to what cameras, scanners and programs write.
"""

import re
import struct
from collections.abc import Callable

from offcut.codecs.refusals import damaged
from offcut.codecs.sniff import format_of

_SEGMENTS = 5_000
"""Segments of a JPEG before its first scan. A profile has up to 255, a depth map of a phone some hundred."""

_SCANS = 50
"""Scans of a JPEG. Progressive ones have about ten; each costs a pass through all of the picture."""

_FILL = 100_000
"""Bytes between the segments of a JPEG, which Pillow reads one by one."""

_CHUNKS = 100_000
"""Chunks of a PNG: 110 million pixels in pieces of 8 kB are 80,000 at most."""

_BLOCKS = 300_000
"""Blocks of up to 255 bytes in a GIF before its second picture."""

_COMMENTS = 1_000
"""Such blocks that are no picture. Pillow's time for a comment grows with the square of their number."""

_ENTRIES = 4096
"""Entries of a list of tags, in a TIFF or an EXIF block."""

_OVERLAP = 2, 1 << 16
"""How many times its own length, and how many bytes more, the values of a list of tags may have together."""

_RUN_LENGTHS = 8_000_000
"""Bytes of a BMP of run lengths, which Pillow reads in Python."""

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
"""Bytes of a value by its type (TIFF 6.0, 2; BigTIFF)."""


def bounded(data: bytes) -> bytes:
    """Return a file that can be taken apart within bounds: itself, or without an EXIF block or comments that cannot.

    Raises:
        TruncatedImageError: it cannot.
    """
    walks: dict[str | None, Callable[[bytes], bytes | None]] = {
        "JPEG": _of_jpeg,
        "PNG": _of_png,
        "GIF": _of_gif,
        "TIFF": _of_tiff,
        "BMP": _of_bmp,
        "WebP": _of_webp,
    }
    kind = format_of(data)
    walk = walks.get(kind)
    try:
        return (walk and walk(data)) or data
    except (struct.error, IndexError):  # it ends early
        return data
    except _TooMuch as error:
        raise damaged(kind) from error


class _TooMuch(Exception):
    """A limit is exceeded."""


def _at_most(limit: int, count: int) -> None:
    if count > limit:
        raise _TooMuch(f"{count} of at most {limit}")


def _of_jpeg(data: bytes) -> bytes | None:
    at, fill = 2, 0
    blocks: dict[bytes, list[tuple[int, int]]] = {b"Exif\0\0": [], b"MPF\0": []}
    for _ in range(_SEGMENTS):
        start = re.compile(rb"\xff([\xc0-\xfe])").search(data, at)
        fill += (start.start() if start else len(data)) - at
        _at_most(_FILL, fill)
        if start is None:
            return None
        marker, at = start.group(1)[0], start.end()
        if 0xD0 <= marker <= 0xD9:
            continue
        end = at + max(2, struct.unpack_from(">H", data, at)[0])
        if marker == 0xDA:
            break
        for name, places in blocks.items():
            if marker in (0xE1, 0xE2) and data.startswith(name, at + 2):
                places.append((at + 2 + len(name), end))
        at = end
    else:
        raise _TooMuch("segments")
    _count_scans(data, at)
    # Pillow puts the parts of a long block together.
    expanding = [
        place
        for places in blocks.values()
        if _expands(b"".join(data[begin:end] for begin, end in places))
        for place in places
    ]
    return _blank(data, expanding) if expanding else None


def _count_scans(data: bytes, at: int) -> None:
    if data.count(b"\xff\xda", at) <= _SCANS:
        return
    scans = 1  # what has that many marks may still be a video behind the picture
    for found in re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])").finditer(data, at):
        if found.group(1) == b"\xd9":
            return
        scans += found.group(1) == b"\xda"
        _at_most(_SCANS, scans)


def _of_png(data: bytes) -> bytes | None:
    at, count, expanding = 8, 0, []
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"IEND":
            break
        if kind == b"eXIf" and _expands(data[at + 8 : at + 8 + length]):
            expanding.append((at, at + 12 + length))
        at, count = at + 12 + length, count + 1
        _at_most(_CHUNKS, count)
    for begin, end in reversed(expanding):
        data = data[:begin] + data[end:]
    return data


def _of_webp(data: bytes) -> bytes | None:
    at, count, expanding = 12, 0, []
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        if kind == b"EXIF" and _expands(data[at + 8 : at + 8 + length].removeprefix(b"Exif\0\0")):
            expanding.append((at + 8, at + 8 + length))
        at, count = at + 8 + length + length % 2, count + 1
        _at_most(_CHUNKS, count)
    return _blank(data, expanding) if expanding else None


def _blank(data: bytes, places: list[tuple[int, int]]) -> bytes:
    """Return a file with zeros in these places."""
    result = bytearray(data)
    for begin, end in places:
        result[begin:end] = bytes(len(result[begin:end]))
    return bytes(result)


def _of_gif(data: bytes) -> bytes | None:
    """Return the file without what is no picture, where that is much."""
    start = at = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    kept, blocks, others, is_behind = [data[:start]], 0, 0, False
    while found := re.compile(rb"[\x21\x2c\x3b]").search(data, at):
        others += found.start() - at  # what is nothing, byte by byte
        begin = at = found.start()
        if data[at] == 0x3B or (data[at] == 0x2C and is_behind):
            break
        if data[at] == 0x2C:
            flags, is_behind = data[at + 9], True
            at += 11 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
        else:
            at += 2
        before = blocks
        while at < len(data) and data[at]:
            at, blocks = at + 1 + data[at], blocks + 1
            _at_most(_BLOCKS, blocks)
        at += 1
        if data[begin] == 0x2C or data[begin + 1] == 0xF9:
            kept.append(data[begin:at])
        else:
            others += 1 + blocks - before
            _at_most(_BLOCKS, others)
    return b"".join([*kept, data[at:]]) if others > _COMMENTS else None


def _of_tiff(data: bytes) -> None:
    if _expands(data):
        raise _TooMuch("tags")


def _expands(block: bytes) -> bool:
    """Whether the first list of tags of a TIFF or of an EXIF block holds much more than the block has bytes."""
    try:
        order = {b"II": "<", b"MM": ">"}[block[:2]]
        is_big = struct.unpack_from(order + "H", block, 2)[0] == 43
        (at,) = struct.unpack_from(order + ("Q" if is_big else "I"), block, 8 if is_big else 4)
        if at > len(block):
            return False
        (entries,) = struct.unpack_from(order + ("Q" if is_big else "H"), block, at)
    except (KeyError, struct.error):
        return False
    entry = struct.Struct(order + ("HHQ8x" if is_big else "HHI4x"))
    at += 8 if is_big else 2
    entries = min(entries, (len(block) - at) // entry.size)
    if entries > _ENTRIES:
        return True
    values = 0
    for _, kind, count in (entry.unpack_from(block, at + entry.size * index) for index in range(entries)):
        size = _SIZES.get(kind, 0) * count
        values += size if size <= len(block) else 0  # what is not there is not read
    return values > _OVERLAP[0] * len(block) + _OVERLAP[1]


def _of_bmp(data: bytes) -> None:
    (header,) = struct.unpack_from("<I", data, 14)
    if header >= 40 and struct.unpack_from("<I", data, 30)[0] in (1, 2):
        _at_most(_RUN_LENGTHS, len(data))
