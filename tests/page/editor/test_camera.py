"""What zooming and panning promise, whatever the sizes."""

import pytest
from editor.camera import LEAST, MAX_SCALE, SHARP, Camera
from hypothesis import given
from hypothesis import strategies as st

SIDES = st.integers(1, 8000)
PLACES = st.floats(0, 1)


def camera_on(width: int, height: int, canvas_width: int, canvas_height: int) -> Camera:
    camera = Camera()
    camera.resize(canvas_width, canvas_height)
    camera.open(width, height)
    return camera


@given(SIDES, SIDES, st.integers(50, 4000), st.integers(50, 4000))
def test_a_fitted_photo_is_seen_whole_in_the_middle_and_smooth(width, height, across, down):
    camera = camera_on(width, height, across, down)
    left, top = camera.to_canvas(0, 0)
    right, bottom = camera.to_canvas(width, height)
    assert left >= -0.51 and right <= across + 0.51 and top >= -0.51 and bottom <= down + 0.51
    assert left + right == pytest.approx(across, abs=1.01) and top + bottom == pytest.approx(down, abs=1.01)
    assert camera.scale <= SHARP and not camera.is_sharp


@given(st.floats(0.05, 20), PLACES, PLACES)
def test_zooming_keeps_the_point_under_the_pointer(factor, along, across):
    camera = camera_on(4000, 3000, 1000, 800)
    x, y = camera.to_canvas(4000 * along, 3000 * across)
    camera.zoom(factor, x, y)
    assert camera.to_photo(x, y) == pytest.approx((4000 * along, 3000 * across), abs=0.5)
    assert camera.scale <= MAX_SCALE


@given(st.lists(st.tuples(st.floats(-5000, 5000), st.floats(-5000, 5000)), min_size=1))
def test_the_photo_cannot_be_pushed_out_of_sight(pushes):
    camera = camera_on(400, 300, 1000, 800)
    for dx, dy in pushes:
        camera.pan(dx, dy)
    x, y = camera.to_photo(500, 400)
    assert -1 <= x <= 401 and -1 <= y <= 301


def test_true_pixels_are_one_pixel_of_the_screen_each():
    camera = camera_on(4000, 3000, 1000, 800)
    camera.zoom_to(1.0)
    assert camera.scale == 1 and camera.to_photo(500, 400) == (2000, 1500)
    x, y, width, height = camera.visible_part()
    assert (x, y) == (1500, 1100) and 1000 <= width <= 1001 and 800 <= height <= 801


def test_another_size_of_the_window_keeps_what_is_in_the_middle():
    camera = camera_on(4000, 3000, 1000, 800)
    camera.zoom(3, 100, 100)
    middle = camera.to_photo(500, 400)
    camera.resize(500, 900)
    assert camera.to_photo(250, 450) == pytest.approx(middle)
    camera.fit()
    camera.resize(2000, 1600)
    assert camera.scale == pytest.approx(0.47)


def test_a_small_part_of_a_photo_is_fitted_larger_and_still_smooth():
    camera = camera_on(600, 400, 1000, 800)
    camera.look_at((200, 100, 56, 72), None, False)
    assert camera.scale == pytest.approx(LEAST / 72) and not camera.is_sharp
    camera.look_at((100, 50, 300, 300), None, False)
    assert camera.scale == SHARP
    camera.zoom(2, 500, 400)
    assert camera.is_sharp
    assert camera_on(16, 16, 1000, 800).scale == SHARP  # a small photo is no part
