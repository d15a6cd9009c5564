"""Estimated foreground colours at soft edges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from offcut.alpha import OPAQUE, soft_tiles
from offcut.foreground import cache, estimate, multilevel
from offcut.geometry import Box
from tests.unit.offcut.foreground.samples import matte, mixed, opened, random_photo, soft
from tests.unit.offcut.samples import ASTRONAUT, PHOTOS, examples

SHAPES = st.tuples(st.integers(1, 40), st.integers(1, 40))
ALPHAS = st.sampled_from([0, 0, 255, 255, 1, 90, OPAQUE - 1, OPAQUE])
MAX_REMAINING = 0.4
"""Of the error of the photo's colours."""


@examples(25)
@given(SHAPES.flatmap(lambda shape: st.tuples(arrays(np.uint8, (*shape, 3)), arrays(np.uint8, shape, elements=ALPHAS))))
def test_only_soft_pixels_change_and_any_photo_gives_colours(given):
    photo, alpha = given
    before = photo.copy(), alpha.copy()
    with np.errstate(all="raise", under="ignore"):
        result = estimate(photo, alpha)
    assert (result.shape, result.dtype) == (photo.shape, np.uint8)
    assert (result == photo)[~soft(alpha)].all()
    assert (photo == before[0]).all() and (alpha == before[1]).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (7, 1), (2, 2), (1, 300), (300, 1), (33, 32), (65, 31)])
@pytest.mark.parametrize("value", [1, 128, OPAQUE - 1])
def test_a_plain_photo_that_is_soft_throughout_keeps_its_colour(shape, value):
    plain = np.full((*shape, 3), (250, 100, 3), np.uint8)
    result = estimate(plain, np.full(shape, value, np.uint8))
    assert np.abs(result.astype(int) - plain).max() <= 1


@pytest.mark.parametrize("value", [0, 255])
def test_a_photo_without_soft_pixels_is_returned_as_a_copy(value):
    photo, _ = random_photo((9, 300))
    result = estimate(photo, np.full((9, 300), value, np.uint8))
    assert (result == photo).all() and not np.shares_memory(result, photo)


def test_read_only_arrays_are_accepted():
    photo, alpha = (np.asarray(Image.fromarray(values)) for values in random_photo((8, 8)))
    assert not photo.flags.writeable and estimate(photo, alpha).flags.writeable


@pytest.mark.parametrize(
    ("front", "back"), [((200, 40, 90), (20, 180, 250)), ((255, 255, 255), (0, 0, 0)), ((0, 0, 0), (255, 255, 255))]
)
def test_one_colour_before_another_is_found(front, back):
    alpha = matte(300, 200)
    result = estimate(mixed(np.array(front), np.array(back), alpha), alpha)
    difference = np.abs(result - np.array(front, float))
    assert difference[soft(alpha)].max() <= 2 and difference[alpha >= OPAQUE].max() <= 255 - OPAQUE


def test_nearly_opaque_pixels_keep_the_photos_colours_which_are_nearly_the_subjects():
    random = np.random.default_rng(0)
    front, back = random.integers(0, 256, (2, 60, 70, 3))
    front[:30], back[:30] = 255, 0  # as different as can be
    alpha = np.full((60, 70), OPAQUE, np.uint8)
    photo = mixed(front, back, alpha)
    assert (estimate(photo, alpha) == photo).all() and np.abs(photo - front).max() <= 255 - OPAQUE


def test_the_estimate_mixes_to_the_photo_again():
    alpha, back = matte(300, 200), np.array((20, 180, 250))
    photo = mixed(opened(ASTRONAUT, (300, 200)), back, alpha)
    before, after = (
        np.abs(mixed(colours, back, alpha).astype(int) - photo)[soft(alpha)].mean()
        for colours in (photo, estimate(photo, alpha))
    )
    assert after <= before * MAX_REMAINING / 2


@pytest.mark.parametrize("blur", [1, 3, 9])
def test_less_of_the_old_background_is_visible_on_a_new_one(blur):
    """With the true alpha, two composites differ by their colours times alpha, on any background."""
    alpha = matte(300, 200, blur)
    front, back = opened(ASTRONAUT, (300, 200)), opened(PHOTOS / "coffee.png", (300, 200))
    photo = mixed(front, back, alpha)
    before, after = (
        (np.abs(colours - front) * alpha[..., None])[soft(alpha)].mean() for colours in (photo, estimate(photo, alpha))
    )
    assert after <= before * MAX_REMAINING


@pytest.mark.parametrize("shape", [(64, 90), (95, 61), (1, 200)])
def test_tiles_leave_no_seam(shape, monkeypatch):
    """The same to the last bit, also where most levels are solved in tiles, with different numbers of iterations."""
    monkeypatch.setattr(multilevel, "COARSE_PIXELS", 30)
    monkeypatch.setattr(multilevel, "SMALL_SIDE", 4)
    monkeypatch.setattr(multilevel, "ITERATIONS", ((3000, 0), (800, 2), (0, 4)))
    photo, alpha = random_photo(shape)
    alpha[10:40, 20:50] = 255
    monkeypatch.setattr(cache, "TILE", 1000)
    whole = estimate(photo, alpha)
    for tile in (7, 16, 33, 64):
        monkeypatch.setattr(cache, "TILE", tile)
        assert (estimate(photo, alpha) == whole).all(), tile


def test_the_estimate_is_reproducible():
    photo, alpha = random_photo((50, 60))
    assert (estimate(photo, alpha) == estimate(photo, alpha)).all()


def test_tiles_contain_every_soft_pixel_once_and_are_as_small_as_possible():
    alpha = np.zeros((70, 50), np.uint8)
    alpha[:32] = 255
    alpha[3, 5] = alpha[9, 40] = 1
    alpha[33:35, 31:34] = OPAQUE - 1
    alpha[34, 32] = 0
    alpha[60] = OPAQUE
    found = [(box, soft_pixels.tolist()) for box, soft_pixels in soft_tiles(alpha, 32)]
    assert found == [
        (Box(3, 4, 5, 6), [[True]]),
        (Box(9, 10, 40, 41), [[True]]),
        (Box(33, 35, 31, 32), [[True], [True]]),
        (Box(33, 35, 32, 34), [[True, True], [False, True]]),
    ]


def test_without_soft_pixels_nothing_is_solved(monkeypatch):
    created, solved = [], []

    def watched(rgb, alpha):
        created.append(alpha)
        return lambda box: solved.append(box) or np.zeros((3, 1, 1), np.uint8)

    monkeypatch.setattr(cache, "MultiLevel", watched)
    alpha = np.zeros((1000, 1000), np.uint8)
    photo = np.zeros((1000, 1000, 3), np.uint8)
    estimate(photo, alpha)
    assert created == []
    alpha[700, 300] = 5
    estimate(photo, alpha)
    assert solved == [Box(700, 701, 300, 301)]
