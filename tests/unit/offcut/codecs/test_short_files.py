"""Files that end early, or state more than they have: what is there is shown, and a refusal says what is true."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from offcut.codecs import decode
from offcut.codecs.photo import INCOMPLETE
from offcut.errors import TruncatedImageError
from tests.unit.offcut.samples import difference, exif, noise, png_interlaced, save
from tools.paths import ROOT

CAT = Image.open(ROOT / "tests" / "data" / "cat.png").convert("RGB").resize((240, 200))
FAX = Image.fromarray(
    (np.add.outer(np.arange(400) // 7, np.arange(320) // 11) % 3 > 0) ^ (np.asarray(noise(320, 400))[..., 0] > 250)
)


def rows_alike(photo, wanted: Image.Image, apart: int = 2) -> float:
    """Which part of the rows, from the top, is that of another picture."""
    pixels = np.asarray(photo.image).astype(int)
    off = np.abs(pixels[: wanted.height] - np.asarray(wanted.convert("RGB"))).max(axis=(1, 2)) > apart
    return float((off.argmax() if off.any() else len(off)) / len(pixels))


def strips(data: bytes) -> tuple[int, int]:
    """Where the only strip of a TIFF begins, and how long it is."""
    with Image.open(io.BytesIO(data)) as page:
        assert len(page.tag_v2[273]) == 1
        return page.tag_v2[273][0], page.tag_v2[279][0]


def cut_strip(data: bytes, share: float) -> bytes:
    """A TIFF, its tags at the beginning, with that share of its only strip."""
    at, length = strips(data)
    tags = struct.unpack_from("<I", data, 4)[0]
    if tags < at:
        return data[: at + int(length * share)]
    moved = bytearray(data[tags:])  # tags and their values come first, then the strip
    base = 8 - tags
    for index in range(struct.unpack_from("<H", moved, 0)[0]):
        entry = 2 + 12 * index
        tag, kind, count, value = struct.unpack_from("<HHII", moved, entry)
        if tag == 273:
            struct.pack_into("<I", moved, entry + 8, 8 + len(moved))
        elif count * {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1}[kind] > 4:
            struct.pack_into("<I", moved, entry + 8, value + base)
    return data[:4] + struct.pack("<I", 8) + bytes(moved) + data[at : at + int(length * share)]


SINGLE = {
    "LZW": (CAT, {"compression": "tiff_lzw"}),
    "PackBits": (CAT, {"compression": "packbits"}),
    "deflate": (CAT, {"compression": "tiff_adobe_deflate"}),
    "LZMA": (CAT, {"compression": "tiff_lzma"}),
    "JPEG": (CAT, {"compression": "jpeg", "quality": 90}),
    "LZW palette": (CAT.quantize(64), {"compression": "tiff_lzw"}),
    "LZW of inks": (CAT.convert("CMYK"), {"compression": "tiff_lzw"}),
    "JPEG of inks": (CAT.convert("CMYK"), {"compression": "jpeg", "quality": 95}),
    "grey JPEG": (CAT.convert("L"), {"compression": "jpeg"}),
    "PackBits with alpha": (CAT.convert("RGBA"), {"compression": "packbits"}),
    "fax of group 3": (FAX, {"compression": "group3"}),
    "fax of group 4": (FAX, {"compression": "group4"}),
    "modified Huffman": (FAX, {"compression": "tiff_ccitt"}),
}


@pytest.mark.parametrize("share", [0.7, 0.95])
@pytest.mark.parametrize("kind", SINGLE)
def test_a_strip_that_is_cut_short_is_shown_as_far_as_it_goes(kind, share):
    picture, options = SINGLE[kind]
    data = save(picture, "TIFF", strip_size=1 << 30, **options)
    whole = decode(data)
    assert whole.notices == []
    photo = decode(cut_strip(data, share))
    assert photo.notices == [INCOMPLETE]
    there = rows_alike(photo, whole.image)
    assert share - 0.3 < there < 1
    assert photo.alpha is None
    if "palette" not in kind:  # the missing rows are one grey, whatever the compression
        last = np.asarray(photo.image)[-1].astype(int)
        assert np.ptp(last) <= 2 and 100 < last.mean() < 155


@pytest.mark.parametrize("kind", SINGLE)
def test_of_a_strip_that_lacks_most_the_share_is_said(kind):
    picture, options = SINGLE[kind]
    data = save(picture, "TIFF", strip_size=1 << 30, **options)
    with pytest.raises(TruncatedImageError, match=r"TIFF file ends early") as caught:
        decode(cut_strip(data, 0.2))
    assert " 0 %" not in str(caught.value) and caught.value.reason == "early"


@pytest.mark.parametrize("colours", ["RGB", "L", "CMYK", "YCbCr"])
def test_tiles_of_jpegs_are_read_each_by_itself(colours):
    """One lies beyond the end of the file, so all go the way on which Pillow shows nothing."""
    picture = CAT.convert(colours)
    data = bytearray(save(picture, "TIFF", compression="jpeg", quality=95, tiffinfo={278: 40}))
    whole = decode(bytes(data))
    with Image.open(io.BytesIO(bytes(data))) as page:
        start = page.tag_v2.offset
    (count,) = struct.unpack_from("<H", data, start)
    for entry in range(start + 2, start + 2 + 12 * count, 12):
        tag, _, strip_count, places = struct.unpack_from("<HHII", data, entry)
        if tag == 273:
            assert strip_count == 5
            struct.pack_into("<I", data, places + 16, len(data))
    photo = decode(bytes(data))
    assert photo.notices == [INCOMPLETE]
    assert np.abs(np.asarray(photo.image)[:160].astype(int) - np.asarray(whole.image)[:160]).max() <= 4


def test_a_tiff_whose_list_of_contents_is_cut_off_ends_early():
    data = save(CAT, "TIFF", compression="tiff_lzw")
    start = struct.unpack_from("<I", data, 4)[0]
    assert start > len(data) // 2
    for end in (start - 10, start + 20):
        with pytest.raises(TruncatedImageError, match=r"TIFF file ends early\.") as caught:
            decode(data[:end])
        assert caught.value.reason == "early"


FRAMES = {b"\xff\xc0": {}, b"\xff\xc2": {"progressive": True}}


def claiming(height: int, picture: Image.Image = CAT, marker: bytes = b"\xff\xc0", **options) -> bytes:
    """A JPEG whose header states that many rows."""
    data = bytearray(save(picture, "JPEG", quality=90, **FRAMES[marker], **options))
    at = data.index(marker)
    data[at + 5 : at + 7] = struct.pack(">H", height)
    return bytes(data)


LONG = {
    "plain": claiming(300),
    "far too many": claiming(900),
    "progressive": claiming(300, marker=b"\xff\xc2"),
    "grey": claiming(300, CAT.convert("L")),
    "inks": claiming(300, CAT.convert("CMYK")),
    "restart markers": claiming(300, restart_marker_rows=1),
}


@pytest.mark.parametrize("name", LONG)
def test_a_jpeg_that_states_more_rows_than_it_has_is_incomplete(name):
    photo = decode(LONG[name])
    assert photo.notices == [INCOMPLETE] and photo.size[0] == 240 and photo.size[1] in (300, 900)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_is_in_any_orientation_and_a_cut_one_opens(orientation):
    block = exif(orientation)
    assert decode(claiming(300, exif=block)).notices == [INCOMPLETE]
    whole = save(CAT, "JPEG", quality=90, exif=block)
    photo = decode(whole[: len(whole) * 3 // 4])
    assert photo.notices == [INCOMPLETE]
    assert photo.size == ((200, 240) if orientation > 4 else (240, 200))


@pytest.mark.parametrize("grey", [(128, 128, 128), (127, 127, 127), (90, 95, 100)])
def test_a_jpeg_that_is_grey_itself_is_whole(grey):
    flat = Image.new("RGB", (120, 80), grey)
    assert decode(save(flat, "JPEG")).notices == []
    framed = flat.copy()
    framed.paste(CAT.resize((60, 40)), (30, 20))
    assert decode(save(framed, "JPEG", restart_marker_rows=1)).notices == []


def test_a_jpeg_that_states_its_rows_behind_the_pixels_opens():
    data = claiming(0)
    photo = decode(data[:-2] + b"\xff\xdc\0\x04" + struct.pack(">H", 200) + b"\xff\xd9")
    assert difference(photo.image, decode(claiming(200)).image) == 0 and photo.notices == []


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
def test_a_png_that_states_more_rows_than_it_has_is_incomplete(mode):
    data = bytearray(save(CAT.quantize(32) if mode == "P" else CAT.convert(mode), "PNG"))
    data[20:24] = struct.pack(">I", 260)
    data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    photo = decode(bytes(data))
    assert photo.notices == [INCOMPLETE]
    assert rows_alike(photo, CAT.convert(mode) if mode != "P" else CAT, 60) >= 200 / 260


@pytest.mark.parametrize("picture", [Image.new("RGB", (40, 30)), Image.new("RGBA", (40, 30)), Image.new("L", (40, 30))])
def test_a_png_that_is_black_or_clear_itself_is_whole(picture):
    assert "incomplete" not in decode(save(picture, "PNG")).notices
    assert "incomplete" not in decode(png_interlaced(picture.convert("RGB"))).notices


def test_a_gif_that_states_more_rows_than_it_has_is_incomplete_and_a_small_frame_lies_on_nothing():
    data = bytearray(save(CAT, "GIF"))
    data[8:10] = struct.pack("<H", 260)
    photo = decode(bytes(data))
    assert "incomplete" not in photo.notices and photo.size == (240, 260)
    assert photo.alpha.crop((0, 0, 240, 200)).getextrema() == (255, 255)
    assert photo.alpha.crop((0, 200, 240, 260)).getextrema() == (0, 0)
    at = data.index(b"\x2c", 13 + (3 << (data[10] & 7) + 1))
    data[at + 7 : at + 9] = struct.pack("<H", 260)
    assert decode(bytes(data)).notices == [INCOMPLETE]


def test_a_tiff_that_states_more_rows_than_it_has_is_incomplete():
    data = save(CAT, "TIFF", tiffinfo={278: 50})
    for form, kind in (("<HHII", 4), ("<HHIHH", 3)):
        rest = (0,) if kind == 3 else ()
        data = data.replace(struct.pack(form, 257, kind, 1, 200, *rest), struct.pack(form, 257, kind, 1, 260, *rest))
    photo = decode(data)
    assert photo.size == (240, 260) and photo.notices == [INCOMPLETE]
    assert rows_alike(photo, CAT) == 200 / 260 and photo.image.getpixel((3, 255)) == (128, 128, 128)


@pytest.mark.parametrize("kind", ["WEBP", "AVIF", "JPEG", "PNG", "GIF", "BMP"])
@pytest.mark.parametrize("lossless", [False, True])
@pytest.mark.parametrize("share", [0.02, 0.1, 0.3])
def test_of_a_file_that_lacks_most_it_is_said_that_it_ends_early(kind, lossless, share):
    data = save(CAT, kind, **({"lossless": True} if kind == "WEBP" and lossless else {}))
    with pytest.raises(TruncatedImageError, match="file ends early") as caught:
        decode(data[: int(len(data) * share)])
    assert (caught.value.reason, caught.value.kind.upper()) == ("early", kind)


@pytest.mark.parametrize("brand", [b"avif", b"heic", b"mif1"])
def test_a_photo_in_boxes_that_are_cut_needs_no_newer_browser(brand):
    whole = b"\0\0\0\x18ftyp" + brand + bytes(4) + brand + b"mif1" + struct.pack(">I4s", 1008, b"mdat") + bytes(1000)
    with pytest.raises(TruncatedImageError, match="only about 58 % of it") as caught:
        decode(whole[:600])
    assert "newer" not in str(caught.value)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("lossless", [False, True])
def test_a_file_whose_end_was_never_written_is_incomplete(kind, lossless):
    """A download that was given its room before: zeros stand where the rest was to come."""
    data = save(CAT, kind, **({"lossless": True} if kind == "WEBP" and lossless else {}))
    there = len(data) * 8 // 10
    photo = decode(data[:there] + bytes(len(data) - there))
    assert photo.notices == [INCOMPLETE] and photo.size == CAT.size


def test_a_whole_file_that_ends_with_zeros_of_its_own_opens():
    """Rows that repeat become zeros in a lossless WebP; other bits in their place would make no picture."""
    pixels = np.random.default_rng(1).integers(0, 256, (1024, 512, 3), np.uint8)
    pixels[128:] = pixels[128]
    data = save(Image.fromarray(pixels), "WEBP", lossless=True, method=0)
    assert data.endswith(bytes(256))
    photo = decode(data)
    assert np.array_equal(np.asarray(photo.image), pixels) and photo.notices == []


@pytest.mark.parametrize("lossless", [False, True])
def test_a_cutout_as_webp_that_broke_off_opens(lossless):
    cutout = CAT.convert("RGBA")
    cutout.putalpha(Image.new("L", (120, 120), 255).resize(CAT.size).rotate(25))
    data = save(cutout, "WEBP", lossless=lossless, quality=90)
    photo = decode(data[: int(len(data) * 0.92)])
    assert INCOMPLETE in photo.notices and photo.alpha is not None
