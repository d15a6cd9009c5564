"""At most one frame for each refresh, and only the boxes that changed."""

from editor.frames import FrameScheduler

from tests.page.editor.fakes import Timers
from tests.page.fakes import heard


def scheduler() -> tuple[FrameScheduler, Timers, list]:
    timers = Timers()
    frames = FrameScheduler(timers.make_frame_request)
    return frames, timers, heard(frames.painting)


def test_however_much_changes_one_frame_is_requested_and_one_box_painted():
    frames, timers, painted = scheduler()
    frames.request((0, 0, 10, 10))
    frames.request((5, 20, 30, 40))
    frames.request_overlay()
    assert timers.frames == 1 and painted == []
    timers.draw()
    assert painted == [((0, 0, 30, 40),)]
    frames.request((1, 1, 2, 2))
    assert timers.frames == 2
    timers.draw()
    assert painted[1:] == [((1, 1, 2, 2),)]


def test_everything_is_more_than_any_box():
    frames, timers, painted = scheduler()
    frames.request_all()
    frames.request((0, 0, 10, 10))
    timers.draw()
    assert painted == [(None,)]


def test_what_lies_above_the_canvas_repaints_nothing():
    frames, timers, painted = scheduler()
    ended = heard(frames.ending)
    frames.request_overlay()
    timers.draw()
    assert painted == [] and ended == [()]


def test_what_is_added_at_the_start_of_a_frame_is_painted_in_it():
    frames, timers, painted = scheduler()
    frames.starting.connect(lambda: frames.request((0, 0, 1, 1)))
    frames.request_overlay()
    timers.draw()
    assert painted == [((0, 0, 1, 1),)]
