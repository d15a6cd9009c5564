"""Structures that would take more time or memory than any picture needs are refused, and no sound file is."""

import struct

import numpy as np
import pytest

from offcut.codecs import decode
from offcut.codecs.bounds import bounded
from offcut.errors import TruncatedImageError
from tests.hostile.crafted import many_scans
from tests.hostile.whole import kinds, tiff
from tests.unit.offcut.samples import difference, noise, png, png_chunk, reopen, save, scene

ROWS = (b"\0" + bytes(range(48))) * 4


def with_segments(segments: bytes) -> bytes:
    data = save(noise(), "JPEG")
    return data[:2] + segments + data[2:]


@pytest.mark.parametrize("name", kinds())
def test_a_sound_file_is_left_as_it_is(name):
    assert bounded(kinds()[name]) == kinds()[name]


@pytest.mark.parametrize(
    "data",
    [
        many_scans(200, 64),
        with_segments(b"\xff\xed\0\2" * 6000),
        with_segments(b"\xff" * 200_000),
        png(16, 4, ROWS, extra=png_chunk(b"prVt", b"") * 100_001),
        b"GIF89a" + struct.pack("<HHBBB", 4, 4, 0x80, 0, 0) + bytes(6) + b"\x21\xfe" + b"\1x" * 300_001,
        b"BM" + bytes(12) + struct.pack("<IiiHHI", 40, 4, 4, 1, 8, 1) + bytes(8_000_001),
    ],
    ids=["scans", "segments", "fill", "chunks", "blocks", "run lengths"],
)
def test_what_is_out_of_bounds_is_refused(data):
    with pytest.raises(TruncatedImageError):
        decode(data)


def test_forty_scans_are_not_too_many():
    assert decode(many_scans(30, 64)).size == (64, 64)


def test_marks_behind_the_picture_are_no_scans():
    """The video of a phone's moving photo has such bytes by chance."""
    whole = save(noise(), "JPEG")
    assert difference(decode(whole + b"\xff\xda" * 1000).image, decode(whole).image) == 0


def test_a_gif_of_many_comments_is_read_without_them():
    moving = kinds()["GIF, animated"]
    at = 13 + (3 << (moving[10] & 7) + 1)
    data = moving[:at] + b"\x21\xfe\1x\0" * 2000 + moving[at:]
    photo = decode(data)
    assert photo.notices == ["animated"] and difference(photo.image, decode(moving).image) == 0
    assert b"\x21\xfe\1x" not in bounded(data)


def lists_in_one_place(count: int, size: int) -> bytes:
    entries = b"".join(struct.pack("<HHII", 1000 + n, 7, size, 8) for n in range(count))
    return b"II*\0\x08\0\0\0" + struct.pack("<H", count) + entries + bytes(size)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_exif_block_whose_values_overlap_is_left_out(kind):
    block = lists_in_one_place(2000, 30_000)
    data = save(scene(), kind, exif=b"Exif\0\0" + block)
    assert decode(data).size == (32, 16)
    assert not reopen(bounded(data)).info.get("exif", b"").removeprefix(b"Exif\0\0").strip(b"\0")


def test_a_tiff_whose_values_overlap_is_refused():
    with pytest.raises(TruncatedImageError):
        decode(lists_in_one_place(2000, 30_000))


@pytest.mark.parametrize(
    "more",
    [
        ((322, 4, (1 << 14,)), (323, 4, (1 << 14,)), (324, 4, (8,)), (325, 4, (1,))),
        ((256, 4, (1,)), (257, 4, (200_000,)), (273, 4, (8,) * 200_000), (278, 4, (1,)), (279, 4, (6,) * 200_000)),
    ],
    ids=["a tile larger than the picture", "a strip a row"],
)
def test_a_tiff_of_too_much_is_refused(more):
    with pytest.raises(TruncatedImageError):
        decode(tiff(np.zeros((4, 4, 3), np.float64), more=more))
