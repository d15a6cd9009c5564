"""Colours, alpha and a plain background put together."""

import numpy as np
import pytest
from hypothesis import given, strategies
from hypothesis.extra import numpy as arrays
from PIL import Image

from offcut.compositing import Cutout, combine_alpha, cut_out, over_colour, parse_colour
from offcut.errors import OptionError
from offcut.geometry import Box
from tests.unit.offcut.samples import assert_plain, difference, examples, noise, pixels, scene

shapes = strategies.tuples(strategies.integers(1, 12), strategies.integers(1, 12))


def level(value: int, size: tuple[int, int] = (4, 3)) -> Image.Image:
    return Image.new("L", size, value)


def row(*values: int) -> Image.Image:
    return Image.fromarray(np.array([values], np.uint8))


@examples()
@given(strategies.integers(1, 9), strategies.integers(1, 9), strategies.data())
def test_every_visible_pixel_keeps_its_exact_colour_and_the_others_have_none(width, height, data):
    colours = data.draw(arrays.arrays(np.uint8, (height, width, 3)))
    alpha = data.draw(arrays.arrays(np.uint8, (height, width)))
    result = np.asarray(cut_out(Image.fromarray(colours), Image.fromarray(alpha)))
    assert (result[..., 3] == alpha).all()
    assert (result[..., :3] == colours * (alpha > 0)[..., None]).all()


def test_faintly_visible_pixels_keep_their_exact_colour():
    result = cut_out(noise(3, 1), row(0, 1, 255))
    colours = pixels(noise(3, 1))
    assert pixels(result) == [[0, 0, 0, 0], [*colours[1], 1], [*colours[2], 255]]


def test_cutting_out_changes_neither_the_photo_nor_the_alpha():
    photo, alpha = noise(), level(0, (16, 12))
    cut_out(photo, alpha)
    assert difference(photo, noise()) == 0 and alpha.getextrema() == (0, 0)


def test_two_alphas_multiply():
    combined = combine_alpha(row(0, 255, 128, 128, 200), row(255, 128, 255, 128, 100))
    assert pixels(combined) == [0, 128, 128, 64, 78]


@examples()
@given(strategies.integers(0, 255), strategies.integers(0, 255))
def test_transparent_pixels_stay_so_and_nothing_becomes_more_visible(own, found):
    seen = combine_alpha(level(own), level(found)).getpixel((0, 0))
    assert abs(seen - own * found / 255) <= 1
    assert seen <= min(own, found)
    assert combine_alpha(level(own), level(255)).getpixel((0, 0)) == own
    assert combine_alpha(level(0), level(found)).getpixel((0, 0)) == 0


def test_without_an_alpha_in_the_file_the_alpha_is_unchanged():
    assert difference(combine_alpha(None, row(0, 7, 255)), row(0, 7, 255)) == 0


def test_over_a_colour_against_values_computed_by_hand():
    """200·51/255 + 0·204/255 = 40; 100·51/255 + 255·204/255 = 224; 50·51/255 + 10·204/255 = 18."""
    cutout = Image.new("RGBA", (2, 2), (200, 100, 50, 51))
    flat = over_colour(cutout, (0, 255, 10))
    assert flat.mode == "RGB"
    assert flat.getpixel((1, 1)) == (40, 224, 18)


@examples()
@given(strategies.tuples(*[strategies.integers(0, 255)] * 4), strategies.tuples(*[strategies.integers(0, 255)] * 3))
def test_over_a_colour_each_value_lies_between_both(pixel, colour):
    flat = over_colour(Image.new("RGBA", (1, 1), pixel), colour).getpixel((0, 0))
    share = pixel[3] / 255
    for seen, front, back in zip(flat, pixel, colour, strict=False):
        assert abs(seen - (front * share + back * (1 - share))) <= 1


def test_opaque_covers_the_colour_and_transparent_shows_it():
    cutout = cut_out(scene(), Image.new("L", (32, 16), 255))
    assert difference(over_colour(cutout, (1, 2, 3)), scene()) == 0
    cutout = cut_out(scene(), Image.new("L", (32, 16), 0))
    assert over_colour(cutout, (1, 2, 3)).getextrema() == ((1, 1), (2, 2), (3, 3))


@pytest.mark.parametrize("has_source_alpha", [False, True])
def test_a_cutout_composed_in_parts_equals_the_whole(has_source_alpha):
    random = np.random.default_rng(1)
    rgb = random.integers(0, 256, (700, 9, 3), np.uint8)
    alpha, source_alpha = random.integers(0, 256, (2, 700, 9), np.uint8)
    alpha[::3] = 0
    cutout = Cutout(alpha, source_alpha if has_source_alpha else None, lambda box: rgb[box.slices])
    visible = combine_alpha(Image.fromarray(source_alpha) if has_source_alpha else None, Image.fromarray(alpha))
    whole = cut_out(Image.fromarray(rgb), visible)
    assert cutout.size == (9, 700)
    assert difference(cutout.strips().whole(), whole) == 0
    assert difference(cutout.strips_over((1, 2, 3)).whole(), over_colour(whole, (1, 2, 3))) == 0
    assert difference(cutout.mask_strips().whole(), visible) == 0
    box = Box(250, 300, 2, 9)
    assert (cutout.part(box) == np.asarray(whole)[box.slices]).all()


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("#fff", (255, 255, 255)),
        ("#FF8000", (255, 128, 0)),
        ("white", (255, 255, 255)),
        ("RebeccaPurple", (102, 51, 153)),
        ("rgb(255, 0, 10)", (255, 0, 10)),
        ("rgb(100%,0%,50%)", (255, 0, 128)),
        ("hsl(120, 100%, 50%)", (0, 255, 0)),
    ],
)
def test_css_colours(text, colour):
    assert parse_colour(text) == colour


@pytest.mark.parametrize("text", ["", " ", "#12", "#ggg", "no colour", "rgb(1,2)", "url(x)", "white;", "#fff" * 60])
def test_an_unknown_colour_is_named(text):
    with pytest.raises(OptionError) as caught:
        parse_colour(text)
    assert "background" in str(caught.value)
    assert_plain(caught.value)


@pytest.mark.parametrize("value", [0xFFFFFF, 1.5, True, ["#fff"], {"r": 1}, (255, 255, 255), b"white"])
def test_what_is_not_text_is_refused(value):
    """Other code on the page may give anything."""
    with pytest.raises(OptionError, match="background"):
        parse_colour(value)


@pytest.mark.parametrize("text", ["#ff000080", "#f008", "rgba(255, 0, 0, 0)"])
def test_a_colour_that_is_partly_transparent_is_refused(text):
    with pytest.raises(OptionError):
        parse_colour(text)
    assert parse_colour("#ff0000ff") == (255, 0, 0)
