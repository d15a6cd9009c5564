"""Pointers, as a state machine: one uses the tool, two zoom and pan, the middle button or the space bar pans."""

import pytest
from editor.cursor import BrushCursor
from editor.gestures import Gestures

from tests.page.editor.fakes import camera_at_100
from tests.page.fakes import heard


class Tool:
    """Notes its calls."""

    def __init__(self) -> None:
        self.calls: list[tuple] = []

    def begin(self, *arguments) -> None:
        self.calls.append(("begin", *arguments))

    def move(self, points, straight) -> None:
        self.calls.append(("move", points, straight))

    def end(self) -> None:
        self.calls.append(("end",))

    def cancel(self) -> None:
        self.calls.append(("cancel",))

    def lose(self) -> None:
        self.calls.append(("lose",))

    @property
    def names(self) -> list[str]:
        return [call[0] for call in self.calls]


class View:
    """A viewer at 100 %, its photo's corner at the canvas's."""

    def __init__(self) -> None:
        self.camera = camera_at_100()

    def zoom(self, factor, x, y) -> None:
        self.camera.zoom(factor, x, y)

    def request_overlay(self) -> None:
        pass


class Hand:
    """Gestures with two tools."""

    def __init__(self) -> None:
        self.view, self.pan, self.tool = View(), Tool(), Tool()
        self.cursor = BrushCursor(self.view.camera, self.view)
        self.gestures = Gestures(self.view, self.cursor, self.pan, lambda: self.tool)


@pytest.fixture
def hand() -> Hand:
    return Hand()


def test_a_stroke_goes_to_the_tool_once_a_frame(hand):
    starting = heard(hand.gestures.starting)
    hand.gestures.press(1, (10, 20), 0.5, shift=True)
    hand.gestures.move(1, [((11, 20), 1.0), ((12, 20), 0.5)])
    hand.gestures.move(1, [((13, 20), 1.0)])
    assert hand.tool.calls == [("begin", 10, 20, 0.5, True, False)] and len(starting) == 1
    hand.gestures.flush()
    assert hand.tool.calls[1:] == [("move", [(11, 20, 1.0), (12, 20, 0.5), (13, 20, 1.0)], False)]
    hand.gestures.flush()
    hand.gestures.move(1, [((14, 20), 1.0)], shift=True)
    hand.gestures.release(1)  # before the next frame
    assert hand.tool.calls[2:] == [("move", [(14, 20, 1.0)], True), ("end",)]
    assert hand.cursor.position == (14, 20) and not hand.pan.calls


def test_alt_swaps_and_shift_draws_straight(hand):
    hand.gestures.press(1, (10, 20), alt=True)
    assert hand.tool.calls == [("begin", 10, 20, 1.0, False, True)]


@pytest.mark.parametrize("way", ["middle button", "space bar", "no tool"])
def test_what_pans(hand, way):
    hand.gestures.is_space_held = way == "space bar"
    if way == "no tool":
        hand.tool = None
    hand.gestures.press(1, (10, 20), button=1 if way == "middle button" else 0)
    hand.gestures.move(1, [((30, 20), 1.0)])
    hand.gestures.release(1)
    assert [call[0] for call in hand.pan.calls] == ["begin", "move", "end"]
    assert hand.tool is None or not hand.tool.calls


def test_a_second_finger_takes_the_stroke_back_and_zooms(hand):
    hand.gestures.press(1, (100, 100), is_touch=True)
    hand.gestures.move(1, [((104, 100), 1.0)])
    hand.gestures.press(2, (200, 100), is_touch=True)
    assert [call[0] for call in hand.tool.calls] == ["begin", "cancel"]
    held = hand.view.camera.to_photo(152, 100)
    for apart in (120, 160, 192):
        hand.gestures.move(1, [((152 - apart / 2, 100), 1.0)])
        hand.gestures.move(2, [((152 + apart / 2, 100), 1.0)])
    assert hand.view.camera.scale == pytest.approx(2)
    assert hand.view.camera.to_photo(152, 100) == pytest.approx(held, abs=0.5)
    hand.gestures.release(1)
    hand.gestures.move(2, [((300, 100), 1.0)])
    hand.gestures.release(2)
    assert len(hand.tool.calls) == 2 and hand.view.camera.scale == pytest.approx(2)


def test_two_fingers_pan(hand):
    hand.gestures.press(1, (100, 100), is_touch=True)
    hand.gestures.press(2, (200, 100), is_touch=True)
    left, top = hand.view.camera.left, hand.view.camera.top
    hand.gestures.move(1, [((120, 130), 1.0)])
    hand.gestures.move(2, [((220, 130), 1.0)])
    assert hand.view.camera.scale == pytest.approx(1, abs=1e-6)
    assert (hand.view.camera.left - left, hand.view.camera.top - top) == pytest.approx((20, 30), abs=1)


def test_a_third_finger_does_nothing(hand):
    for finger in (1, 2, 3):
        hand.gestures.press(finger, (100 * finger, 100), is_touch=True)
    assert [call[0] for call in hand.tool.calls] == ["begin", "cancel"]


def test_a_finger_that_the_browser_takes_over_changes_nothing(hand):
    hand.gestures.press(1, (100, 100), is_touch=True)
    hand.gestures.move(1, [((104, 100), 1.0)])
    hand.gestures.lose(1, is_taken=True)
    hand.gestures.flush()
    assert hand.tool.names == ["begin", "cancel"]
    hand.gestures.press(2, (100, 100))  # the next one is a new one
    assert hand.tool.names[-1] == "begin"


@pytest.mark.parametrize("way", ["lost", "taken from a mouse", "window goes"])
def test_a_gesture_ends_where_its_pointer_is_lost(hand, way):
    hand.gestures.is_space_held = False
    hand.gestures.press(1, (100, 100))
    hand.gestures.move(1, [((104, 100), 1.0)], buttons=1)
    if way == "window goes":
        hand.gestures.stop()
    else:
        hand.gestures.lose(1, is_taken=way == "taken from a mouse")
    hand.gestures.move(1, [((150, 100), 1.0)], buttons=1)
    hand.gestures.flush()
    hand.gestures.release(1)
    assert hand.tool.names == ["begin", "move", "lose"]
    assert hand.tool.calls[1] == ("move", [(104, 100, 1.0)], False)  # with all that came before


def test_a_gesture_ends_with_the_first_move_without_its_button(hand):
    hand.gestures.press(1, (100, 100))
    hand.gestures.move(1, [((104, 100), 1.0)], buttons=1)
    hand.gestures.move(1, [((190, 100), 1.0)], buttons=0)  # it went up outside of the window
    assert hand.tool.calls[1:] == [("move", [(104, 100, 1.0)], False), ("end",)]
    assert hand.cursor.position == (190, 100)
    hand.gestures.release(1)
    assert hand.tool.names.count("end") == 1


@pytest.mark.parametrize(("button", "other"), [(0, 2), (0, 4), (1, 1)])
def test_another_button_that_is_still_down_does_not_go_on_with_it(hand, button, other):
    hand.gestures.press(1, (100, 100), button=button)
    hand.gestures.move(1, [((104, 100), 1.0)], buttons=other)
    assert (hand.pan if button else hand.tool).names == ["begin", "end"]


def test_a_mouse_whose_button_came_up_unseen_begins_another_stroke(hand):
    hand.gestures.press(1, (100, 100))
    hand.gestures.press(1, (200, 100))
    assert hand.tool.names == ["begin", "end", "begin"]


def test_the_hand_that_rests_while_a_pen_paints_is_ignored(hand):
    hand.gestures.press(1, (100, 100), 0.4)
    hand.gestures.press(7, (200, 200), is_touch=True)
    hand.gestures.move(7, [((210, 200), 1.0)])
    hand.gestures.move(1, [((110, 100), 0.4)], buttons=1)
    hand.gestures.release(7)
    hand.gestures.release(1)
    hand.gestures.move(7, [((220, 200), 1.0)])
    assert hand.tool.calls == [
        ("begin", 100, 100, 0.4, False, False),
        ("move", [(110, 100, 0.4)], False),
        ("end",),
    ]
    assert hand.view.camera.scale == 1


def test_a_pen_takes_over_from_the_hand_that_came_first(hand):
    hand.gestures.press(7, (200, 200), is_touch=True)
    hand.gestures.press(1, (100, 100), 0.4)
    hand.gestures.move(7, [((210, 200), 1.0)])
    hand.gestures.release(7)
    hand.gestures.release(1)
    assert hand.tool.names == ["begin", "cancel", "begin", "end"]


def test_a_mouse_that_moves_beside_a_finger_does_not_paint(hand):
    hand.gestures.press(7, (200, 200), is_touch=True)
    hand.gestures.move(1, [((100, 100), 1.0)], buttons=0)
    hand.gestures.release(7)
    assert hand.tool.names == ["begin", "end"]


def test_alt_is_noted_as_used_until_the_window_goes(hand):
    hand.gestures.press(1, (10, 20), alt=True)
    hand.gestures.release(1)
    hand.gestures.press(1, (10, 20))
    assert hand.gestures.is_alt_used
    hand.gestures.stop()
    assert not hand.gestures.is_alt_used


def test_undo_amid_a_stroke_takes_it_back(hand):
    hand.gestures.press(1, (100, 100))
    hand.gestures.cancel()
    hand.gestures.move(1, [((104, 100), 1.0)])
    hand.gestures.release(1)
    assert [call[0] for call in hand.tool.calls] == ["begin", "cancel"]


def test_the_ring_follows_a_pointer_and_goes_with_it(hand):
    hand.cursor.diameter = 20
    assert hand.cursor.rectangle is None
    hand.gestures.move(1, [((50, 60), 1.0)], buttons=0)
    assert hand.cursor.rectangle == (40, 50, 20)
    hand.gestures.leave()
    assert hand.cursor.rectangle is None
    hand.gestures.press(1, (50, 60), is_touch=True)
    hand.gestures.leave()
    assert hand.cursor.rectangle  # amid a stroke it stays
    hand.gestures.release(1)
    assert hand.cursor.rectangle is None
    hand.tool = None
    hand.gestures.press(1, (50, 60), is_touch=True)
    assert hand.cursor.rectangle is None  # a finger that pans
