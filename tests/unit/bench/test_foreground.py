"""Blur fusion, which the product's method is compared with."""

import numpy as np
import pytest

from bench.foreground.methods import METHODS, estimate
from offcut import foreground
from tests.unit.offcut.foreground.samples import matte, mixed, opened, random_photo, soft
from tests.unit.offcut.samples import ASTRONAUT, PHOTOS

BLUR_FUSION = METHODS["blurfusion"]


def test_the_comparison_measures_the_products_method():
    photo, alpha = random_photo((50, 60))
    assert (estimate(photo, alpha, METHODS["multilevel"]) == foreground.estimate(photo, alpha)).all()


def test_only_soft_pixels_change():
    photo, alpha = random_photo((50, 60))
    alpha[10:30] = 255
    assert (estimate(photo, alpha, BLUR_FUSION) == photo)[~soft(alpha)].all()


@pytest.mark.parametrize("shape", [(1, 1), (7, 1), (1, 300), (65, 31)])
@pytest.mark.parametrize("value", [1, 249])
def test_a_plain_photo_that_is_soft_throughout_keeps_its_colour(shape, value):
    plain = np.full((*shape, 3), (250, 100, 3), np.uint8)
    result = estimate(plain, np.full(shape, value, np.uint8), BLUR_FUSION)
    assert np.abs(result.astype(int) - plain).max() <= 1


@pytest.mark.parametrize("blur", [1, 3, 9])
def test_less_of_the_old_background_is_visible_on_a_new_one(blur):
    alpha = matte(300, 200, blur)
    front, back = opened(ASTRONAUT, (300, 200)), opened(PHOTOS / "coffee.png", (300, 200))
    photo = mixed(front, back, alpha)
    before, after = (
        (np.abs(colours - front) * alpha[..., None])[soft(alpha)].mean()
        for colours in (photo, estimate(photo, alpha, BLUR_FUSION))
    )
    assert after <= before * 0.9  # its windows contain more than a hair


def test_tiles_leave_no_seam():
    photo, alpha = random_photo((64, 90))
    whole = estimate(photo, alpha, BLUR_FUSION, tile=1000)
    for tile in (7, 33, 64):
        assert (estimate(photo, alpha, BLUR_FUSION, tile=tile) == whole).all(), tile
