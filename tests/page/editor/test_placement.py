"""Where the subject is seen is where it is dragged and painted, whatever the canvas."""

import pytest
from editor.camera import Camera
from editor.placement import Placement
from editor.tools import MoveTool

AREAS = [(0, 0, 400, 300), (-300, -350, 1000, 1000), (50, 20, 90, 160), (100, -4000, 30, 9000)]
PLACEMENTS = [(0, 0, 1, 0), (120, -40, 0.5, 0), (-30, 10, 2.5, 90), (7, 9, 0.1, -33)]


@pytest.fixture(params=[(area, placement) for area in AREAS for placement in PLACEMENTS], ids=str)
def camera(request) -> Camera:
    area, placement = request.param
    found = Camera()
    found.resize(1170, 800)
    found.pixel_ratio = 3.0
    found.open(400, 300)
    found.look_at(area, Placement(400, 300, *placement), False)
    return found


@pytest.mark.parametrize("zoom", [1, 3])
def test_a_point_of_the_photo_is_found_where_it_is_seen(camera, zoom):
    camera.zoom(zoom)
    for point in ((0, 0), (400, 0), (123, 45), (400, 300)):
        assert camera.to_photo(*camera.to_canvas(*point)) == pytest.approx(point, abs=1e-6)
        across, down, right, below, left, top = camera.photo_matrix
        drawn = point[0] * across + point[1] * right + left, point[0] * down + point[1] * below + top
        assert camera.to_canvas(*point) == pytest.approx(drawn, abs=1e-6)


def test_the_subject_stays_under_the_pointer(camera):
    tool = MoveTool(camera)
    moved: list[tuple] = []
    tool.dragged.connect(lambda dx, dy, is_moving: moved.append((dx, dy)))
    start, end = (500.0, 300.0), (640.0, 180.0)
    held = camera.to_photo(*start)
    tool.begin(*held, 1.0)
    tool.move([(*camera.to_photo(*end), 1.0)], False)
    placement = camera.placement
    x, y = placement.x + moved[-1][0], placement.y + moved[-1][1]
    camera.placement = Placement(400, 300, x, y, placement.scale, placement.rotate)
    assert camera.to_canvas(*held) == pytest.approx(end)


def test_all_of_the_canvas_is_seen_at_first(camera):
    left, top, width, height = camera.area
    corners = [(left, top), (left + width, top + height)]
    for x, y in corners:
        assert 0 <= x * camera.scale + camera.left <= 1170 and 0 <= y * camera.scale + camera.top <= 800
