"""Files that someone made on purpose: bombs, loops, polyglots, odd shapes, broken profiles, many pages."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image

from tests.hostile.whole import bmp, kinds, tiff
from tests.unit.offcut import icc
from tests.unit.offcut.samples import noise, png, png_chunk, profile, save

Made = Iterator[tuple[str, Callable[[], bytes]]]
"""Names, and what makes each file: some take memory to make."""

ROW = b"\0" + bytes(range(48))
_HUGE = 100_000_000


def shapes() -> Made:
    """Yield sound files of the narrowest, widest and smallest shapes; each is a photo."""
    formats: tuple[tuple[str, dict[str, object], int], ...] = (
        ("JPEG", {}, 30_000),
        ("PNG", {}, 30_000),
        ("GIF", {}, 30_000),
        ("TIFF", {"compression": "tiff_lzw"}, 30_000),
        ("BMP", {}, 30_000),
        ("WEBP", {"lossless": True}, 16_383),
    )
    for kind, options, longest in formats:
        for size in ((1, 1), (1, longest), (longest, 1), (2, 3)):
            yield f"{kind}, {size[0]} × {size[1]}", lambda k=kind, o=options, s=size: save(_ramp(*s), k, **o)


def bombs() -> Made:
    """Yield small files that ask for much memory or time where something is believed that they say."""
    zeros = zlib.compress(bytes(_HUGE), 9)
    rows = ROW * 4
    text = b"Comment\0\0" + zeros

    def with_chunk(kind: bytes, body: bytes) -> Callable[[], bytes]:
        return lambda: png(16, 4, rows, extra=png_chunk(kind, body))

    def header(width: int, height: int, depth: int = 8, colour: int = 2, interlaced: int = 0) -> bytes:
        return png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))

    def bare(*chunks: bytes) -> bytes:
        return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + png_chunk(b"IEND", b"")

    yield "PNG, zTXt bomb", with_chunk(b"zTXt", text)
    yield "PNG, iTXt bomb", with_chunk(b"iTXt", b"Comment\0\1\0\0\0" + zeros)
    yield "PNG, iCCP bomb", with_chunk(b"iCCP", b"x\0\0" + zeros)
    yield "PNG, twenty zTXt bombs", lambda: png(16, 4, rows, extra=png_chunk(b"zTXt", text) * 20)
    yield "PNG, megabytes of text", with_chunk(b"tEXt", b"Comment\0" + b"x" * 20_000_000)
    yield "PNG, 100 MB for one pixel", lambda: bare(header(1, 1), png_chunk(b"IDAT", zeros))
    yield (
        "PNG, 100 MB for one pixel, wrong checksum",
        lambda: bare(header(1, 1), png_chunk(b"IDAT", zeros[:-4] + b"abcd")),
    )
    yield "PNG, 100 MB for one pixel, cut", lambda: bare(header(1, 1), png_chunk(b"IDAT", zeros[:-9]))
    yield (
        "PNG, 100 MB for one row, interlaced",
        lambda: bare(header(16, 4, interlaced=1), png_chunk(b"IDAT", zeros[:-4] + b"abcd")),
    )
    yield "PNG, a hundred thousand chunks", lambda: png(16, 4, rows, extra=png_chunk(b"prVt", b"") * 100_000)
    yield "PNG, a hundred thousand texts", lambda: png(16, 4, rows, extra=png_chunk(b"tEXt", b"a\0b") * 100_000)
    packed = zlib.compress(rows)
    yield (
        "PNG, pixels in empty and tiny chunks",
        lambda: bare(
            header(16, 4),
            png_chunk(b"IDAT", b"") * 50_000,
            *(png_chunk(b"IDAT", bytes([byte])) for byte in packed),
        ),
    )
    yield (
        "PNG, a chunk longer than any file",
        lambda: b"\x89PNG\r\n\x1a\n" + header(16, 4) + b"\x7f\xff\xff\xffIDATxxxx",
    )
    yield (
        "PNG, four billion frames",
        lambda: png(16, 4, rows, extra=png_chunk(b"acTL", b"\xff" * 8) + png_chunk(b"fcTL", b"\xff" * 26)),
    )
    yield (
        "PNG, palette of 300",
        lambda: png(16, 4, (b"\0" + bytes(16)) * 4, colour=3, extra=png_chunk(b"PLTE", bytes(900))),
    )
    yield "PNG, no palette", lambda: png(16, 4, (b"\0" + bytes(16)) * 4, colour=3)
    yield "PNG, empty rows", lambda: png(16, 4, b"")
    yield "PNG, filters that do not exist", lambda: png(16, 4, (b"\x07" + ROW[1:]) * 4)

    yield (
        "PNG, megabytes in tiny chunks, one of them broken",
        lambda: bare(header(16, 4), png_chunk(b"IDAT", packed), png_chunk(b"IDAT", bytes(100)) * 99_000)[:-20],
    )
    yield "PNG, a million chunks", lambda: png(16, 4, rows, extra=png_chunk(b"prVt", b"") * 1_000_000)
    yield "PNG, 100 MB for one pixel, wrong header", lambda: bare(header(1, 1)[:-1] + b"x", png_chunk(b"IDAT", zeros))
    yield (
        "PNG, 100 MB for one interlaced row, wrong header",
        lambda: bare(header(16, 4, interlaced=1)[:-1] + b"x", png_chunk(b"IDAT", zeros)),
    )
    yield "PNG, depth of 0", lambda: bare(header(16, 4, depth=0)[:-1] + b"x", png_chunk(b"IDAT", packed))
    yield "PNG, depth of 255", lambda: bare(header(16, 4, depth=255)[:-1] + b"x", png_chunk(b"IDAT", packed))
    yield (
        "PNG, height of 2^32 in a wrong header",
        lambda: bare(header(1, 0xFFFFFFFF)[:-1] + b"x", png_chunk(b"IDAT", packed)),
    )

    yield "JPEG, a thousand scans", lambda: many_scans(1000, 256)
    yield "JPEG, ten thousand scans of 16 MP", lambda: many_scans(10_000, 4096)
    yield "JPEG, sixty thousand segments", lambda: _with_segments(b"\xff\xed\0\2" * 60_000)
    yield "JPEG, five MB of fill", lambda: _with_segments(b"\xff" * 5_000_000 + b"\xfe\0\2")
    yield "JPEG, a long comment", lambda: _with_segments((b"\xff\xfe\xff\xff" + b"x" * 65_533) * 100)
    yield "JPEG, fill without an end", lambda: b"\xff\xd8" + b"\xff" * 5_000_000
    yield "JPEG, start after start", lambda: b"\xff\xd8" * 500_000
    yield "JPEG, a million segments", lambda: _with_segments(b"\xff\xed\0\2" * 1_000_000)
    yield "JPEG, a million starts", lambda: _with_segments(b"\xff\xd8" * 1_000_000)
    yield "JPEG, a video behind it", lambda: kinds()["JPEG"] + np.random.default_rng(2).bytes(10_000_000)
    yield "JPEG, no picture", lambda: b"\xff\xd8\xff\xd9"

    yield "WebP, a canvas of 2^24", lambda: _webp_canvas(1 << 24, 1 << 24)
    yield "WebP, a canvas of 16383", lambda: _webp_canvas(16_383, 16_383)
    yield "WebP, a thousand frames", _thousand_frames
    yield "WebP, chunk of four gigabytes", lambda: b"RIFF\xff\xff\xff\xffWEBPVP8L\xff\xff\xff\xff/"

    yield "GIF, screen of 65535", lambda: _gif_screen(65_535, 65_535, 2, 2)
    yield "GIF, frame outside of the screen", lambda: _gif_screen(4, 4, 2, 2, 60_000, 60_000)
    yield "GIF, a hundred thousand empty frames", lambda: _gif_frames(100_000)
    yield (
        "GIF, five MB of extensions",
        lambda: b"GIF89a" + struct.pack("<HHBBB", 4, 4, 0x80, 0, 0) + bytes(6) + (b"\x21\xfe\1x\0" * 1_000_000),
    )
    yield (
        "GIF, an extension without an end",
        lambda: b"GIF89a" + struct.pack("<HHBBB", 4, 4, 0x80, 0, 0) + bytes(6) + b"\x21\xfe" + b"\1x" * 2_000_000,
    )
    yield "GIF, five MB of nothing", lambda: b"GIF89a" + struct.pack("<HHBBB", 4, 4, 0x80, 0, 0) + bytes(5_000_000)
    yield "GIF, frame without a width", lambda: _gif_frame_of(0, 4)
    yield "GIF, frame without a height", lambda: _gif_frame_of(4, 0)
    yield "GIF, four MB of codes that clear", lambda: _gif_codes(10_000, 6_000, b"\x24\x49\x92" * 1_400_000)
    yield "GIF, codes without an end", lambda: _gif_codes(4, 4, b"\xff" * 3_000_000)
    yield "GIF, 60 MP of nothing", lambda: _gif_codes(10_000, 6_000, b"")

    small = np.zeros((4, 4, 3), np.uint16)
    yield "TIFF, 100 MB for one strip", lambda: _tiff_of(zeros, small, packing=8)
    yield (
        "TIFF, 100 MP of doubles",
        lambda: _tiff_of(zeros, np.zeros((4, 4, 3)), width=10_000, height=10_000, packing=8),
    )
    yield (
        "TIFF, sixty samples of 100 MP",
        lambda: _tiff_of(b"", np.zeros((4, 4, 60), np.uint16), width=10_000, height=10_000),
    )
    yield "TIFF, 100 MP without a pixel", lambda: _tiff_of(b"", small, width=10_000, height=10_000)
    yield (
        "TIFF, a hundred million tiles",
        lambda: _tiff_of(
            b"",
            small,
            width=10_000,
            height=10_000,
            more=((322, 4, (1,)), (323, 4, (1,)), (324, 4, (8,) * 9), (325, 4, (1,) * 9)),
        ),
    )
    yield (
        "TIFF, tiles of 2^20",
        lambda: _tiff_of(
            b"",
            small,
            width=8,
            height=8,
            more=((322, 4, (1 << 20,)), (323, 4, (1 << 20,)), (324, 4, (8,)), (325, 4, (1,))),
        ),
    )
    yield "TIFF, tiles of 2^20, packed", lambda: _tiff_of(
        b"", small, width=8, height=8, packing=8,
        more=((322, 4, (1 << 20,)), (323, 4, (1 << 20,)), (324, 4, (8,)), (325, 4, (1,))),
    )  # fmt: skip
    yield "TIFF, a million strips in one place", lambda: _tiff_of(
        bytes(100), np.zeros((4, 4, 1), np.uint16), width=1, height=1_000_000, colours=1,
        more=((273, 4, (8,) * 1_000_000), (278, 4, (1,)), (279, 4, (2,) * 1_000_000)),
    )  # fmt: skip
    yield "TIFF, the same 40 MB a thousand times", lambda: _tiff_of(
        zlib.compress(bytes(40_000_000)), np.zeros((4, 4, 1), np.uint16), width=1, height=1000, colours=1, packing=8,
        more=((278, 4, (1,)), (279, 4, (1 << 30,) * 1000)),
    )  # fmt: skip
    for name, tag, form, given in (
        ("rows of 0", 278, 4, (0,)),
        ("rows of 2^32", 278, 4, (0xFFFFFFFF,)),
        ("bits of 0", 258, 3, (0, 0, 0)),
        ("bits of 65535", 258, 3, (65_535,) * 3),
        ("bits of 9", 258, 3, (9, 9, 9)),
        ("no samples", 277, 3, (0,)),
        ("samples of 65535", 277, 3, (65_535,)),
        ("strip behind the end", 273, 4, (0xFFFFFFF0,)),
        ("strip of 4 GB", 279, 4, (0xFFFFFFFF,)),
        ("compression 7", 259, 3, (7,)),
        ("compression 50001", 259, 3, (50_001,)),
        ("colours of 65535", 262, 3, (65_535,)),
        ("planes", 284, 3, (2,)),
        ("planes of 9", 284, 3, (9,)),
        ("predictor 2", 317, 3, (2,)),
        ("predictor 65535", 317, 3, (65_535,)),
        ("orientation 99", 274, 3, (99,)),
        ("orientation of two", 274, 3, (6, 6)),
        ("format 65535", 339, 3, (65_535,) * 3),
        ("width of doubles", 256, 5, (4, 0)),
        ("resolution without a denominator", 282, 5, (1, 0)),
        ("profile of one byte", 34_675, 7, (1,)),
        ("EXIF at itself", 34_665, 4, (8,)),
        ("place at itself", 34_853, 4, (8,)),
        ("inner pages at themselves", 330, 4, (8,) * 500),
        ("inner pages outside", 330, 4, (0xFFFFFFF0,) * 3),
    ):
        for kind in (np.uint8, np.uint16):
            values = np.arange(48, dtype=kind).reshape(4, 4, 3)
            yield f"TIFF, {name}, {kind.__name__}", lambda v=values, t=tag, f=form, g=given: tiff(v, more=((t, f, g),))
    yield "TIFF, four thousand lists in one place", lambda: _lists_in_one_place(4000, 5_000_000)
    yield "BigTIFF, a million lists in one place", lambda: _big_lists_in_one_place(500_000)
    yield (
        "TIFF, inner pages of four million values",
        lambda: _tiff_of(
            bytes(100), np.zeros((4, 4, 1), np.uint16), width=4, height=4, colours=1, more=((330, 4, (8,) * 4_000_000),)
        ),
    )
    yield "TIFF, page after itself", lambda: _linked(8)
    yield "TIFF, next page outside", lambda: _linked(0xFFFFFFF0)
    yield "TIFF, fifty thousand pages", lambda: _pages(50_000)
    yield "TIFF, 65535 tags", lambda: b"II*\0\x08\0\0\0\xff\xff" + bytes(12 * 65_535)
    yield "TIFF, a list of 2^32", lambda: _with_count(0xFFFFFFFF)
    yield "BigTIFF, first page at 2^64", lambda: b"II+\0\x08\0\0\0" + b"\xff" * 8

    yield "BMP, 2^31 colours", lambda: _patched(save(noise().quantize(16), "BMP"), 46, b"\xff\xff\xff\x7f")
    yield "BMP, pixels behind the end", lambda: _patched(save(noise(), "BMP"), 10, b"\xff\xff\xff\x7f")
    yield "BMP, header of 2^31", lambda: _patched(save(noise(), "BMP"), 14, b"\xff\xff\xff\x7f")
    yield "BMP, run lengths of 60 MP", lambda: bmp(10_000, 6_000, b"\0\1", 8, 1, bytes(1024))
    yield "BMP, run lengths that jump", lambda: bmp(64, 64, b"\0\2\xff\xff" * 200_000, 8, 1, bytes(1024))
    yield "BMP, run lengths without an end", lambda: bmp(64, 64, b"\0\0" * 1_000_000, 8, 1, bytes(1024))
    yield "BMP, twenty MB of run lengths", lambda: bmp(5000, 4000, b"\1\0" * 10_000_000, 8, 1, bytes(1024))
    yield "BMP, no bits", lambda: bmp(16, 12, bytes(600), 0)[:30] + bytes(20)
    yield "BMP, most negative size", lambda: bmp(-(1 << 31), -(1 << 31), bytes(600))
    yield "BMP, 100 MP of one bit", lambda: bmp(10_000, 10_000, b"", 1, 0, bytes(8))


def large() -> Made:
    """Yield small files of pictures that are nearly as large as any that is read; each is a photo."""
    side = 10_000

    def one_colour(kind: str, **options) -> Callable[[], bytes]:
        return lambda: save(Image.new("RGB", (side, side), "navy"), kind, **options)

    yield "PNG, 100 MP of one colour", one_colour("PNG")
    yield "PNG, 100 MP of one colour, cut", lambda: one_colour("PNG")()[:-30]
    yield "JPEG, 100 MP of one colour", one_colour("JPEG")
    yield "JPEG, 100 MP of one colour, progressive", one_colour("JPEG", progressive=True)
    yield "WebP, 100 MP of one colour", one_colour("WEBP", lossless=True, method=0)
    yield "GIF, 100 MP of one colour", one_colour("GIF")
    yield "TIFF, 100 MP of one colour", one_colour("TIFF", compression="tiff_lzw")
    yield (
        "TIFF, 100 MP of 16 bits",
        lambda: _tiff_of(
            zlib.compress(bytes(6 * side * side), 9), np.zeros((4, 4, 3), np.uint16), width=side, height=side, packing=8
        ),
    )
    yield "TIFF, 100 MP of premultiplied 8 bits", lambda: _tiff_of(
        zlib.compress(bytes(4 * side * side), 9), np.zeros((4, 4, 4), np.uint8), width=side, height=side, packing=8,
        more=((338, 3, (1,)),),
    )  # fmt: skip
    yield "JPEG, forty scans of 100 MP", lambda: many_scans(40, side)


def profiles() -> Made:
    """Yield photos with profiles that are broken, huge or of other colours; browsers ignore these."""
    sound = icc.rgb()
    broken = {
        "empty": b"",
        "one byte": b"x",
        "zeros": bytes(400),
        "cut": sound[:200],
        "without tags": sound[:128] + bytes(4),
        "2^32 tags": sound[:128] + b"\xff\xff\xff\xff" + sound[132:],
        "tags at themselves": sound[:132]
        + b"".join(n + struct.pack(">II", 128, 1 << 31) for n in (b"rTRC", b"rXYZ") * 9),
        "of CMYK": profile(b"CMYK"),
        "of grey": profile(b"GRAY"),
        "a link": icc.icc(b"RGB ", [], kind=b"link"),
        "flat curves": icc.rgb(curve=icc.table([0.5, 0.5])),
        "falling curves": icc.rgb(curve=icc.table([1, 0])),
        "curve of 2^32": icc.rgb(curve=b"curv" + bytes(4) + b"\xff\xff\xff\xff"),
        "unknown curve": icc.rgb(curve=b"para" + bytes(4) + struct.pack(">HH", 77, 0) + bytes(40)),
        "infinite curve": icc.rgb(curve=icc.parametric(0, -30000)),
        "no primaries": icc.rgb(primaries=((0, 0, 0),) * 3),
        "huge primaries": icc.rgb(primaries=((30000, 1, 1), (1, 30000, 1), (1, 1, 30000))),
        "a table": icc.lookup(b"RGB ", [(50, 0, 0)] * 8, b"mntr"),
        "a table cut": icc.lookup(b"RGB ", [(50, 0, 0)] * 8, b"mntr")[:700],
        "table of 255 points": _lut_of_many_points(),
        "two MB": icc.rgb(P3_TWICE, None, (b"junk", bytes(2_000_000))),
    }
    for name, data in broken.items():
        yield f"PNG, profile: {name}", lambda d=data: save(noise(), "PNG", icc_profile=d)
        yield f"JPEG, profile: {name}", lambda d=data: save(noise(), "JPEG", icc_profile=d)
        yield (
            f"TIFF, profile: {name}",
            lambda d=data: save(noise(), "TIFF", icc_profile=d) if d else save(noise(), "TIFF"),
        )
        yield f"WebP, profile: {name}", lambda d=data: save(noise(), "WEBP", icc_profile=d)
    yield (
        "JPEG, CMYK with a broken table",
        lambda: save(noise().convert("CMYK"), "JPEG", icc_profile=profile(b"CMYK")[:900]),
    )
    yield (
        "JPEG, profile in pieces that are missing",
        lambda: _with_segments(b"\xff\xe2" + struct.pack(">H", 16) + b"ICC_PROFILE\0\7\xff"),
    )
    yield (
        "JPEG, profile in 65025 pieces",
        lambda: _with_segments(
            b"".join(
                b"\xff\xe2" + struct.pack(">H", 17) + b"ICC_PROFILE\0" + bytes((n % 255 + 1, 255, 0))
                for n in range(2000)
            )
        ),
    )


P3_TWICE = icc.P3


def exifs() -> Made:
    """Yield photos whose EXIF block lies: loops, counts, types, places outside."""

    def block(*entries: bytes, following: int = 0, order: str = "<", start: int = 8) -> bytes:
        head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", start)
        return (
            b"Exif\0\0"
            + head
            + struct.pack(order + "H", len(entries))
            + b"".join(entries)
            + struct.pack(order + "I", following)
        )

    def entry(tag: int, kind: int, count: int, value: int) -> bytes:
        return struct.pack("<HHII", tag, kind, count, value)

    blocks = {
        "points at itself": block(entry(34665, 4, 1, 8)),
        "next page at itself": block(entry(274, 3, 1, 6), following=8),
        "place at itself": block(entry(34853, 4, 1, 8), entry(274, 3, 1, 6)),
        "interoperability at itself": block(entry(34665, 4, 1, 8), entry(40965, 4, 1, 8)),
        "maker's note at itself": block(entry(34665, 4, 1, 8), entry(37500, 7, 1 << 31, 8)),
        "starts at itself": block(entry(274, 3, 1, 6), start=4),
        "starts outside": block(entry(274, 3, 1, 6), start=0xFFFFFFF0),
        "orientation 0": block(entry(274, 3, 1, 0)),
        "orientation 65535": block(entry(274, 3, 1, 65_535)),
        "orientation as text": block(entry(274, 2, 1, 6)),
        "four billion orientations": block(entry(274, 3, 0xFFFFFFFF, 8)),
        "two orientations": block(entry(274, 3, 1, 6), entry(274, 3, 1, 3)),
        "resolution of nothing": block(entry(282, 5, 1, 8), entry(283, 5, 1, 0xFFFFFFF0), entry(296, 3, 1, 99)),
        "unknown types": block(*(entry(tag, 200, 9, 9) for tag in range(270, 300))),
        "65535 entries": block()[:14] + b"\xff\xff",
        "cut": block(entry(274, 3, 1, 6))[:20],
        "zeros": b"Exif\0\0" + bytes(100),
    }
    for name, data in blocks.items():
        yield f"JPEG, EXIF {name}", lambda d=data: save(noise(), "JPEG", exif=d)
        yield f"PNG, EXIF {name}", lambda d=data: png(16, 4, ROW * 4, extra=png_chunk(b"eXIf", d[6:]))
        yield f"WebP, EXIF {name}", lambda d=data: save(noise(), "WEBP", exif=d)
    values = b"II*\0\x08\0\0\0" + struct.pack("<H", 4000)
    values += b"".join(entry(1000 + n, 7, 60_000, 8) for n in range(4000))
    yield (
        "JPEG, EXIF of four thousand lists in one place",
        lambda: _with_segments(_app1(b"Exif\0\0" + values) + _app1(b"Exif\0\0" + bytes(60_000))),
    )
    yield (
        "PNG, EXIF of four thousand lists in one place",
        lambda: png(
            16,
            4,
            ROW * 4,
            extra=png_chunk(
                b"eXIf", values.replace(struct.pack("<I", 60_000), struct.pack("<I", 5_000_000)) + bytes(5_000_000)
            ),
        ),
    )
    yield (
        "WebP, EXIF of four thousand lists in one place",
        lambda: save(
            noise(),
            "WEBP",
            exif=values.replace(struct.pack("<I", 60_000), struct.pack("<I", 5_000_000)) + bytes(5_000_000),
        ),
    )
    yield "JPEG, XMP that expands", lambda: _with_segments(_app1(b"http://ns.adobe.com/xap/1.0/\0" + _LAUGHS))
    yield (
        "JPEG, orientation by XMP",
        lambda: _with_segments(
            _app1(b'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>')
        ),
    )
    phone = kinds()["JPEG, of a phone"]
    for name, at, data in (
        ("at itself", phone.index(b"MPF\0") + 8, b"\0\0\0\0"),
        ("outside", phone.index(b"MPF\0") + 8, b"\xff\xff\xff\xf0"),
        ("of nonsense", phone.index(b"MPF\0") + 12, b"\xff" * 12),
    ):
        yield f"JPEG, list of pictures {name}", lambda a=at, d=data: _patched(phone, a, d)


_LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
) + b"]><x>&j;</x>"  # fmt: skip


def polyglots() -> Made:
    """Yield files that are two things at once, and files that pretend to be another kind."""
    html = b"<!doctype html><script>alert(1)</script>"
    archive = b"PK\3\4" + bytes(60) + b"PK\5\6" + bytes(18)
    for name in ("JPEG", "PNG", "GIF", "WebP", "TIFF", "BMP"):
        data = kinds()[name]
        yield f"{name} and an archive", lambda d=data: d + archive
        yield f"{name} and a page", lambda d=data: d + html
        yield f"{name} behind a page", lambda d=data: html + d
        yield f"{name} behind an archive", lambda d=data: archive + d
        yield f"{name} behind an empty line", lambda d=data: b"\r\n" + d
        yield f"{name} twice", lambda d=data: d + d
        yield (
            f"{name} within a JPEG's comment",
            lambda d=data: _with_segments(b"\xff\xfe" + struct.pack(">H", len(d) + 2) + d),
        )
        yield f"{name} within a PNG's chunk", lambda d=data: png(16, 4, ROW * 4, extra=png_chunk(b"prVt", d))
        yield f"{name} in a drawing", lambda d=data: b"<svg xmlns='http://www.w3.org/2000/svg'>" + d + b"</svg>"
        yield f"{name} in a PDF", lambda d=data: b"%PDF-1.7\n1 0 obj\nstream\n" + d + b"\nendstream"
        for other in (b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"II*\0", b"BM", b"RIFF"):
            if not data.startswith(other):
                yield f"{name} that begins as {other[:4]!r}", lambda d=data, o=other: o + d[len(o) :]
    yield "page that begins as a GIF", lambda: b"GIF89a/*<svg/onload=alert(1)>*/=1;"
    yield "script that begins as a BMP", lambda: b"BM=1/*" + bytes(60) + b"*/;alert(1)"
    yield "drawing with entities", lambda: b"<?xml version='1.0'?>" + _LAUGHS.replace(b"<x>", b"<svg>")
    yield "PostScript", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n"
    yield "EPS with a preview", lambda: b"\xc5\xd0\xd3\xc6" + struct.pack("<IIIIII", 32, 40, 0, 0, 0, 0) + bytes(64)
    yield "XBM of 100,000", lambda: b"#define a_width 100000\n#define a_height 100000\nstatic char a_bits[] = {\n0x00"
    yield "XPM", lambda: b'/* XPM */\nstatic char * a[] = {"100000 100000 1 1", "a c #000"};'
    yield "PPM of 100,000", lambda: b"P6 100000 100000 255\n"
    yield "FITS", lambda: b"SIMPLE  =                    T" + b" " * 2850
    yield "raw photo without one", lambda: b"II*\0\x10\0\0\0CR\2\0" + bytes(200)


def many_scans(count: int, side: int) -> bytes:
    """A progressive JPEG of one grey whose scans refine nothing, again and again."""
    data = save(Image.new("L", (side, side), 200), "JPEG", progressive=True)
    end = data.rindex(b"\xff\xd9")
    # The last scan refines the alternating coefficients; its few bytes say "nothing to the end".
    last = data.rindex(b"\xff\xda")
    return data[:end] + data[last:end] * count + data[end:]


def _ramp(width: int, height: int) -> Image.Image:
    values = np.arange(width * height, dtype=np.uint32).reshape(height, width) % 251
    return Image.fromarray(np.stack([values, 255 - values, values // 2], axis=-1).astype(np.uint8))


def _patched(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


def _app1(body: bytes) -> bytes:
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _with_segments(segments: bytes) -> bytes:
    """A JPEG with these bytes behind its first marker."""
    data = kinds()["JPEG, progressive"]
    return data[:2] + segments + data[2:]


def _riff(*chunks: tuple[bytes, bytes]) -> bytes:
    packed = b"".join(kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2) for kind, body in chunks)
    return b"RIFF" + struct.pack("<I", len(packed) + 4) + b"WEBP" + packed


def _webp_canvas(width: int, height: int) -> bytes:
    """An animation whose canvas is much larger than its frame."""
    canvas = b"\2\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    picture = kinds()["WebP, lossless"][12:]
    frame = bytes(6) + (15).to_bytes(3, "little") + (11).to_bytes(3, "little") + b"\x64\0\0\0" + picture
    return _riff((b"VP8X", canvas), (b"ANIM", bytes(6)), (b"ANMF", frame))


def _thousand_frames() -> bytes:
    frames = [Image.new("RGB", (16, 16), (n % 256, n // 256, 0)) for n in range(300)]
    return save(frames[0], "WEBP", append_images=frames[1:], lossless=True, method=0)


def _gif_screen(width: int, height: int, across: int, down: int, left: int = 0, top: int = 0) -> bytes:
    frame = b"\x2c" + struct.pack("<HHHHB", left, top, across, down, 0) + b"\x02\x02\x44\x01\0"
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff" + frame + b"\x3b"


def _gif_codes(width: int, height: int, codes: bytes) -> bytes:
    blocks = b"".join(bytes([len(codes[at : at + 255])]) + codes[at : at + 255] for at in range(0, len(codes), 255))
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02" + blocks
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff" + frame


def _gif_frames(count: int) -> bytes:
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0"
    return b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6) + frame * count + b"\x3b"


def _tiff_of(
    strip: bytes,
    values: np.ndarray,
    *,
    width: int = 0,
    height: int = 0,
    colours: int = 2,
    packing: int = 1,
    more: tuple = (),
) -> bytes:
    """A TIFF whose tags describe one picture and whose one strip is another."""
    head = 8
    sides = ((256, 4, (width,)), (257, 4, (height,)), (278, 4, (height,))) if width else ()
    given = {tag for tag, _, _ in more}
    places = tuple(
        entry
        for entry in ((273, 4, (head,)), (279, 4, (len(strip),)), (259, 3, (packing,)), *sides)
        if entry[0] not in given
    )
    page = tiff(values, colours, more=(*places, *more))
    # The strip comes first, so that its place is known; the page's own places are from the start of the file.
    return _moved(page, strip)


def _moved(page: bytes, strip: bytes) -> bytes:
    """Put a strip between the header of a little-endian TIFF and its one page."""
    strip += bytes(len(strip) % 2)
    body, by = bytearray(page[8:]), len(strip)
    (entries,) = struct.unpack_from("<H", body)
    sizes = {1: 1, 3: 2, 4: 4, 5: 8, 7: 1}
    for entry in range(entries):
        at = 2 + 12 * entry
        _, kind, count, value = struct.unpack_from("<HHII", body, at)
        if sizes[kind] * count > 4:
            struct.pack_into("<I", body, at + 8, value + by)
    return b"II*\0" + struct.pack("<I", 8 + by) + strip + bytes(body)


def _lists_in_one_place(count: int, size: int) -> bytes:
    """A TIFF with many tags that each hold all of the file."""
    body = b"".join(struct.pack("<HHII", 1000 + n, 7, size, 8) for n in range(count))
    return b"II*\0\x08\0\0\0" + struct.pack("<H", count) + body + bytes(size)


def _big_lists_in_one_place(count: int) -> bytes:
    body = b"".join(struct.pack("<HHQQ", n % 60_000, 7, 5_000_000, 16) for n in range(count))
    return b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, count) + body


def _gif_frame_of(width: int, height: int) -> bytes:
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x44\x01"
    return b"GIF89a" + struct.pack("<HHBBB", 4, 4, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff" + frame


def _linked(to: int) -> bytes:
    data = tiff(np.arange(48, dtype=np.uint16).reshape(4, 4, 3))
    (entries,) = struct.unpack_from("<H", data, 8)
    return _patched(data, 10 + 12 * entries, struct.pack("<I", to))


def _pages(count: int) -> bytes:
    page = struct.pack("<HHHII", 1, 256, 4, 1, 4)
    return b"II*\0\x08\0\0\0" + b"".join(page + struct.pack("<I", 8 + 18 * (n + 1)) for n in range(count))


def _with_count(count: int) -> bytes:
    data = bytearray(tiff(np.arange(48, dtype=np.uint8).reshape(4, 4, 3)))
    at = data.index(struct.pack("<HH", 273, 4))
    data[at + 4 : at + 8] = struct.pack("<I", count)
    return bytes(data)


def _lut_of_many_points() -> bytes:
    table = bytearray(icc.lookup(b"RGB ", [(50, 0, 0)] * 8, b"mntr"))
    table[table.index(b"mft1") + 10] = 255
    return bytes(table)
