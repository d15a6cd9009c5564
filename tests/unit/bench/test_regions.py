"""Neighbourhoods and connected regions, against the slow and plain way."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from bench.quality import regions

MASKS = arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=14))


def plainly_largest(mask: np.ndarray) -> np.ndarray:
    """Floods from each pixel in the order of reading."""
    best, seen = set(), set()
    for start in map(tuple, np.argwhere(mask).tolist()):
        if start in seen:
            continue
        region, waiting = set(), [start]
        while waiting:
            row, column = place = waiting.pop()
            inside = 0 <= row < mask.shape[0] and 0 <= column < mask.shape[1]
            if inside and mask[place] and place not in region:
                region.add(place)
                waiting += [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]
        seen |= region
        best = max(best, region, key=len)
    result = np.zeros_like(mask)
    for place in best:
        result[place] = True
    return result


@given(MASKS)
def test_largest_region(mask):
    assert np.array_equal(regions.largest(mask), plainly_largest(mask))


def test_corners_do_not_connect():
    assert regions.largest(np.array([[1, 1, 0], [0, 0, 1], [0, 0, 1], [0, 0, 1]], bool)).sum() == 3


def test_a_spiral_is_one_region():
    mask = np.zeros((41, 41), bool)
    mask[::2] = True
    mask[1::4, -1] = mask[3::4, 0] = True
    assert np.array_equal(regions.largest(mask), mask)


@given(MASKS, st.integers(0, 3), st.booleans())
def test_erosion(mask, radius, beyond):
    padded = np.pad(mask, radius, constant_values=beyond)
    squares = np.lib.stride_tricks.sliding_window_view(padded, (2 * radius + 1, 2 * radius + 1))
    assert np.array_equal(regions.eroded(mask, radius, beyond=beyond), squares.all(axis=(2, 3)))
