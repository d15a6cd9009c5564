"""Connected components, against a flood fill."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from offcut.masks.connected_components import component_at, components, largest_component

MASKS = arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=14))


def flood(mask: np.ndarray, start: tuple[int, int]) -> set[tuple[int, int]]:
    """The pixels that a walk over sides reaches."""
    reached, waiting = set(), [start]
    while waiting:
        row, column = place = waiting.pop()
        inside = 0 <= row < mask.shape[0] and 0 <= column < mask.shape[1]
        if inside and mask[place] and place not in reached:
            reached.add(place)
            waiting += [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]
    return reached


def pixels(mask: np.ndarray) -> set[tuple[int, int]]:
    return set(map(tuple, np.argwhere(mask).tolist()))


@given(MASKS, st.data())
def test_the_component_at_a_pixel_is_what_a_walk_over_sides_reaches(mask, data):
    place = data.draw(st.tuples(st.integers(0, mask.shape[0] - 1), st.integers(0, mask.shape[1] - 1)))
    assert pixels(component_at(mask, place)) == flood(mask, place)


@given(MASKS)
def test_the_largest_component_is_the_first_of_the_largest(mask):
    best: set[tuple[int, int]] = set()
    for place in sorted(pixels(mask)):
        best = max(best, flood(mask, place), key=len)
    assert pixels(largest_component(mask)) == best


@given(MASKS)
def test_components_divide_the_mask(mask):
    found = components(mask)
    assert found.areas.sum() == mask.sum()
    each = [pixels(found.mask(np.arange(found.count) == label)) for label in range(found.count)]
    assert sum(map(len, each)) == mask.sum() and set().union(*each) == pixels(mask)


def test_corners_do_not_connect():
    assert largest_component(np.array([[1, 1, 0], [0, 0, 1], [0, 0, 1], [0, 0, 1]], bool)).sum() == 3


def test_a_spiral_is_one_component():
    mask = np.zeros((41, 41), bool)
    mask[::2] = True
    mask[1::4, -1] = mask[3::4, 0] = True
    assert np.array_equal(largest_component(mask), mask)
