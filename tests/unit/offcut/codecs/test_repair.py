"""Files that other programs show although they are not quite whole."""

import re
import zlib

import numpy as np
import pytest
from PIL import Image

from offcut.codecs import decode
from offcut.errors import TruncatedImageError
from tests.unit.offcut.samples import difference, noise, png, png_chunk, png_interlaced, save, scene

PHOTO = Image.fromarray(
    np.clip(
        np.add.outer(np.arange(160), np.arange(200))[..., None] // [2, 3, 5] + np.asarray(noise(200, 160)) // 4, 0, 255
    ).astype(np.uint8)
)
JPEGS = {"baseline": {}, "progressive": {"progressive": True}, "with restart markers": {"restart_marker_rows": 1}}


def jpeg(kind: str) -> bytes:
    return save(PHOTO, "JPEG", quality=90, **JPEGS[kind])


def rows_of(part: Image.Image, whole: Image.Image) -> float:
    """Which part of the rows, from the top, is nearly the same in both pictures."""
    apart = np.abs(np.asarray(part).astype(int) - np.asarray(whole)).max(axis=(1, 2)) > 3
    return float(apart.argmax() / len(apart)) if apart.any() else 1.0


@pytest.mark.parametrize("kind", JPEGS)
@pytest.mark.parametrize("lost", [1, 2])
def test_a_jpeg_without_its_end_marker_is_whole(kind, lost):
    photo = decode(jpeg(kind)[:-lost])
    assert difference(photo.image, decode(jpeg(kind)).image) == 0
    assert photo.notices == []


@pytest.mark.parametrize("kind", ["baseline", "with restart markers"])
@pytest.mark.parametrize("share", [0.7, 0.8, 0.97])
def test_a_jpeg_that_ends_early_is_grey_from_there_on_with_a_notice(kind, share):
    whole = jpeg(kind)
    photo = decode(whole[: int(len(whole) * share)])
    assert photo.notices == ["incomplete"]
    there = rows_of(photo.image, decode(whole).image)
    assert share - 0.2 < there < share + 0.1
    if share < 0.9:
        assert np.abs(np.asarray(photo.image)[-1].astype(int) - 128).max() <= 1


def test_a_progressive_jpeg_that_ends_early_is_less_sharp_with_a_notice():
    whole = jpeg("progressive")
    photo = decode(whole[: len(whole) // 2])
    assert photo.notices == ["incomplete"]
    assert np.abs(np.asarray(photo.image).astype(int) - np.asarray(PHOTO)).mean() < 25


@pytest.mark.parametrize("kind", JPEGS)
def test_most_of_a_jpeg_has_to_be_there(kind):
    whole = jpeg(kind)
    with pytest.raises(TruncatedImageError, match="ends early"):
        decode(whole[: len(whole) // (50 if kind == "progressive" else 4)])


def test_a_jpeg_without_its_restart_markers_opens():
    photo = decode(re.sub(rb"\xff[\xd0-\xd7]", b"", jpeg("with restart markers")))
    assert (photo.size, photo.notices) == (PHOTO.size, ["incomplete"])


@pytest.mark.parametrize("before", [b"\r\n", b"\xef\xbb\xbf", b"--frame\r\nContent-Type: image/jpeg\r\n\r\n"])
def test_what_stands_before_a_picture_is_left_out(before):
    for kind in ("JPEG", "PNG"):
        assert decode(before + save(scene(), kind)).size == (32, 16)


def with_wrong_checksum(data: bytes, kind: bytes) -> bytes:
    at = data.index(kind)
    end = at + 4 + int.from_bytes(data[at - 4 : at], "big")
    return data[:end] + bytes([data[end] ^ 255]) + data[end + 1 :]


EXTRAS = {
    b"pHYs": bytes(9),
    b"gAMA": bytes(4),
    b"cHRM": bytes(32),
    b"sRGB": b"\0",
    b"iCCP": b"x\0\0" + zlib.compress(bytes(128)),
    b"bKGD": bytes(6),
    b"tIME": bytes(7),
    b"tEXt": b"Comment\0hello",
    b"zTXt": b"Comment\0\0" + zlib.compress(b"hello"),
    b"iTXt": b"Comment\0\0\0\0\0hello",
    b"eXIf": b"II*\0\x08\0\0\0\0\0",
    b"tRNS": bytes(6),
    b"acTL": bytes(8),
    b"prVt": b"of a program",
}
ROWS = b"".join(b"\0" + bytes([7] * 3 * 4) for _ in range(3))


@pytest.mark.parametrize("kind", EXTRAS)
def test_a_chunk_beside_the_pixels_with_a_wrong_checksum_is_left_out(kind):
    data = png(4, 3, ROWS, extra=png_chunk(kind, EXTRAS[kind]))
    photo = decode(with_wrong_checksum(data, kind))
    assert photo.image.getextrema() == ((7, 7),) * 3
    assert (photo.alpha, photo.icc_profile, photo.dpi, photo.notices) == (None, None, None, [])


@pytest.mark.parametrize("kind", [b"IHDR", b"IDAT"])
def test_pixels_that_their_own_checksum_confirms_need_no_other(kind):
    photo = decode(with_wrong_checksum(png(4, 3, ROWS), kind))
    assert photo.image.getextrema() == ((7, 7),) * 3 and photo.notices == []


HUGE = zlib.compress(bytes(70_000_000), 9)


@pytest.mark.parametrize(
    "extra",
    [
        png_chunk(b"zTXt", b"Comment\0\0" + HUGE),
        png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + HUGE),
        png_chunk(b"iCCP", b"x\0\0" + HUGE),
        png_chunk(b"tEXt", b"Comment\0" + b"x" * 3_000_000) * 30,
    ],
    ids=["zTXt", "iTXt", "iCCP", "tEXt"],
)
def test_text_and_profiles_of_many_megabytes_do_not_stop_a_png(extra):
    photo = decode(png(4, 3, ROWS, extra=extra))
    assert photo.image.getextrema() == ((7, 7),) * 3 and photo.notices == []


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
def test_a_png_that_ends_early_is_filled_up_with_a_notice(mode):
    if mode == "P":
        picture = PHOTO.quantize(64)
    elif mode == "I;16":
        picture = Image.fromarray(np.asarray(PHOTO.convert("L")).astype(np.uint16) * 257)
    else:
        picture = PHOTO.convert(mode)
    whole = save(picture, "PNG")
    photo = decode(whole[: len(whole) * 4 // 5])
    assert photo.notices == ["incomplete"] and photo.alpha is None
    assert 0.6 < rows_of(photo.image, decode(whole).image) < 0.95
    with pytest.raises(TruncatedImageError, match="ends early"):
        decode(whole[: len(whole) // 4])


def test_a_png_without_its_last_chunk_is_whole():
    for data in (save(PHOTO, "PNG"), png_interlaced(PHOTO)):
        photo = decode(data[:-12])
        assert difference(photo.image, PHOTO) == 0 and photo.notices == []


def test_damaged_pixels_of_a_png_come_with_a_notice():
    data = bytearray(save(PHOTO, "PNG"))
    data[len(data) * 3 // 4] ^= 0x55
    assert decode(bytes(data)).notices == ["incomplete"]


@pytest.mark.parametrize("flags", [0, 2, 8, 16, 32, 255])
def test_a_webp_whose_flags_are_wrong_opens(flags):
    picture = PHOTO.convert("RGBA").rotate(10)
    data = bytearray(save(picture, "WEBP", exif=b"II*\0" + bytes(20)))
    data[20] = flags
    photo = decode(bytes(data))
    assert (photo.size, photo.notices) == (PHOTO.size, [])


@pytest.mark.parametrize("length", [0, 12, 0xFFFFFE])
def test_a_webp_that_states_a_wrong_length_opens(length):
    data = bytearray(save(PHOTO, "WEBP"))
    data[4:8] = length.to_bytes(4, "little")
    assert decode(bytes(data)).size == PHOTO.size


@pytest.mark.parametrize(
    ("kind", "options"),
    [("WEBP", {}), ("WEBP", {"lossless": True}), ("GIF", {}), ("BMP", {})],
    ids=["WebP", "lossless WebP", "GIF", "BMP"],
)
def test_other_formats_that_end_early_have_a_notice(kind, options):
    whole = save(PHOTO, kind, **options)
    assert decode(whole[: len(whole) * 9 // 10]).notices == ["incomplete"]


def test_a_header_that_claims_much_is_not_filled_up():
    """Only as many bytes as the file has itself are ever added."""
    data = bytearray(save(scene(), "GIF"))
    data[6:10] = b"\xff\xff\xff\xff"
    at = data.index(b"\x2c")
    data[at + 5 : at + 9] = b"\xff\xff\xff\xff"
    with pytest.raises(Exception, match="million pixels"):
        decode(bytes(data[:-8]))
