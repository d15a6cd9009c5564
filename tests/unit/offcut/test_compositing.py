"""Enlarging an alpha, and putting colours, alpha and background together."""

import numpy
import pytest
from hypothesis import given, strategies
from hypothesis.extra import numpy as arrays
from PIL import Image

from offcut.compositing import combine_alpha, cut_out, over_colour, parse_colour
from offcut.errors import OptionError
from offcut.matting import upsample
from tests.unit.offcut.samples import assert_plain, difference, examples, noise, pixels, scene

shapes = strategies.tuples(strategies.integers(1, 12), strategies.integers(1, 12))
units = strategies.floats(0, 1, width=32)
coarse_maps = shapes.flatmap(lambda shape: arrays.arrays(numpy.float32, shape, elements=units))


def level(value: int, size: tuple[int, int] = (4, 3)) -> Image.Image:
    return Image.new("L", size, value)


def row(*values: int) -> Image.Image:
    return Image.fromarray(numpy.array([values], numpy.uint8))


@examples()
@given(coarse_maps, strategies.tuples(strategies.integers(1, 60), strategies.integers(1, 60)))
def test_an_enlarged_alpha_has_the_photos_size_and_invents_no_extremes(coarse, size):
    alpha = upsample(coarse, size)
    assert (alpha.mode, alpha.size) == ("L", size)
    # A bicubic kernel swings a little over each edge, but never by more than the edge is high.
    low, high = alpha.getextrema()
    swing = 0.35 * float(numpy.ptp(coarse)) * 255 + 1
    assert low >= coarse.min() * 255 - swing and high <= coarse.max() * 255 + swing


@examples()
@given(shapes, strategies.integers(0, 255), strategies.tuples(strategies.integers(1, 60), strategies.integers(1, 60)))
def test_an_even_alpha_stays_even(shape, value, size):
    assert upsample(numpy.full(shape, value / 255, numpy.float32), size).getextrema() == (value, value)


@pytest.mark.parametrize(("value", "wanted"), [(0.0, 0), (0.3, 77), (0.5, 128), (1.0, 255)])
def test_a_single_value_fills_the_photo(value, wanted):
    assert upsample(numpy.array([[value]]), (31, 17)).getextrema() == (wanted, wanted)


def test_beside_an_edge_nothing_swings_over_or_wraps_around():
    """Bicubic overshoots; more than opaque is opaque and less than nothing is nothing."""
    coarse = numpy.zeros((4, 8), numpy.float32)
    coarse[:, 4:] = 1
    values = pixels(upsample(coarse, (160, 8)))
    assert values == sorted(values)
    assert values[:60] == [0] * 60 and values[-60:] == [255] * 60
    assert values[79] < 128 <= values[80]


def test_a_soft_edge_is_rounded_only_once():
    """Rounded to 8 bits before enlarging too, a faint ramp would be wrong by up to a whole step."""
    ramp = numpy.tile(numpy.linspace(0, 0.2, 64, dtype=numpy.float32), (2, 1))
    inside = slice(64, -64)  # at the ends the kernel has no neighbours
    values = numpy.array(pixels(upsample(ramp, (1024, 2))))[inside]
    places = ((numpy.arange(1024) + 0.5) / 16 - 0.5)[inside]
    assert numpy.abs(values - places * 0.2 / 63 * 255).max() <= 0.501


def test_enlarged_in_strips_it_is_what_it_is_as_a_whole():
    coarse = numpy.random.default_rng(0).random((37, 53), numpy.float32)
    large = Image.fromarray(coarse).resize((501, 1234), Image.Resampling.BICUBIC)
    whole = numpy.clip(numpy.asarray(large) * 255.0, 0, 255)
    assert numpy.abs(numpy.asarray(upsample(coarse, (501, 1234))) - whole).max() <= 0.501


def test_a_photo_smaller_than_the_networks_map():
    coarse = numpy.zeros((320, 320), numpy.float32)
    coarse[:, :160] = 1
    values = pixels(upsample(coarse, (4, 3)))
    assert (values[0], values[3]) == (255, 0)
    assert values[1] > 200 and values[2] < 55


@examples()
@given(strategies.integers(1, 9), strategies.integers(1, 9), strategies.data())
def test_every_visible_pixel_keeps_its_exact_colour_and_the_others_have_none(width, height, data):
    colours = data.draw(arrays.arrays(numpy.uint8, (height, width, 3)))
    alpha = data.draw(arrays.arrays(numpy.uint8, (height, width)))
    result = numpy.asarray(cut_out(Image.fromarray(colours), Image.fromarray(alpha)))
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
def test_what_was_transparent_stays_so_and_nothing_becomes_more_visible(own, found):
    seen = combine_alpha(level(own), level(found)).getpixel((0, 0))
    assert abs(seen - own * found / 255) <= 1
    assert seen <= min(own, found)
    assert combine_alpha(level(own), level(255)).getpixel((0, 0)) == own
    assert combine_alpha(level(0), level(found)).getpixel((0, 0)) == 0


def test_without_an_own_alpha_what_was_found_is_taken():
    assert difference(combine_alpha(None, row(0, 7, 255)), row(0, 7, 255)) == 0


def test_over_a_colour_by_hand():
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
def test_colours_as_css_writes_them(text, colour):
    assert parse_colour(text) == colour


@pytest.mark.parametrize("text", ["", " ", "#12", "#ggg", "no colour", "rgb(1,2)", "url(x)", "white;", "#fff" * 60])
def test_what_is_no_colour_is_named(text):
    with pytest.raises(OptionError) as caught:
        parse_colour(text)
    assert "background" in str(caught.value)
    assert_plain(caught.value)


@pytest.mark.parametrize("value", [0xFFFFFF, 1.5, True, ["#fff"], {"r": 1}, (255, 255, 255), b"white"])
def test_what_is_not_even_text_is_no_colour(value):
    """Other code on the page may give anything."""
    with pytest.raises(OptionError, match="background"):
        parse_colour(value)
