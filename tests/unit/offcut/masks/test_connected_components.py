"""Connected components, against a flood fill."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from offcut.masks.connected_components import component_at, components

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


def regions(mask: np.ndarray) -> list[set[tuple[int, int]]]:
    """The components in reading order, each as its pixels."""
    found: list[set[tuple[int, int]]] = []
    left = pixels(mask)
    for place in sorted(left):
        if place in left:
            found.append(flood(mask, place))
            left -= found[-1]
    return found


@given(MASKS, st.data())
def test_the_component_at_a_pixel_is_what_a_walk_over_sides_reaches(mask, data):
    place = data.draw(st.tuples(st.integers(0, mask.shape[0] - 1), st.integers(0, mask.shape[1] - 1)))
    assert pixels(component_at(mask, place)) == flood(mask, place)


@given(MASKS)
def test_areas_borders_and_pixels_of_every_component(mask):
    found, wanted = components(mask), regions(mask)
    assert [pixels(found.mask(np.arange(found.count) == label)) for label in range(found.count)] == wanted
    assert found.areas.tolist() == [len(component) for component in wanted]
    outer = np.ones_like(mask)
    outer[1:-1, 1:-1] = False
    assert found.touching_border().tolist() == [bool(component & pixels(outer)) for component in wanted]
    for row, column in np.ndindex(*mask.shape):
        label = found.at(column, row)
        assert (label is None) == (not mask[row, column])
        assert label is None or (row, column) in wanted[label]


def test_corners_do_not_connect():
    assert components(np.array([[1, 1, 0], [0, 0, 1], [0, 0, 1], [0, 0, 1]], bool)).areas.tolist() == [2, 3]


def test_a_line_that_goes_to_and_fro_is_one_component():
    mask = np.zeros((41, 41), bool)
    mask[::2] = True
    mask[1::4, -1] = mask[3::4, 0] = True
    assert components(mask).count == 1 and np.array_equal(component_at(mask, (0, 0)), mask)


def test_a_spiral_is_one_component_however_often_it_turns():
    """A long chain of runs is the hard case for labels that spread step by step."""
    side = 201
    mask = np.zeros((side, side), bool)
    low, high = 0, side - 1
    while low < high:
        mask[low, max(0, low - 2) : high + 1] = mask[low : high + 1, high] = mask[high, low : high + 1] = True
        mask[low + 2 : high + 1, low] = True
        low, high = low + 2, high - 2
    found = components(mask)
    assert found.count == 1 and flood(mask, (0, 0)) == pixels(found.mask(np.ones(1, bool)))
