"""Damage to sound files: cut off, bits flipped, parts swapped, headers that lie."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator

from tests.hostile.whole import kinds

CUTS, FLIPS = 16, 16
"""How many inputs are made of each kind in either way."""

_HEAD = 80
"""Bytes in which most damage is done: a wrong pixel is only seen, a wrong header may do anything."""

_SIDES = (0, 100_000, 0xFFFFFFFF, 1, 255, 16_383, 30_000, 65_535, 0x7FFFFFFF, 0x80000000)
"""What headers claim as width and height. 0xFFFFFFFF is -1 where a side has a sign."""


def cut() -> Iterator[tuple[str, bytes]]:
    """Yield files that end early: within the header, anywhere, and just before their end."""
    for name, data in kinds().items():
        choose = random.Random(f"cut {name}")
        head = choose.sample(range(1, min(_HEAD, len(data) - 4)), CUTS // 2)
        rest = choose.sample(range(len(data) // 8, len(data) - 4), CUTS // 2 - 2)
        for at in sorted({*head, *rest, len(data) - 1, len(data) - 3}):
            yield f"{name}, cut at {at}", data[:at]


def flipped() -> Iterator[tuple[str, bytes]]:
    """Yield files of which one to twelve bits are wrong, mostly in the header."""
    for name, data in kinds().items():
        choose = random.Random(f"flipped {name}")
        for number in range(FLIPS):
            damaged = bytearray(data)
            end = min(len(data), _HEAD) if number % 4 else len(data)
            for _ in range(1 + number % 12):
                damaged[choose.randrange(end)] ^= 1 << choose.randrange(8)
            yield f"{name}, flipped {number}", bytes(damaged)


def rearranged() -> Iterator[tuple[str, bytes]]:
    """Yield files of which a part is missing, there twice, zero, or of the next file in the list."""
    files = list(kinds().items())
    for (name, data), (_, other) in zip(files, files[1:] + files[:1], strict=True):
        choose = random.Random(f"rearranged {name}")
        start, end = sorted(choose.sample(range(8, len(data)), 2))
        yield f"{name}, a part missing", data[:start] + data[end:]
        yield f"{name}, a part twice", data[:end] + data[start:]
        yield f"{name}, a part of zeros", data[:start] + bytes(end - start) + data[end:]
        yield f"{name}, a part of ones", data[:start] + b"\xff" * (end - start) + data[end:]
        yield f"{name}, half of another", data[: len(data) // 2] + other[len(other) // 2 :]
        yield f"{name}, within another", data[:16] + other[16:]


def lying() -> Iterator[tuple[str, bytes]]:
    """Yield files whose headers claim another width or height, or both, than they have."""
    for name, data in kinds().items():
        places = list(_places(name, data))
        choose = random.Random(f"lying {name}")
        claims = [(side, "wide and high", places) for side in (*_SIDES[:3], choose.choice(_SIDES[3:]))]
        claims += [(side, "wide", places[:1]) for side in choose.sample(_SIDES, 3)]
        claims += [(side, "high", places[1:]) for side in choose.sample(_SIDES, 3)]
        for side, which, chosen in claims:
            if chosen:
                changed = data
                for at, form, less in chosen:
                    width = struct.calcsize(form)
                    packed = struct.pack(form, max(side - less, 0) & (1 << 8 * width) - 1)
                    changed = changed[:at] + packed + changed[at + width :]
                if changed != data:
                    yield f"{name}, {side} {which}", changed


def _places(name: str, data: bytes) -> Iterator[tuple[int, str, int]]:
    """Yield where width and height stand, how, and what is subtracted from them there."""
    match name.split(",", maxsplit=1)[0]:
        case "PNG":
            yield from ((16, ">I", 0), (20, ">I", 0))
        case "BMP":
            yield from ((18, "<H", 0), (20, "<H", 0)) if data[14] == 12 else ((18, "<I", 0), (22, "<I", 0))
        case "GIF":
            frame = data.rindex(b"\x2c", 0, data.index(b"\x2c", 13) + 1)
            yield from ((frame + 5, "<H", 0), (frame + 7, "<H", 0))
        case "JPEG":
            frame = next(data.index(marker) for marker in (b"\xff\xc0", b"\xff\xc2") if marker in data)
            yield from ((frame + 7, ">H", 0), (frame + 5, ">H", 0))
        case "WebP":
            if b"VP8X" in data:  # 24 bits each; the upper byte of the height is let be
                yield from ((24, "<H", 1), (27, "<H", 1))
            elif b"VP8 " in data:
                yield from ((26, "<H", 0), (28, "<H", 0))
        case "AVIF":
            size = data.index(b"ispe") + 8
            yield from ((size, ">I", 0), (size + 4, ">I", 0))
        case "TIFF":
            yield from _of_tiff(data)


def _of_tiff(data: bytes) -> Iterator[tuple[int, str, int]]:
    order = "<" if data[:2] == b"II" else ">"
    is_big = struct.unpack_from(order + "H", data, 2)[0] == 43
    start = struct.unpack_from(order + ("Q" if is_big else "I"), data, 8 if is_big else 4)[0]
    head, entry, value = (8, 20, 12) if is_big else (2, 12, 8)
    for tag in (256, 257):
        at = data.index(struct.pack(order + "H", tag), start + head)
        assert (at - start - head) % entry == 0
        short = struct.unpack_from(order + "H", data, at + 2)[0] == 3
        yield at + value, order + ("H" if short else "I"), 0
