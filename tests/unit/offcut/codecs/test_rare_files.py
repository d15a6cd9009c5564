"""Files of rare sorts: transparent colours of few or many bits, damaged parts, bits in the other order."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from offcut.codecs import decode
from offcut.codecs.photo import INCOMPLETE
from offcut.codecs.png_writer import _chunk
from tests.unit.offcut.samples import save
from tools.paths import ROOT

CAT = Image.open(ROOT / "tests" / "data" / "cat.png").convert("RGB")

DEEP = 0x1234, 0x5678, 0x9ABC


def png(depth: int, kind: int, row: bytes, width: int, clear: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, 1, depth, kind, 0, 0, 0)
    chunks = (b"IHDR", header), (b"tRNS", clear), (b"IDAT", zlib.compress(b"\0" + row)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


@pytest.mark.parametrize(
    ("depth", "kind", "row", "width", "clear"),
    [
        (2, 0, bytes([0b00_01_10_11]), 4, struct.pack(">H", 1)),
        (4, 0, bytes([0x05, 0xAF]), 4, struct.pack(">H", 5)),
        (8, 0, bytes([0, 85, 170, 255]), 4, struct.pack(">H", 85)),
        (16, 2, struct.pack(">12H", *[0] * 3, *DEEP, *[9] * 3, *[65535] * 3), 4, struct.pack(">3H", *DEEP)),
    ],
    ids=["grey of 2 bits", "grey of 4 bits", "grey of 8 bits", "RGB of 16 bits"],
)
def test_the_colour_that_a_png_declares_transparent_is(depth, kind, row, width, clear):
    photo = decode(png(depth, kind, row, width, clear))
    assert photo.alpha is not None
    assert list(photo.alpha.tobytes()) == [255, 0, 255, 255]


@pytest.mark.parametrize("quality", [75, 95])
@pytest.mark.parametrize("side", [150, 400])
@pytest.mark.parametrize("share", [0.8, 0.97])
@pytest.mark.parametrize("lossless", [False, True])
def test_a_webp_that_broke_off_opens(quality, side, share, lossless):
    data = save(CAT.resize((side, side)), "WEBP", quality=quality, lossless=lossless)
    photo = decode(data[: int(len(data) * share)])
    assert photo.notices == [INCOMPLETE] and photo.size == (side, side)


@pytest.mark.parametrize("bits", [8, 16])
def test_a_tiff_with_one_damaged_strip_keeps_the_others(bits):
    values = np.asarray(CAT.convert("L").resize((200, 200)))
    picture = Image.fromarray(values if bits == 8 else values.astype(np.uint16) * 257)
    data = bytearray(save(picture, "TIFF", compression="tiff_adobe_deflate", tiffinfo={278: 10}))
    with Image.open(io.BytesIO(bytes(data))) as opened:
        start = opened.tag_v2[273][5]
    data[start + 20 : start + 40] = bytes(20)
    photo = decode(bytes(data))
    assert photo.notices == [INCOMPLETE]
    found = np.asarray(photo.image)[..., 0].astype(int)
    rows = np.abs(found - values).max(1) <= 1
    assert rows[:50].all() and rows[60:].all()


def test_a_tiff_with_its_bits_in_the_other_order_has_the_same_colours():
    values = np.full((4, 5), 130 * 257, np.uint16)
    data = save(Image.fromarray(values), "TIFF", tiffinfo={266: 2})
    reverse = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))
    plain = values.tobytes()
    assert plain in data
    photo = decode(data.replace(plain, plain.translate(reverse)))
    assert photo.image.getpixel((2, 2)) == (130, 130, 130)


def test_a_bmp_whose_fourth_byte_is_always_zero_is_opaque():
    pixels = np.dstack([np.full((3, 4, 3), 90, np.uint8), np.zeros((3, 4), np.uint8)])
    header = struct.pack("<IiiHHIIiiII", 108, 4, -3, 1, 32, 3, 48, 2835, 2835, 0, 0)
    header += struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000) + b"sRGB" + bytes(48)
    data = struct.pack("<2sIHHI", b"BM", 14 + 108 + 48, 0, 0, 14 + 108) + header + pixels.tobytes()
    photo = decode(data)
    assert photo.alpha is None and photo.image.getpixel((1, 1)) == (90, 90, 90)
