"""The brush in numbers, which the worker computes on its own."""

import numpy as np
import pytest
from editor.brush_math import (
    area_of,
    around,
    size_of,
    slider_of,
    touch,
    weights,
)
from hypothesis import given
from hypothesis import strategies as st

from offcut.protocol.brush import MAX_SIZE, MIN_SIZE, RINGS


@pytest.mark.parametrize("count", [1, 2, RINGS])
def test_rings_drawn_over_each_other_cover_evenly(count):
    steps = np.array(weights(count)) * 255
    assert np.allclose(steps, steps.round())
    covered = steps.cumsum() / 255
    assert np.abs(covered - np.arange(1, count + 1) / count).max() <= 0.5 / 255 + 1e-9
    assert covered[-1] == pytest.approx(1)


@given(st.floats(MIN_SIZE, MAX_SIZE))
def test_the_size_slider_reaches_every_size(size):
    assert 0 <= slider_of(size) <= 100
    assert size_of(slider_of(size)) == pytest.approx(size)


def test_specks_are_from_one_pixel_to_a_hundred_thousand():
    assert (area_of(0), area_of(40), area_of(100)) == (1, 100, 100_000)


def test_boxes():
    assert around(None, (1, 2, 3, 4)) == (1, 2, 3, 4) == around((1, 2, 3, 4), None)
    assert around((0, 5, 2, 6), (1, 2, 3, 4)) == (0, 2, 3, 6)
    assert touch((0, 0, 2, 2), (2, 2, 3, 3)) and not touch((0, 0, 2, 2), (2.1, 0, 3, 3))
