"""The rectangle, against pixels counted one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from offcut.geometry import Box, bounding_box, chosen_tiles, tiles, union

SHAPE = (12, 15)
MASKS = arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=14))
BOXES = st.tuples(*[st.integers(-5, 20)] * 4).map(lambda sides: Box(*sides))
SIDES = st.integers(1, 20)


def pixels(box: Box) -> set[tuple[int, int]]:
    """Row and column of each pixel."""
    return {(row, column) for row in range(box.top, box.bottom) for column in range(box.left, box.right)}


@given(BOXES)
def test_sizes(box):
    assert box.is_empty == (not pixels(box))
    assert box.shape == (box.height, box.width) and box.size == (box.width, box.height)
    left, top, right, bottom = box.ltrb
    assert Box(top, bottom, left, right) == box == Box.of_size(box.width, box.height, left, top)


@given(BOXES, BOXES)
def test_the_part_within_another_box_has_the_pixels_of_both(one, other):
    assert pixels(one.within_box(other)) == pixels(one) & pixels(other)
    assert pixels(one.within(*SHAPE)) == pixels(one) & pixels(Box(0, SHAPE[0], 0, SHAPE[1]))


@given(st.lists(BOXES, max_size=4))
def test_the_union_is_the_smallest_box_around_all(boxes):
    whole = union(boxes)
    if not boxes:
        assert whole is None
        return
    assert all(box.within_box(whole) == box for box in boxes)
    assert all(side in sides for side, sides in zip(whole, zip(*boxes, strict=True), strict=True))


@given(BOXES, BOXES)
def test_inside_a_box_is_the_place_in_its_array(inner, outer):
    values = np.arange(400).reshape(20, 20)
    outer = outer.within(20, 20)
    inner = inner.within_box(outer)
    if not inner.is_empty:
        assert (values[outer.slices][inner.inside(outer).slices] == values[inner.slices]).all()


@given(MASKS)
def test_the_bounding_box_of_a_mask(mask):
    box = bounding_box(mask)
    if not mask.any():
        assert box is None
        return
    assert mask[box.slices].sum() == mask.sum()
    for smaller in (
        box._replace(top=box.top + 1),
        box._replace(bottom=box.bottom - 1),
        box._replace(left=box.left + 1),
        box._replace(right=box.right - 1),
    ):
        assert mask[smaller.slices].sum() < mask.sum()
    assert all(type(side) is int for side in box)


@given(st.integers(0, 20), st.integers(0, 20), SIDES)
def test_tiles_cover_every_pixel_once(height, width, side):
    found = list(tiles(height, width, side))
    assert sum(box.height * box.width for box in found) == height * width
    assert set().union(*map(pixels, found)) == pixels(Box(0, height, 0, width))
    assert all(max(box.shape) <= side for box in found)


@given(MASKS, SIDES)
def test_chosen_tiles_hold_all_that_is_chosen_and_no_rim(mask, side):
    found = np.zeros_like(mask)
    for box, chosen in chosen_tiles(mask, side, lambda part: part):
        assert chosen.shape == box.shape and bounding_box(chosen) == Box(0, box.height, 0, box.width)
        assert max(box.shape) <= side
        found[box.slices] |= chosen
    assert (found == mask).all()


def test_a_box_in_a_smaller_copy():
    assert Box(10, 30, 20, 60).scaled(0.5) == Box(5, 15, 10, 30)
    assert Box(-10, 2, -20, 1).scaled(0.01) == Box(0, 1, 0, 1)


@given(BOXES)
def test_half_a_box_covers_every_second_pixel_of_it(box):
    assert {(row // 2, column // 2) for row, column in pixels(box)} <= pixels(box.halved())


def test_growing_and_moving():
    assert Box(3, 5, 7, 11).grown(2) == Box(1, 7, 5, 13)
    assert Box(3, 5, 7, 11).moved(1, -2) == Box(4, 6, 5, 9)
