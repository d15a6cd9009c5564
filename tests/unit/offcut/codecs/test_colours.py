"""A decoded photo has the colours that its file means."""

from __future__ import annotations

import io
import struct

import numpy
import pytest
from PIL import Image, ImageCms

from offcut.codecs import colours as module
from offcut.codecs import decode
from offcut.colour.spaces import convert
from tests.unit.offcut import icc
from tests.unit.offcut.samples import noise, png_chunk, save, scene

PATCHES = {(255, 0, 0, 0): (0, 150, 218), (0, 255, 0, 0): (216, 0, 121), (0, 0, 255, 0): (247, 224, 0),
           (0, 255, 255, 0): (215, 22, 30), (0, 0, 0, 0): (255, 255, 255)}  # fmt: skip
"""Inks of `icc.press`, and what LittleCMS shows for them."""


def row(mode: str, values: list, patch: int = 16) -> Image.Image:
    """Squares of these values beside each other."""
    picture = Image.new(mode, (patch * len(values), patch))
    for at, value in enumerate(values):
        picture.paste(value, (patch * at, 0, patch * at + patch, patch))
    return picture


def middles(image: Image.Image, patch: int = 16) -> list:
    return [image.getpixel((x, patch // 2)) for x in range(patch // 2, image.width, patch)]


def seen(data: bytes) -> Image.Image:
    """A file's picture as a viewer shows it that knows profiles."""
    photo = decode(data)
    return Image.fromarray(convert(photo.rgb, photo.space, None))


def off(found: list, wanted: list) -> int:
    return int(numpy.abs(numpy.array(found).astype(int) - numpy.array(wanted)).max())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_photo_keeps_its_values_and_its_profile(kind):
    options = {"lossless": True} if kind == "WEBP" else {}
    data = save(scene(), kind, icc_profile=icc.rgb(), **options)
    plain = save(scene(), kind, **options)
    assert numpy.array_equal(decode(data).rgb, decode(plain).rgb) and decode(data).icc_profile == icc.rgb()
    assert decode(data).space is not None and decode(plain).space is None


def test_a_profile_of_srgb_is_kept_and_changes_nothing():
    profile = icc.rgb(icc.SRGB, icc.SRGB_CURVE)
    photo = decode(save(scene(), "PNG", icc_profile=profile))
    assert photo.icc_profile == profile and photo.space is None


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_inks_have_the_colours_of_their_press(kind):
    options = {"quality": 100, "subsampling": 0} if kind == "JPEG" else {}
    photo = decode(save(row("CMYK", list(PATCHES)), kind, icc_profile=icc.press(), **options))
    assert off(middles(photo.image), list(PATCHES.values())) <= 2 and photo.icc_profile is None


@pytest.mark.parametrize("profile", [None, icc.rgb(), b"broken", icc.press()[:200]], ids=["none", "RGB", "no", "cut"])
def test_inks_without_a_profile_of_inks_are_converted_plainly(profile):
    """As browsers do: red is what cyan and black leave of white."""
    inks = [(255, 0, 0, 0), (0, 255, 255, 0), (0, 0, 0, 255), (100, 50, 20, 30), (10, 200, 100, 128)]
    data = save(row("CMYK", inks), "JPEG", quality=100, subsampling=0, icc_profile=profile)
    wanted = [(0, 255, 255), (255, 0, 0), (0, 0, 0), (136, 180, 207), (122, 27, 77)]
    assert off(middles(decode(data).image), wanted) <= 2


def test_a_ycck_jpeg_is_not_turned_into_its_negative():
    """As Photoshop writes it: the inks inverted, then as brightness and two differences, none for greys."""
    white, black, grey = (255, 127, 127, 0), (255, 127, 127, 255), (127, 127, 127, 0)
    data = save(row("CMYK", [white, black, grey]), "JPEG", quality=100, subsampling=0)
    transform = data.index(b"Adobe") + 11
    data = data[:transform] + b"\x02" + data[transform + 1 :]
    assert off(middles(decode(data).image), [(255,) * 3, (0,) * 3, (127,) * 3]) <= 2


def screened(values: list[int], mode: str, profile: bytes) -> list:
    """The colours that LittleCMS finds."""
    own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    transform = ImageCms.buildTransform(own, ImageCms.createProfile("sRGB"), mode, "RGB", 1)
    return middles(ImageCms.applyTransform(row(mode, values), transform))


GREYS = {
    "gamma 2.2": icc.grey(icc.gamma(2.2)),
    "gamma 1.8": icc.grey(icc.gamma(1.8)),
    "dot gain": icc.grey(icc.table([(at / 255) ** 1.75 * (1 - 0.2 * (1 - at / 255)) for at in range(256)])),
    "parametric": icc.grey(icc.SRGB_CURVE),
}


@pytest.mark.parametrize("name", GREYS)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_greys_are_as_light_as_their_profile_says(name, kind):
    values = [0, 5, 20, 60, 128, 200, 255]
    options = {"quality": 100} if kind == "JPEG" else {}
    photo = decode(save(row("L", values), kind, icc_profile=GREYS[name], **options))
    assert off(middles(photo.image), screened(values, "L", GREYS[name])) <= 1 and photo.icc_profile is None


def test_deep_greys_and_greys_with_alpha_too():
    profile = GREYS["gamma 1.8"]
    wanted = screened([60], "L", profile)
    deep = Image.fromarray(numpy.full((16, 16), 60 * 257, numpy.uint16))
    assert off(middles(decode(save(deep, "PNG", icc_profile=profile)).image), wanted) <= 1
    clear = decode(save(Image.new("LA", (16, 16), (60, 99)), "PNG", icc_profile=profile))
    assert off(middles(clear.image), wanted) <= 1 and clear.alpha.getextrema() == (99, 99)


def test_greys_may_have_a_profile_of_rgb():
    photo = decode(save(row("L", [60]), "PNG", icc_profile=icc.rgb()))
    assert photo.icc_profile == icc.rgb() and middles(photo.image) == [(60, 60, 60)]


def test_a_scanners_table_is_used_and_the_alpha_stays():
    corners = [(100 * (r + g + b) / 3, 60 * (r - g), 60 * (g - b)) for r in (0, 1) for g in (0, 1) for b in (0, 1)]
    profile = icc.lookup(b"RGB ", corners, b"scnr")
    values = [(255, 255, 255), (255, 0, 0), (90, 140, 30)]
    wanted = screened(values, "RGB", profile)
    picture = row("RGB", values)
    assert off(wanted, values) > 50
    assert off(middles(decode(save(picture, "TIFF", icc_profile=profile)).image), wanted) <= 1
    picture.putalpha(77)
    photo = decode(save(picture, "PNG", icc_profile=profile))
    assert off(middles(photo.image), wanted) <= 1 and photo.alpha.getextrema() == (77, 77) and not photo.icc_profile


@pytest.mark.parametrize("colours", [b"CMYK", b"GRAY"])
def test_a_profile_of_other_colours_than_the_photos_is_ignored(colours):
    profile = icc.press() if colours == b"CMYK" else GREYS["gamma 1.8"]
    photo = decode(save(scene(), "PNG", icc_profile=profile))
    assert numpy.array_equal(photo.rgb, numpy.asarray(scene())) and photo.icc_profile is None


def test_a_table_that_littlecms_finds_broken_is_ignored():
    profile = icc.press().replace(b"mft1", b"mft9")
    photo = decode(save(row("CMYK", [(255, 0, 0, 0)]), "TIFF", icc_profile=profile))
    assert middles(photo.image) == [(0, 255, 255)] and photo.icc_profile is None


@pytest.mark.parametrize("mode", ["CMYK", "RGB", "L"])
def test_without_littlecms_there_is_a_rough_copy_and_what_it_was_made_of(monkeypatch, mode):
    """As in Pyodide, where the browser converts what is left."""
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
    space = {"CMYK": b"CMYK", "RGB": b"RGB ", "L": b"GRAY"}[mode]
    profile = icc.lookup(space, [(50, 0, 0)] * {"CMYK": 16, "RGB": 8, "L": 2}[mode])
    source = noise().convert(mode)
    photo = decode(save(source, "TIFF", icc_profile=profile))
    assert photo.image.mode == "RGB" and photo.image.size == source.size and photo.icc_profile is None
    assert numpy.array_equal(numpy.asarray(photo.unconverted.image), numpy.asarray(source))
    assert photo.unconverted.icc_profile == profile


def gama(value: float) -> bytes:
    return png_chunk(b"gAMA", struct.pack(">I", round(value * 100_000)))


def chrm(*values: float) -> bytes:
    return png_chunk(b"cHRM", struct.pack(">8I", *(round(value * 100_000) for value in values)))


def cicp(*values: int) -> bytes:
    return png_chunk(b"cICP", bytes(values))


SRGB_POINTS = (0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)
P3_POINTS = (0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06)
VALUES = [(10, 10, 10), (40, 40, 40), (128, 128, 128), (200, 30, 30), (58, 124, 165)]
STATED = {
    "gamma of sRGB": (gama(0.45455), VALUES),
    "linear": (gama(1), [(56, 56, 56), (110, 110, 110), (188, 188, 188), (229, 96, 96), (131, 185, 210)]),
    "1.8": (gama(1 / 1.8), [(10, 10, 10), (53, 53, 53), (146, 146, 146), (210, 40, 40), (75, 143, 180)]),
    "gamma and sRGB's primaries": (
        gama(0.45455) + chrm(*SRGB_POINTS),
        [(3, 3, 3), (35, 35, 35), (129, 129, 129), (201, 24, 24), (55, 125, 167)],
    ),
    "gamma and P3's primaries": (
        gama(0.45455) + chrm(*P3_POINTS),
        [(3, 3, 3), (35, 35, 35), (129, 129, 129), (220, 0, 0), (3, 127, 171)],
    ),
    "primaries alone": (chrm(*P3_POINTS), VALUES),
    "sRGB counts more": (png_chunk(b"sRGB", b"\0") + gama(1) + chrm(*P3_POINTS), VALUES),
    "no gamma": (gama(0), VALUES),
    "no primaries": (gama(0.45455) + chrm(*[0] * 8), VALUES),
    "cICP P3": (cicp(12, 13, 0, 1), [*VALUES[:3], (218, 0, 6), (19, 126, 169)]),
    "cICP BT.2020": (cicp(9, 13, 0, 1), [*VALUES[:3], (249, 0, 9), (0, 129, 170)]),
    "cICP BT.709": (cicp(1, 1, 0, 1), [(1, 1, 1), (28, 28, 28), (121, 121, 121), (197, 18, 18), (47, 117, 160)]),
    "cICP linear": (cicp(1, 8, 0, 1), [(56, 56, 56), (110, 110, 110), (188, 188, 188), (229, 96, 96), (131, 185, 210)]),
    "cICP sRGB": (cicp(1, 13, 0, 1) + gama(1), VALUES),
    "cICP of a limited range": (cicp(12, 13, 0, 0), VALUES),
    "cICP unspecified": (cicp(2, 2, 0, 1), VALUES),
    "cut off": (png_chunk(b"cICP", b"\x0c"), VALUES),
}


@pytest.mark.parametrize("name", STATED)
def test_a_png_that_states_its_colours_without_a_profile_is_read_as_chromium_reads_it(name):
    extra, wanted = STATED[name]
    data = save(row("RGB", VALUES), "PNG")
    photo = decode(data[:33] + extra + data[33:])
    assert off(middles(photo.image), wanted) <= 1 and photo.icc_profile is None


def test_code_points_count_more_than_a_profile_and_a_profile_more_than_a_gamma():
    data = save(row("RGB", VALUES), "PNG", icc_profile=icc.rgb(icc.ADOBE))
    assert off(middles(seen(data[:33] + cicp(12, 13, 0, 1) + data[33:])), STATED["cICP P3"][1]) <= 1
    assert off(middles(seen(data[:33] + gama(1) + data[33:])), middles(seen(data))) == 0


AVIFS = {
    (12, 13): (220, 0, 6),
    (9, 13): (251, 0, 9),
    (1, 4): (202, 24, 24),
    (1, 1): (201, 30, 30),
    (1, 6): (201, 30, 30),
    (2, 2): (201, 30, 30),
    (12, 1): (220, 0, 6),
}
"""Code points, and what Chromium shows for a red that is (201, 30, 30) in the file."""


@pytest.mark.parametrize("points", AVIFS)
def test_an_avif_that_names_its_colours_is_read_as_chromium_reads_it(points):
    data = save(Image.new("RGB", (16, 16), (200, 30, 30)), "AVIF", quality=100, subsampling="4:4:4")
    at = data.index(b"colrnclx") + 8
    data = data[:at] + struct.pack(">HH", *points) + data[at + 4 :]
    assert off(middles(decode(data).image), [AVIFS[points]]) <= 1


def test_an_avifs_profile_counts_more_than_its_code_points():
    assert decode(save(noise(), "AVIF", icc_profile=icc.rgb())).icc_profile == icc.rgb()


def test_a_bmp_has_its_embedded_profile():
    """Version 5, as Chromium shows it."""
    rows, profile = bytes((40, 80, 200)) * 64, icc.rgb()
    header = struct.pack("<IiiHHIIiiII", 124, 8, 8, 1, 24, 0, len(rows), 0, 0, 0, 0) + bytes(16) + b"DEBM" + bytes(48)
    header += struct.pack("<IIII", 4, 124 + len(rows), len(profile), 0)
    data = b"BM" + struct.pack("<IHHI", 138 + len(rows) + len(profile), 0, 0, 138) + header + rows + profile
    assert decode(data).icc_profile == profile and off([seen(data).getpixel((4, 4))], [(218, 67, 3)]) <= 1
    other = data.replace(b"DEBM", b"BGRs")
    assert decode(other).icc_profile is None
