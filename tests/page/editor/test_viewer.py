"""The photo as it is shown: strokes until the mask has them, smoothing once nothing moves."""

import pytest
from editor.frames import FrameScheduler
from editor.viewer import Viewer

from tests.page.editor.fakes import Canvas, Path, Timers, photo_response
from tests.page.fakes import heard


class View:
    def __init__(self, width=400, height=300) -> None:
        self.canvas, self.timers = Canvas(width, height), Timers()
        frames = FrameScheduler(self.timers.make_frame_request)
        self.painted = heard(frames.painting)
        self.made: list[Canvas] = []
        self.viewer = Viewer(self.canvas.context, frames, self._make, Path, self.timers.make_timer)
        self.viewer.resize(width, height, 1.0)
        self.viewer.open(photo_response())
        self.viewer.show_actual_size()
        self.made.clear()
        self.draw()

    def _make(self) -> Canvas:
        self.made.append(Canvas())
        return self.made[-1]

    def draw(self) -> list:
        """Draw a frame. Returns the boxes that are painted."""
        self.painted.clear()
        self.timers.draw()
        return [box for (box,) in self.painted]

    def drawn(self) -> list:
        """What was drawn on the canvas in the last frame."""
        self.canvas.context.calls.clear()
        self.viewer.request()
        self.draw()
        return [call[0] for call in self.canvas.context.of("drawImage")]


@pytest.fixture
def view() -> View:
    return View()


def test_a_stroke_is_shown_until_it_is_dropped(view):
    stroke = view.viewer.start_stroke("erase", 20, 0, 1)
    stroke.add(50, 50)
    view.viewer.show_stroke(stroke, stroke.box)
    assert view.draw() == [stroke.box]
    assert stroke.canvas in view.drawn()
    view.viewer.drop_strokes(stroke)
    assert stroke.canvas not in view.drawn()


def test_the_canvas_of_a_stroke_is_as_large_as_the_view_and_used_again(view):
    first = view.viewer.start_stroke("erase", 20, 0, 1)
    assert (first.canvas.width, first.canvas.height) == (400, 300)
    view.viewer.drop_strokes(first)
    second = view.viewer.start_stroke("erase", 20, 0, 1)
    assert second.canvas is first.canvas and len(view.made) == 1
    assert second.canvas.context.calls[-1] == ("clearRect", 0, 0, 400, 300)
    assert view.viewer.start_stroke("erase", 20, 0, 1).canvas is not first.canvas


def test_a_stroke_is_drawn_again_when_the_window_changes_its_size_under_it(view):
    stroke = view.viewer.start_stroke("erase", 20, 0, 1)
    stroke.add(50, 50)
    view.viewer.resize(320, 240, 1.0)
    assert (stroke.canvas.width, stroke.canvas.height) == (320, 240)
    assert stroke.canvas.context.of("stroke")
    assert view.draw() == [None] and stroke.canvas in view.drawn()


def test_another_photo_has_none_of_the_strokes(view):
    stroke = view.viewer.start_stroke("erase", 20, 0, 1)
    view.viewer.open(photo_response())
    assert stroke.canvas not in view.drawn()


def test_finer_smoothing_comes_once_nothing_moves_and_no_stroke_is_shown(view):
    settled = heard(view.viewer.settled)
    stroke = view.viewer.start_stroke("erase", 20, 0, 1)
    stroke.add(50, 50)
    view.timers.elapse()
    view.viewer.request()
    view.draw()
    assert view.canvas.context.imageSmoothingQuality == "low" and len(settled) == 1
    view.viewer.drop_strokes(stroke)
    view.timers.elapse()
    assert view.draw() == [None]
    assert view.canvas.context.imageSmoothingQuality == "high"
    view.viewer.pan(3, 0)
    view.draw()
    assert view.canvas.context.imageSmoothingQuality == "low"


def test_fitted_becomes_100_percent_and_anything_else_fitted(view):
    viewer, moved = view.viewer, heard(view.viewer.moved)
    viewer.fit()
    fitted = viewer.camera.scale
    assert fitted < 1
    viewer.toggle_fit()
    assert viewer.camera.scale == 1
    viewer.zoom(1.5)
    viewer.toggle_fit()
    assert viewer.camera.scale == fitted and viewer.camera.is_fitted and len(moved) == 4


def test_each_view_draws_what_it_is_made_of(view):
    whole = view.viewer.layers.whole
    pictures = {
        "cutout": [whole.cutout],
        "original": [whole.photo],
        "mask": [whole.mask],
        "removed": [whole.mask, whole.photo],
        "compare": [whole.cutout, whole.photo],
        "composed": [whole.cutout],  # until there is a composition
    }
    for name, expected in pictures.items():
        view.viewer.show_view(name)
        assert view.drawn() == expected, name
    view.viewer.show_view("cutout")
    view.viewer.show_removed_part(True)
    assert view.drawn() == [whole.cutout, whole.photo]


def test_the_comparison_is_divided_at_a_share_of_the_canvas(view):
    view.viewer.show_view("compare")
    view.viewer.divide(0.25)
    view.canvas.context.calls.clear()
    view.draw()
    assert (0, 0, 100, 300) in view.canvas.context.of("rect")
    assert (99, 0, 2, 300) in view.canvas.context.of("fillRect")
