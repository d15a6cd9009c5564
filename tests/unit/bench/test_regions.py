"""Erosion by squares and the largest component, against the slow and plain way."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from bench.quality import regions
from tests.unit.offcut.masks.test_connected_components import pixels
from tests.unit.offcut.masks.test_connected_components import regions as flooded

MASKS = arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=14))


@given(MASKS, st.integers(0, 3), st.booleans())
def test_erosion(mask, radius, beyond):
    padded = np.pad(mask, radius, constant_values=beyond)
    squares = np.lib.stride_tricks.sliding_window_view(padded, (2 * radius + 1, 2 * radius + 1))
    assert np.array_equal(regions.eroded(mask, radius, beyond=beyond), squares.all(axis=(2, 3)))


@given(MASKS)
def test_the_largest_component_is_the_first_of_the_largest(mask):
    assert pixels(regions.largest_component(mask)) == max(flooded(mask), key=len, default=set())
