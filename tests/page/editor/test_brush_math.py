"""The brush in numbers, which the worker computes on its own."""

import numpy as np
import pytest
from editor.brush_math import (
    LARGEST,
    RINGS,
    SMALLEST,
    area_of,
    around,
    radii,
    size_of,
    slider_of,
    touch,
    weights,
)
from hypothesis import given
from hypothesis import strategies as st

from offcut.masks import brush


def test_the_page_and_the_worker_paint_with_the_same_number_of_rings():
    assert RINGS == brush.RINGS


@given(st.floats(1, 1000), st.floats(0.01, 1))
def test_a_soft_brush_falls_from_whole_to_nothing_between_its_two_radii(radius, softness):
    rings = radii(radius, softness)
    assert len(rings) == RINGS and rings == sorted(rings, reverse=True)
    assert rings[0] == pytest.approx(radius)
    assert rings[-1] == pytest.approx(radius * (1 - softness * (1 - 1 / RINGS)))


def test_a_hard_brush_is_one_ring():
    assert radii(20, 0) == [20]


@pytest.mark.parametrize("count", [1, 2, RINGS])
def test_rings_drawn_over_each_other_cover_evenly(count):
    steps = np.array(weights(count)) * 255
    assert np.allclose(steps, steps.round())
    covered = steps.cumsum() / 255
    assert np.abs(covered - np.arange(1, count + 1) / count).max() <= 0.5 / 255 + 1e-9
    assert covered[-1] == pytest.approx(1)


@given(st.floats(SMALLEST, LARGEST))
def test_the_size_slider_reaches_every_size(size):
    assert 0 <= slider_of(size) <= 100
    assert size_of(slider_of(size)) == pytest.approx(size)


def test_specks_are_from_one_pixel_to_a_hundred_thousand():
    assert (area_of(0), area_of(40), area_of(100)) == (1, 100, 100_000)


def test_boxes():
    assert around(None, (1, 2, 3, 4)) == (1, 2, 3, 4) == around((1, 2, 3, 4), None)
    assert around((0, 5, 2, 6), (1, 2, 3, 4)) == (0, 2, 3, 6)
    assert touch((0, 0, 2, 2), (2, 2, 3, 3)) and not touch((0, 0, 2, 2), (2.1, 0, 3, 3))
