"""A mouse's wheel zooms, a trackpad pans by two fingers and zooms by a pinch."""

import pytest
from editor.wheel import MAC_STEP, PAUSE_S, Wheel

from tests.page.editor.fakes import camera_at_100
from tests.page.fakes import FakeClock

LINES, PAGES = 1, 2


class View:
    """A viewer at 100 % that notes how it is moved."""

    def __init__(self) -> None:
        self.camera = camera_at_100()
        self.zooms: list[float] = []
        self.pans: list[tuple] = []

    def zoom(self, factor, x, y) -> None:
        assert (x, y) == (100, 50)
        self.zooms.append(factor)

    def pan(self, dx, dy) -> None:
        self.pans.append((dx, dy))


class Hand:
    def __init__(self) -> None:
        self.view, self.clock = View(), FakeClock()
        self.wheel = Wheel(self.view, self.clock.now)

    def turn(self, dx, dy, mode=0, after=10.0, **more) -> None:
        self.clock.seconds += after
        self.wheel.turn(dx, dy, mode, (100, 50), **more)


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.mark.parametrize(
    ("turn", "factor"),
    [
        ((0, -100, 0), 1.197),
        ((0, 120, 0), 0.806),
        ((0, 53, 0), 0.909),
        ((0, -3, LINES), 1.102),
        ((0, 1, PAGES), 0.487),
        ((0, -9000, 0), 3),
        ((0, MAC_STEP, 0), 0.993),  # macOS begins slowly
        ((0, -3 * MAC_STEP, 0), 1.022),
    ],
)
def test_a_mouse_zooms(hand, turn, factor):
    hand.turn(*turn)
    assert hand.view.zooms == [pytest.approx(factor, abs=0.001)] and not hand.view.pans


def test_notches_that_a_person_has_made_small_zoom(hand):
    hand.turn(0, 33.3, wheel_delta=-120)
    assert len(hand.view.zooms) == 1 and not hand.view.pans


@pytest.mark.parametrize("turn", [(0, 4), (0, -1.5), (3, 4), (-12, 0), (7, 80), (0.5, 0)])
def test_two_fingers_pan(hand, turn):
    dx, dy = turn
    hand.view.camera.pixel_ratio = 2.0
    hand.turn(dx, dy, wheel_delta=-3 * dy)
    assert hand.view.pans == [(-2 * dx, -2 * dy)] and not hand.view.zooms


def test_a_fast_swipe_goes_on_panning(hand):
    hand.turn(0, 2)
    for step in (30, 90, 160, 120, 60):
        hand.turn(0, step, after=0.016)
    assert len(hand.view.pans) == 6 and not hand.view.zooms


def test_a_mouse_that_slows_down_goes_on_zooming(hand):
    hand.turn(0, 100)
    for step in (25, 10):
        hand.turn(0, step, after=0.05)
    assert len(hand.view.zooms) == 3 and not hand.view.pans


def test_another_run_may_come_from_the_other_device(hand):
    hand.turn(0, 3)
    hand.turn(0, 120, after=PAUSE_S + 0.01)
    hand.turn(4, 3, after=0.1)  # sideways: fingers, even soon after
    assert len(hand.view.pans) == 2 and len(hand.view.zooms) == 1


@pytest.mark.parametrize(("turn", "factor"), [((0, 10, 0), 0.905), ((0, -2.5, 0), 1.025), ((0, 100, 0), 0.835)])
def test_a_pinch_zooms_and_so_does_a_wheel_with_a_key(hand, turn, factor):
    hand.turn(*turn, zooms=True)
    assert hand.view.zooms == [pytest.approx(factor, abs=0.001)] and not hand.view.pans


@pytest.mark.parametrize("turn", [(0, 100, 0), (100, 0, 0), (3, 0, LINES), (0, 3, LINES)])
def test_a_mouse_with_shift_pans_sideways(hand, turn):
    hand.turn(*turn, shift=True)
    ((dx, dy),) = hand.view.pans
    assert dx < 0 and dy == 0 and not hand.view.zooms


def test_safaris_pinch_zooms(hand):
    hand.wheel.pinch(1.1, (100, 50))
    hand.wheel.pinch(40, (100, 50))
    assert hand.view.zooms == [1.1, 3]
