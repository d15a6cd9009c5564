"""Photos of every format and mode become upright 8-bit RGB with their own alpha."""

import numpy as np
import pytest
from PIL import Image

from offcut.codecs import decode
from tests.unit.offcut.samples import (
    difference,
    gif,
    grey,
    layered_files,
    noise,
    pixels,
    png,
    png_chunk,
    png_interlaced,
    png_of_16_bits,
    save,
    scene,
    still_files,
    tiff_with,
)


@pytest.mark.parametrize(
    ("kind", "options", "allowed"),
    [
        ("JPEG", {"quality": 95, "subsampling": 0}, 6),
        ("JPEG", {"quality": 95, "subsampling": 0, "progressive": True}, 6),
        ("PNG", {}, 0),
        ("WEBP", {"lossless": True}, 0),
        ("GIF", {}, 0),
        ("TIFF", {}, 0),
        ("TIFF", {"compression": "tiff_lzw"}, 0),
        ("TIFF", {"compression": "tiff_adobe_deflate"}, 0),
        ("TIFF", {"compression": "packbits"}, 0),
        ("TIFF", {"big_tiff": True}, 0),
        ("BMP", {}, 0),
    ],
)
def test_every_format_gives_the_picture_that_was_saved(kind, options, allowed):
    photo = decode(save(scene(), kind, **options))
    assert difference(photo.image, scene()) <= allowed
    assert (photo.size, photo.image.mode, photo.alpha, photo.notices) == ((32, 16), "RGB", None, [])


def test_a_lossy_webp_gives_the_colours_away_from_edges():
    """Its colour planes have half the resolution, so edges blur."""
    image = decode(save(scene(), "WEBP", quality=95)).image
    places = [(4, 4), (28, 4), (4, 12), (28, 12)]
    assert np.abs(np.array([np.subtract(image.getpixel(p), scene().getpixel(p)) for p in places])).max() <= 8


@pytest.mark.parametrize("name", still_files())
def test_a_still_file_is_opened_without_a_notice(name):
    photo = decode(still_files()[name])
    assert photo.image.mode == "RGB" and set(photo.notices) <= {"own-shape"}


def test_bytes_after_the_picture_are_ignored():
    """Phones append their own data, downloads append zeros."""
    for kind in ("JPEG", "PNG", "GIF", "BMP"):
        assert decode(save(scene(), kind) + b"SEFT" + bytes(5000)).size == (32, 16)


def test_the_colours_as_an_array():
    colours = decode(save(scene(), "PNG")).rgb
    assert (colours.shape, colours.dtype) == ((16, 32, 3), np.uint8)
    assert tuple(colours[0, 0]) == (200, 30, 30)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "JPEG", "WEBP", "BMP", "GIF"])
def test_grey(kind):
    levels = Image.new("L", (16, 16), 77)
    options = {"lossless": True} if kind == "WEBP" else {}
    assert decode(save(levels, kind, **options)).image.getpixel((8, 8)) == (77, 77, 77)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP"])
def test_one_bit(kind):
    assert pixels(decode(save(grey([0, 255, 255], np.uint8).convert("1"), kind)).image) == [
        [0] * 3,
        [255] * 3,
        [255] * 3,
    ]


def test_few_bits_are_spread_over_the_whole_range():
    for depth, row, levels in ((1, 0b01000000, [0, 255]), (2, 0b01100000, [85, 170]), (4, 0x0F, [0, 255])):
        data = png(2, 1, bytes([0, row]), depth=depth, colour=0)
        assert pixels(decode(data).image) == [[level] * 3 for level in levels]


@pytest.mark.parametrize("kind", ["PNG", "GIF", "TIFF", "BMP"])
def test_palette(kind):
    assert difference(decode(save(scene().quantize(4), kind)).image, scene()) == 0


def test_a_palette_with_one_transparent_entry():
    picture = scene().quantize(4)
    hidden = picture.getpixel((0, 0))
    for kind in ("PNG", "GIF"):
        photo = decode(save(picture, kind, transparency=hidden))
        assert photo.image.mode == "RGB" and photo.alpha.mode == "L"
        assert (photo.alpha.getpixel((0, 0)), photo.alpha.getpixel((31, 0))) == (0, 255)


def test_a_palette_with_an_alpha_for_each_entry():
    picture = Image.new("P", (3, 1))
    picture.putpalette([10, 20, 30, 40, 50, 60, 70, 80, 90])
    picture.putdata([0, 1, 2])
    photo = decode(save(picture, "PNG", transparency=bytes([1, 128, 255])))
    assert pixels(photo.alpha) == [1, 128, 255]
    assert pixels(photo.image) == [[10, 20, 30], [40, 50, 60], [70, 80, 90]]


def test_one_transparent_colour_of_a_picture_without_alpha():
    photo = decode(save(scene(), "PNG", transparency=(200, 30, 30)))
    assert (photo.alpha.getpixel((0, 0)), photo.alpha.getpixel((31, 0))) == (0, 255)
    photo = decode(save(grey([255, 128], np.uint8), "PNG", transparency=255))
    assert pixels(photo.alpha) == [0, 255]


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_the_files_alpha_is_kept_with_the_colours_under_it(mode, kind):
    picture = scene().convert(mode)
    picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    photo = decode(save(picture, kind, **options))
    assert difference(photo.alpha, picture.getchannel("A")) == 0
    assert difference(photo.image, scene().convert(mode[:-1]).convert("RGB")) == 0


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_an_alpha_that_is_opaque_throughout_is_none(kind):
    assert decode(save(scene().convert("RGBA"), kind)).alpha is None


def test_one_faint_pixel_is_enough_for_an_alpha():
    picture = scene().convert("RGBA")
    picture.putpixel((5, 5), (1, 2, 3, 254))
    assert decode(save(picture, "PNG")).alpha.getextrema() == (254, 255)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk(kind):
    """Cyan, magenta, yellow and paper, as a printer's file has them."""
    picture = Image.new("CMYK", (64, 16))
    inks = [(255, 0, 0, 0), (0, 255, 0, 0), (0, 0, 255, 0), (0, 0, 0, 0)]
    for place, ink in enumerate(inks):
        picture.paste(ink, (16 * place, 0, 16 * place + 16, 16))
    options = {"quality": 95, "subsampling": 0} if kind == "JPEG" else {}
    image = decode(save(picture, kind, **options)).image
    seen = [image.getpixel((16 * place + 8, 8)) for place in range(4)]
    wanted = [(0, 255, 255), (255, 0, 255), (255, 255, 0), (255, 255, 255)]
    assert np.abs(np.array(seen) - np.array(wanted)).max() <= 12


@pytest.mark.parametrize(
    "data",
    [
        save(grey([0, 32768, 65535, 257, 65278], np.uint16), "PNG"),
        save(grey([0, 32768, 65535, 257, 65278], np.uint16), "TIFF"),
        save(grey([0, 32768, 65535, 257, 65278], ">u2"), "TIFF"),
    ],
    ids=["PNG", "TIFF", "big-endian TIFF"],
)
def test_16_bit_grey_is_scaled_and_not_clipped(data):
    assert pixels(decode(data).image) == [[level] * 3 for level in (0, 128, 255, 1, 254)]


def test_16_bit_colour_is_scaled_and_not_clipped():
    image = decode(png_of_16_bits([[65535, 32768, 0], [0, 65535, 32768]], colour=2)).image
    assert pixels(image) == [[255, 128, 0], [0, 255, 128]]


def test_16_bit_alpha_is_scaled_and_not_clipped():
    photo = decode(png_of_16_bits([[65535, 32768, 0, 32768], [0, 65535, 32768, 65535]], colour=6))
    assert pixels(photo.image) == [[255, 128, 0], [0, 255, 128]]
    assert pixels(photo.alpha) == [128, 255]
    photo = decode(png_of_16_bits([[32768, 257], [65535, 65535]], colour=4))
    assert pixels(photo.image) == [[128] * 3, [255] * 3]
    assert pixels(photo.alpha) == [1, 255]


def test_16_bit_grey_keeps_its_one_transparent_level():
    photo = decode(save(grey([65535, 32768], np.uint16), "PNG", transparency=65535))
    assert pixels(photo.image) == [[128] * 3, [128] * 3]  # nothing is left of what is hidden
    assert photo.alpha is not None and pixels(photo.alpha) == [0, 255]


@pytest.mark.parametrize(
    ("values", "dtype", "levels"),
    [
        ([0.0, 0.5, 1.0], np.float32, [0, 128, 255]),
        ([0.0, 128.0, 255.0], np.float32, [0, 128, 255]),
        ([0.0, 32768.0, 65535.0], np.float32, [0, 128, 255]),
        ([0, 128, 255], np.int32, [0, 128, 255]),
        ([0, 50, 100], np.int32, [0, 50, 100]),  # a dark picture stays dark
        ([0, 32768, 65535], np.int32, [0, 128, 255]),
        ([-1.0, 0.25, 1.0], np.float32, [0, 64, 255]),
    ],
)
def test_32_bit_tiffs_are_scaled_by_the_range_they_use(values, dtype, levels):
    assert pixels(decode(save(grey(values, dtype), "TIFF")).image) == [[level] * 3 for level in levels]


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([0.0, 0.5, 1.0, 1.2], np.float32),  # a highlight brighter than white
        ([0, 500, 1000], np.float32),
        ([0, 2**30, 2**31 - 1], np.int32),
    ],
    ids=["highlight", "free scale", "whole range"],
)
def test_32_bit_tiffs_of_other_ranges_are_neither_black_nor_white(values, dtype):
    levels = [level for level, _, _ in pixels(decode(save(grey(values, dtype), "TIFF")).image)]
    assert levels[0] == 0 and levels[-1] > 200
    assert 60 < levels[1] < 200


def test_nan_and_infinity_become_black_or_white():
    values = [np.nan, np.inf, -np.inf, 0.5]
    levels = pixels(decode(save(grey(values, np.float32), "TIFF")).image)
    assert levels[:3] == [[0] * 3, [255] * 3, [0] * 3]
    assert decode(save(grey([np.nan] * 2, np.float32), "TIFF")).image.getextrema() == ((0, 0),) * 3


def test_an_interlaced_png():
    picture = noise(13, 11)
    assert difference(decode(png_interlaced(picture)).image, picture) == 0


@pytest.mark.parametrize(
    "extra",
    [
        png_chunk(b"tEXt", b"Comment\0" + b"x" * 70_000),
        png_chunk(b"qqQq", b"of an unknown kind here"),
        png_chunk(b"iCCP", b"x\0\0broken"),
    ],
    ids=["long text", "unknown", "broken profile"],
)
def test_metadata_chunks_of_a_png_do_not_stop_it(extra):
    rows = b"".join(b"\0" + bytes([7] * 3 * 4) for _ in range(3))
    photo = decode(png(4, 3, rows, extra=extra))
    assert photo.image.getextrema() == ((7, 7),) * 3 and photo.icc_profile is None


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("GIF", {}),
        ("GIF", {"transparency": 3}),
        ("WEBP", {"lossless": True}),
        ("PNG", {}),
        ("PNG", {"default_image": True}),
    ],
)
def test_the_first_frame_of_an_animation_is_read_with_a_notice(kind, options):
    others = [Image.new("RGB", (32, 16), colour) for colour in ("red", "lime")]
    photo = decode(save(scene(), kind, append_images=others, **options))
    if "transparency" not in options:
        assert difference(photo.image, scene()) == 0
    assert photo.notices[0] == "animated"


def test_an_animation_that_stops_half_way_still_gives_its_first_frame():
    """A download that broke off; viewers show it."""
    frames = [Image.new("RGB", (16, 12), colour) for colour in ("red", "lime", "blue")]
    whole = save(frames[0], "GIF", append_images=frames[1:])
    second = whole.index(b"\x21\xf9", whole.index(b"\x2c"))
    for cut in range(second + 1, len(whole), 3):
        assert pixels(decode(whole[:cut]).image)[0] == [255, 0, 0]


def test_a_frame_smaller_than_its_gif_does_not_change_the_size():
    assert decode(gif(9, 7, frame=(3, 2, 1, 1))).size == (9, 7)


def test_a_phones_photo_with_a_preview_is_not_an_animation():
    """Many phones store a preview, a depth map or a brightness map behind the photo (MPF)."""
    photo = decode(layered_files()["phone JPEG"])
    assert photo.size == (16, 12)
    assert photo.notices == []


def test_the_first_page_of_a_scan_is_read():
    photo = decode(layered_files()["scanned TIFF"])
    assert difference(photo.image, noise()) == 0
    assert photo.notices == []


@pytest.mark.parametrize("rest", [bytes(8), b"\xff" * 8, b""], ids=["empty page", "nonsense", "end of file"])
def test_a_tiff_whose_next_page_is_broken_still_gives_the_first(rest):
    data = bytearray(save(noise(), "TIFF"))
    start = int.from_bytes(data[4:8], "little")
    pointer = start + 2 + 12 * int.from_bytes(data[start : start + 2], "little")
    data[pointer : pointer + 4] = len(data).to_bytes(4, "little")
    assert difference(decode(bytes(data) + rest).image, noise()) == 0


def test_a_profile_tag_of_the_wrong_type_is_ignored():
    assert decode(tiff_with(34675, 4, 1, 5)).icc_profile is None
