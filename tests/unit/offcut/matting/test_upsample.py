"""A coarse alpha enlarged to the photo's size."""

import numpy as np
import pytest
from hypothesis import given, strategies
from hypothesis.extra import numpy as arrays
from PIL import Image

from offcut.matting import upsample
from tests.unit.offcut.samples import examples, pixels

shapes = strategies.tuples(strategies.integers(1, 12), strategies.integers(1, 12))
units = strategies.floats(0, 1, width=32)
coarse_alphas = shapes.flatmap(lambda shape: arrays.arrays(np.float32, shape, elements=units))


@examples()
@given(coarse_alphas, strategies.tuples(strategies.integers(1, 60), strategies.integers(1, 60)))
def test_an_enlarged_alpha_has_the_photos_size_and_hardly_overshoots(coarse, size):
    alpha = upsample(coarse, size)
    assert (alpha.mode, alpha.size) == ("L", size)
    # A bicubic kernel swings a little over each edge, but never by more than the edge is high.
    low, high = alpha.getextrema()
    swing = 0.35 * float(np.ptp(coarse)) * 255 + 1
    assert low >= coarse.min() * 255 - swing and high <= coarse.max() * 255 + swing


@examples()
@given(shapes, strategies.integers(0, 255), strategies.tuples(strategies.integers(1, 60), strategies.integers(1, 60)))
def test_an_even_alpha_stays_even(shape, value, size):
    assert upsample(np.full(shape, value / 255, np.float32), size).getextrema() == (value, value)


@pytest.mark.parametrize(("value", "wanted"), [(0.0, 0), (0.3, 77), (0.5, 128), (1.0, 255)])
def test_a_single_value_fills_the_photo(value, wanted):
    assert upsample(np.array([[value]]), (31, 17)).getextrema() == (wanted, wanted)


def test_next_to_an_edge_nothing_overshoots_or_wraps_around():
    """Bicubic overshoots; more than opaque is opaque and less than nothing is nothing."""
    coarse = np.zeros((4, 8), np.float32)
    coarse[:, 4:] = 1
    values = pixels(upsample(coarse, (160, 8)))
    assert values == sorted(values)
    assert values[:60] == [0] * 60 and values[-60:] == [255] * 60
    assert values[79] < 128 <= values[80]


def test_a_soft_edge_is_rounded_only_once():
    """Rounded to 8 bits before enlarging too, a faint ramp would be wrong by up to a whole step."""
    ramp = np.tile(np.linspace(0, 0.2, 64, dtype=np.float32), (2, 1))
    inside = slice(64, -64)  # at the ends the kernel has no neighbours
    values = np.array(pixels(upsample(ramp, (1024, 2))))[inside]
    places = ((np.arange(1024) + 0.5) / 16 - 0.5)[inside]
    assert np.abs(values - places * 0.2 / 63 * 255).max() <= 0.501


def test_enlarging_in_tiles_equals_enlarging_the_whole():
    coarse = np.random.default_rng(0).random((37, 53), np.float32)
    large = Image.fromarray(coarse).resize((501, 1234), Image.Resampling.BICUBIC)
    whole = np.clip(np.asarray(large) * 255.0, 0, 255)
    assert np.abs(np.asarray(upsample(coarse, (501, 1234))) - whole).max() <= 0.501


def test_a_photo_smaller_than_the_networks_map():
    coarse = np.zeros((320, 320), np.float32)
    coarse[:, :160] = 1
    values = pixels(upsample(coarse, (4, 3)))
    assert (values[0], values[3]) == (255, 0)
    assert values[1] > 200 and values[2] < 55
