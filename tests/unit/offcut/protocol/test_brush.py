"""The brush in numbers, which the page and the worker read from the same module."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offcut.errors import OptionError
from offcut.masks import brush
from offcut.protocol.brush import MAX_STROKE_SIZE, MIN_PRESSURE, RINGS, clamp_pressure, ring_radii


@given(st.floats(1, 1000), st.floats(0.01, 1))
def test_a_soft_brush_falls_from_full_to_zero_between_its_two_radii(radius, softness):
    radii = ring_radii(radius, softness)
    assert len(radii) == RINGS and radii == sorted(radii, reverse=True)
    assert radii[0] == pytest.approx(radius)
    assert radii[-1] == pytest.approx(radius * (1 - softness * (1 - 1 / RINGS)))


def test_a_hard_brush_is_one_ring():
    assert ring_radii(20, 0) == [20]


@pytest.mark.parametrize(("given", "used"), [(0, MIN_PRESSURE), (0.5, 0.5), (1, 1.0), (7, 1.0)])
def test_pressure_is_clamped_alike_on_both_sides(given, used):
    assert clamp_pressure(given) == used
    stroke = brush.polyline({"size": 20, "points": [0, 0, given]})
    assert stroke.radius == pytest.approx(np.float32(10 * used))


def test_the_worker_refuses_a_stroke_that_is_too_wide():
    with pytest.raises(OptionError):
        brush.polyline({"size": MAX_STROKE_SIZE + 1, "points": [0, 0, 1]})
