"""Colours are the same in every space, as LittleCMS has them."""

from __future__ import annotations

import io

import numpy
import pytest
from PIL import Image, ImageCms

from offcut.colour.profiles import space_of
from offcut.colour.spaces import SRGB, convert, convert_colour, convert_image
from tests.unit.offcut import icc

SCREEN = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
PROFILES = {
    "Display P3": icc.rgb(icc.P3, icc.SRGB_CURVE),
    "Adobe RGB": icc.rgb(icc.ADOBE, icc.gamma(2.19921875)),
    "ProPhoto": icc.rgb(icc.PROPHOTO, icc.gamma(1.8)),
    "linear": icc.rgb(icc.SRGB, icc.table([])),
    "a table": icc.rgb(icc.ADOBE, icc.table([(at / 40) ** 2 for at in range(41)])),
    "BT.709": icc.rgb(icc.P3, icc.parametric(4, 1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081, 0, 0)),
    "with an offset": icc.rgb(icc.P3, icc.parametric(2, 2.0, 0.9, 0.05, 0.0975)),
    "cut off": icc.rgb(icc.P3, icc.parametric(1, 2.0, 1.1, -0.1)),
    "three curves": icc.icc(
        b"RGB ",
        [
            (name, b"XYZ " + bytes(4) + icc.numbers(*xyz))
            for name, xyz in zip((b"rXYZ", b"gXYZ", b"bXYZ"), icc.P3, strict=True)
        ]
        + [(b"rTRC", icc.gamma(1.8)), (b"gTRC", icc.gamma(2.2)), (b"bTRC", icc.gamma(2.6))],
    ),
}


def by_littlecms(values: numpy.ndarray, profile: bytes, is_to_screen: bool) -> numpy.ndarray:
    own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    ends = (own, SCREEN) if is_to_screen else (SCREEN, own)
    transform = ImageCms.buildTransform(*ends, "RGB", "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC)
    return numpy.asarray(ImageCms.applyTransform(Image.fromarray(values), transform))


def some_colours() -> numpy.ndarray:
    random = numpy.random.default_rng(1).integers(0, 256, (60, 50, 3), numpy.uint8)
    greys = numpy.repeat(numpy.arange(250, dtype=numpy.uint8), 3).reshape(5, 50, 3)
    return numpy.concatenate([random, greys])


@pytest.mark.parametrize("name", PROFILES)
def test_colours_are_shown_as_littlecms_shows_them(name):
    values = some_colours()
    found = convert(values, space_of(PROFILES[name]), None)
    assert numpy.abs(found.astype(int) - by_littlecms(values, PROFILES[name], True)).max() <= 1


@pytest.mark.parametrize("name", PROFILES)
def test_colours_of_the_screen_are_found_in_each_space(name):
    """To within what 8 bits can tell apart in that space: the difference is measured as it is seen."""
    values, space = some_colours(), space_of(PROFILES[name])
    found = by_littlecms(convert(values, None, space), PROFILES[name], True).astype(int)
    wanted = by_littlecms(by_littlecms(values, PROFILES[name], False), PROFILES[name], True).astype(int)
    off = numpy.abs(found - wanted)
    assert numpy.percentile(off, 99) <= 2
    assert numpy.abs(found - wanted).mean() < 0.5


@pytest.mark.parametrize("name", ["Display P3", "Adobe RGB", "ProPhoto", "a table", "three curves"])
def test_a_typed_colour_is_seen_as_typed(name):
    space = space_of(PROFILES[name])
    for colour in ((58, 124, 165), (201, 79, 61), (47, 125, 107), (255, 255, 255), (0, 0, 0), (128, 128, 128)):
        inside = numpy.array([[convert_colour(colour, None, space)]], numpy.uint8)
        seen = by_littlecms(inside, PROFILES[name], True)[0, 0]
        assert numpy.abs(seen.astype(int) - colour).max() <= 2


def test_alpha_masks_and_srgb_stay_as_they_are():
    space = space_of(PROFILES["Display P3"])
    values = numpy.dstack([some_colours(), numpy.arange(65 * 50).reshape(65, 50).astype(numpy.uint8)])
    found = convert(values, space, None)
    assert numpy.array_equal(found[..., 3], values[..., 3])
    assert numpy.array_equal(found[..., :3], convert(values[..., :3], space, None))
    mask = values[:, :3, 0]
    assert convert(mask, space, None) is mask
    assert convert(values, None, SRGB) is values and convert(values, space, space) is values
    picture = Image.fromarray(values)
    assert convert_image(picture, None, None) is picture


def test_a_picture_is_converted_like_its_values_in_whichever_strips():
    space, values = space_of(PROFILES["Adobe RGB"]), numpy.tile(some_colours(), (40, 8, 1))
    assert numpy.array_equal(
        numpy.asarray(convert_image(Image.fromarray(values), space, None)), convert(values, space, None)
    )


def test_a_colour_between_two_wide_spaces_is_not_cut_off_at_srgb():
    p3, adobe = space_of(PROFILES["Display P3"]), space_of(PROFILES["Adobe RGB"])
    green = (60, 220, 60)
    there = convert_colour(green, p3, adobe)
    assert max(abs(a - b) for a, b in zip(convert_colour(there, adobe, p3), green, strict=True)) <= 1
    assert convert_colour(convert_colour(green, p3, None), None, p3) != green


@pytest.mark.parametrize(("name", "limit"), [("Display P3", 3), ("Adobe RGB", 3), ("ProPhoto", 3), ("BT.709", 3)])
def test_a_chosen_colour_is_seen_in_any_space(name, limit):
    """Rounding each channel for itself is off by up to 9."""
    space = space_of(PROFILES[name])
    for colour in numpy.random.default_rng(3).integers(0, 256, (200, 3)).tolist():
        own = convert_colour(tuple(colour), None, space)
        seen = convert(numpy.array([[own]], numpy.uint8), space, None)[0, 0].astype(int)
        assert numpy.abs(seen - colour).max() <= limit


def test_values_of_16_bits_are_converted_finely():
    space = space_of(PROFILES["Display P3"])
    values = numpy.random.default_rng(4).integers(0, 65536, (40, 30, 3), numpy.uint16)
    rough = convert((values // 257).astype(numpy.uint8), space, None).astype(int)
    found = convert(values, space, None)
    assert found.dtype == numpy.uint8 and numpy.abs(found - rough).mean() < 1.5
    exact = (numpy.arange(256, dtype=numpy.uint16) * 257).reshape(1, -1, 1).repeat(3, 2)
    assert numpy.array_equal(convert(exact, space, None), convert((exact // 257).astype(numpy.uint8), space, None))
