"""What a gesture does with each tool."""

import pytest
from editor.placement import Placement
from editor.stroke import Stroke
from editor.tools import CLICK_SLOP, MIN_BOX, BoxTool, BrushTool, ClickTool, MoveTool, PanTool

from tests.page.editor.fakes import Canvas, Path, camera_at_100
from tests.page.fakes import heard


class View:
    """A viewer that notes strokes."""

    def __init__(self) -> None:
        self.camera = camera_at_100()
        self.strokes: list[Stroke] = []
        self.sizes: list[float] = []
        self.shown: list[tuple] = []
        self.repainted: list[tuple] = []

    def start_stroke(self, *setup) -> Stroke:
        self.sizes.append(setup[1])
        self.strokes.append(Stroke(*setup, Canvas(), Path))
        return self.strokes[-1]

    def show_stroke(self, stroke, box) -> None:
        self.shown.append(box)

    def drop_strokes(self, stroke) -> None:
        self.strokes.remove(stroke)

    def request(self, box) -> None:
        self.repainted.append(box)

    def pan(self, dx, dy) -> None:
        self.panned = dx, dy


@pytest.fixture
def view() -> View:
    return View()


@pytest.fixture
def brush(view) -> BrushTool:
    tool = BrushTool(view)
    tool.mode, tool.size, tool.softness, tool.opacity = "restore", 20, 0.4, 0.5
    return tool


def test_a_stroke_is_made_as_the_brush_is_set_up(view, brush):
    finished = heard(brush.finished)
    brush.begin(100, 50, 1.0)
    brush.move([(110, 50, 1.0), (120, 60, 0.5)], False)
    brush.end()
    (stroke,) = view.strokes
    assert finished == [(stroke,)]
    assert (stroke.mode, stroke.size, stroke.softness, stroke.opacity) == ("restore", 20, 0.4, 0.5)
    assert stroke.points == [100, 50, 1.0, 110, 50, 1.0, 120, 60, 0.5]


def test_a_brush_is_as_large_as_it_is_seen_at_any_zoom_and_placement(view, brush):
    view.camera.zoom(4)
    brush.begin(100, 50, 1.0)
    brush.cancel()
    view.camera.pixel_ratio = 2.0
    brush.begin(100, 50, 1.0)
    brush.cancel()
    view.camera.look_at((0, 0, 400, 300), Placement(400, 300, scale=0.5), False)
    brush.begin(100, 50, 1.0)
    assert view.sizes == [5, 10, 20]


def test_a_frame_paints_only_what_the_stroke_has_got_since_the_last(view, brush):
    brush.begin(100, 50, 1.0)
    brush.move([(110, 50, 1.0), (120, 60, 1.0)], False)
    brush.move([(120, 60, 1.0)], False)  # nothing new
    brush.move([(130, 60, 1.0)], False)
    assert view.shown == [(89, 39, 111, 61), (89, 39, 131, 71), (109, 49, 141, 71)]


def test_the_smart_brush_is_hard_and_opaque_whatever_the_sliders_of_the_other_say(view, brush):
    brush.mode = "smart"
    brush.begin(100, 50, 1.0, swap=True)
    assert (view.strokes[0].mode, view.strokes[0].softness, view.strokes[0].opacity) == ("smart", 0.0, 1.0)


@pytest.mark.parametrize(("mode", "swapped"), [("restore", "erase"), ("erase", "restore")])
def test_alt_swaps_the_two_for_one_stroke(view, brush, mode, swapped):
    brush.mode = mode
    brush.begin(100, 50, 1.0, swap=True)
    brush.end()
    brush.begin(100, 50, 1.0)
    assert [stroke.mode for stroke in view.strokes] == [swapped, mode]


def test_shift_draws_a_straight_line_wherever_the_pointer_went(view, brush):
    brush.begin(100, 100, 1.0)
    for place in ((150, 20), (180, 260), (300, 150)):
        brush.move([(*place, 1.0)], True)
    assert view.strokes[0].points == [100, 100, 1.0, 300, 150, 1.0]


def test_shift_begins_at_the_end_of_the_last_stroke_of_this_photo(view, brush):
    brush.begin(100, 100, 1.0, straight=True)
    brush.end()
    brush.begin(200, 100, 1.0, straight=True)
    brush.end()
    brush.forget_end()
    brush.begin(300, 100, 1.0, straight=True)
    assert [stroke.points[::3] for stroke in view.strokes] == [[100], [100, 200], [300]]


def test_a_stroke_can_be_taken_back(view, brush):
    finished = heard(brush.finished)
    brush.begin(100, 50, 1.0)
    brush.cancel()
    assert view.strokes == [] and finished == [] and view.repainted == [(89, 39, 111, 61)]


def test_panning_keeps_the_point_under_the_pointer(view):
    tool = PanTool(view)
    tool.begin(10, 20, 1.0)
    tool.move([(11, 20, 1.0), (15, 22, 1.0)], False)
    assert view.panned == (5 * view.camera.scale, 2 * view.camera.scale)


def test_only_clicks_within_the_photo_count(view):
    tool = ClickTool(view.camera)
    clicked = heard(tool.clicked)
    for place in ((0, 0), (399.5, 299.5), (-1, 5), (400, 5), (5, 300)):
        tool.begin(*place, 1.0)
        tool.end()
    assert clicked == [(0, 0), (399.5, 299.5)]


def test_a_click_counts_once_the_pointer_is_up_where_it_went_down(view):
    tool = ClickTool(view.camera)
    clicked = heard(tool.clicked)
    tool.begin(50, 60, 1.0)
    assert clicked == []  # it may be the first finger of a pinch
    tool.cancel()
    tool.begin(50, 60, 1.0)
    tool.lose()
    view.camera.zoom_to(2.0)
    view.camera.pixel_ratio = 2.0
    steady, far = CLICK_SLOP, CLICK_SLOP + 1
    for moved in (steady, far):
        tool.begin(50, 60, 1.0)
        tool.move([(50 + moved, 60, 1.0), (50, 60 - moved, 1.0)], False)
        tool.move([(50, 60, 1.0)], False)  # going back makes it no click again
        tool.end()
    assert clicked == [(50, 60)]


def test_a_box_lies_within_the_photo_in_whole_pixels(view):
    tool = BoxTool(view.camera)
    finished, changed = heard(tool.finished), heard(tool.changed)
    tool.begin(350.7, 200.2, 1.0)
    tool.move([(360, 210, 1.0), (-20, 10.5, 1.0)], False)
    assert tool.box == (0, 10, 350, 200)
    tool.end()
    assert finished == [((0, 10, 350, 200),)] and tool.box is None and len(changed) == 2


def test_a_slip_of_the_hand_is_no_box(view):
    tool = BoxTool(view.camera)
    finished = heard(tool.finished)
    tool.begin(10, 10, 1.0)
    tool.move([(10 + MIN_BOX - 1, 100, 1.0)], False)
    tool.end()
    tool.begin(10, 10, 1.0)
    tool.move([(100, 100, 1.0)], False)
    tool.cancel()
    assert finished == [] and tool.box is None


def test_the_subject_is_dragged_and_can_be_let_go_where_it_was(view):
    tool = MoveTool(view.camera)
    started, dragged = heard(tool.started), heard(tool.dragged)
    tool.begin(10, 20, 1.0)
    tool.move([(12, 20, 1.0), (30, 15, 1.0)], False)
    tool.end()
    assert len(started) == 1 and dragged == [(20, -5, True), (20, -5, False)]
    tool.begin(10, 20, 1.0)
    tool.move([(30, 15, 1.0)], False)
    tool.cancel()
    assert dragged[-1] == (0, 0, False)


def test_a_subject_that_was_not_dragged_is_not_moved(view):
    tool = MoveTool(view.camera)
    dragged = heard(tool.dragged)
    for finish in (tool.end, tool.cancel, tool.lose):
        tool.begin(10, 20, 1.0)
        finish()
    assert dragged == []


@pytest.mark.parametrize(("tool", "keeps"), [("brush", True), ("move", True), ("box", False), ("click", False)])
def test_what_a_tool_keeps_of_a_gesture_whose_end_is_not_seen(view, brush, tool, keeps):
    tools = {
        "brush": brush,
        "move": MoveTool(view.camera),
        "box": BoxTool(view.camera),
        "click": ClickTool(view.camera),
    }
    tool = tools[tool]
    outcome = {BrushTool: "finished", MoveTool: "dragged", BoxTool: "finished", ClickTool: "clicked"}[type(tool)]
    tool.begin(10, 20, 1.0)
    if not isinstance(tool, ClickTool):
        tool.move([(100, 120, 1.0)], False)
    found = heard(getattr(tool, outcome))
    tool.lose()
    assert bool(found) == keeps


def test_arrow_keys_move_the_subject_by_what_is_seen_and_at_least_a_pixel(view):
    tool = MoveTool(view.camera)
    moved = heard(tool.dragged)
    view.camera.scale = 0.25
    tool.nudge(5, 0)
    view.camera.scale = 30.0
    tool.nudge(0, -5)
    assert moved == [(20.0, 0.0, False), (0.0, -1.0, False)]
