"""Strokes by mouse, pen, finger and keys end up in the file exactly as drawn, and look so from the first moment."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.browser.editing import Editing, brush, painted
from tests.browser.visit import PHOTOS, show_view

LINE = [(60, 60), (120, 90), (200, 80), (260, 200), (330, 240)]


@pytest.fixture
def editing(warm, tmp_path):
    return Editing(warm, PHOTOS / "cat.png", tmp_path)


@pytest.mark.parametrize(
    ("mode", "size", "softness", "opacity"),
    [("erase", 50, 0, 100), ("restore", 48, 100, 100), ("erase", 60, 40, 55)],
)
def test_a_stroke_is_saved_as_it_was_drawn_and_seen(editing, mode, size, softness, opacity):
    before = editing.alpha()
    editing.tool("brush")
    editing.set("brush.mode", mode)
    for name, value in {"size": size, "softness": softness, "opacity": opacity}.items():
        editing.set(f"brush.{name}", value)
    show_view(editing.page, "mask")
    editing.actual()
    editing.paint(LINE)
    editing.steps(1)

    seen, after = editing.seen, editing.alpha()
    cover, edge = brush(before.shape, LINE, editing.size(), softness / 100)
    expected = painted(before, cover * opacity / 100, mode)
    assert np.abs(expected - before).max() > 0.5
    assert np.abs(after - expected).max() < 2 / 255

    difference = np.abs(seen - after) * 255
    rows, columns = np.where(cover > 0)
    assert difference[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1].mean() <= 0.5
    assert difference[edge > 1].max() <= 3
    if softness:
        assert difference.max() <= 10  # a pixel on the edge of a ring, which is one of 16


def test_a_stroke_is_exact_and_as_wide_as_seen_whatever_the_zoom(editing):
    before = editing.alpha()
    editing.tool("brush")
    editing.set("brush.mode", "erase")
    editing.set("brush.softness", 50)
    scale = editing.fitted()
    assert scale > 1.2
    editing.paint(LINE, scale)
    editing.steps(1)
    expected = painted(before, brush(before.shape, LINE, editing.size() / scale, 0.5)[0], "erase")
    # The mouse stands on whole pixels of the page: points are off by up to half of one.
    assert np.abs(editing.alpha() - expected).mean() < 0.004


def test_a_browser_without_coalesced_events_paints_lines_too(editing):
    before, page = editing.alpha(), editing.page
    editing.tool("brush")
    editing.set("brush.mode", "erase")
    editing.set("brush.softness", 50)
    editing.actual()
    page.evaluate(
        """() => {
            window.coalesced = PointerEvent.prototype.getCoalescedEvents;
            delete PointerEvent.prototype.getCoalescedEvents;
        }"""
    )
    try:
        editing.paint(LINE)
    finally:
        page.evaluate("() => { PointerEvent.prototype.getCoalescedEvents = window.coalesced; }")
    editing.steps(1)
    expected = painted(before, brush(before.shape, LINE, editing.size(), 0.5)[0], "erase")
    assert np.abs(editing.alpha() - expected).max() < 2 / 255


@pytest.mark.smoke
def test_undo_and_redo_bring_back_every_pixel(editing):
    states = [editing.alpha()]
    editing.page.keyboard.press("e")
    editing.actual()
    for step, shift in enumerate((0, 40), 1):
        editing.paint([(100 + shift, 100), (200 + shift, 150)])
        editing.settle()
        states.append(editing.alpha())
        assert not np.array_equal(states[step], states[step - 1])
    for key, state in (("z", 1), ("z", 0), ("y", 1), ("Shift+Z", 2), ("z", 1)):
        editing.page.keyboard.press(f"Control+{key}")
        editing.settle()
        assert np.array_equal(editing.alpha(), states[state]), key
    editing.tool("history")
    editing.page.wait_for_selector("#steps [aria-current]")
    assert editing.page.locator("#steps button").all_inner_texts() == ["First result", "Erase", "Erase"]
    assert editing.page.locator("#steps [aria-current]").get_attribute("data-position") == "1"
    editing.page.click("#steps li:nth-child(3) button")
    editing.steps(2)
    assert np.array_equal(editing.alpha(), states[2])
    editing.page.click("#start-over")
    editing.steps(3)
    assert np.array_equal(editing.alpha(), states[0])
    editing.page.click("#undo")
    editing.steps(2)
    assert np.array_equal(editing.alpha(), states[2])


def test_shift_draws_straight_and_alt_swaps(editing):
    before = editing.alpha()
    editing.page.keyboard.press("b")
    editing.set("brush.softness", 0)
    editing.actual()
    x, y = editing.origin()
    page = editing.page
    page.keyboard.down("Alt")
    page.mouse.move(x + 100, y + 100)
    page.mouse.down()
    page.keyboard.up("Alt")
    page.keyboard.down("Shift")
    for way in ((150, 20), (180, 260), (300, 150)):  # wherever the pointer went, only the straight line counts
        page.mouse.move(x + way[0], y + way[1])
        editing.frame()
    page.mouse.up()
    page.keyboard.up("Shift")
    editing.settle()
    cover = brush(before.shape, [(100, 100), (300, 150)], editing.size(), 0)[0]
    assert np.abs(editing.alpha() - painted(before, cover, "erase")).max() < 2 / 255


def test_the_brush_is_reached_and_painted_with_by_keys_alone(editing):
    before = editing.alpha()
    page = editing.page
    page.mouse.move(2, 2)
    page.focus("#view")
    page.keyboard.press("e")
    page.keyboard.press("1")
    editing.set("brush.softness", 0)
    page.keyboard.press("ArrowRight")
    page.keyboard.down(" ")
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    page.keyboard.up(" ")
    editing.settle()
    x, y = editing.origin()
    box = page.locator("#view").bounding_box()
    start = (box["x"] + box["width"] / 2 + 8 - x, box["y"] + box["height"] / 2 - y)  # the middle, one step on
    cover = brush(before.shape, [start, (start[0], start[1] + 40)], editing.size(), 0)[0]
    assert cover.sum() > 1000
    assert page.locator("#said").inner_text() == "Erase"
    assert np.abs(editing.alpha() - painted(before, cover, "erase")).max() < 2 / 255


def test_a_pen_presses(editing):
    before = editing.alpha()
    editing.page.keyboard.press("e")
    editing.set("brush.softness", 60)
    show_view(editing.page, "mask")
    editing.actual()
    x, y = editing.origin()
    pen = editing.visit.context.new_cdp_session(editing.page)
    points, forces = [(80, 80), (160, 120), (260, 140)], [0.25, 0.5, 1.0]

    def send(kind: str, place: tuple[float, float], force: float) -> None:
        pen.send(
            "Input.dispatchMouseEvent",
            {
                "type": kind,
                "x": x + place[0],
                "y": y + place[1],
                "button": "left",
                "buttons": 1,
                "clickCount": 1,
                "pointerType": "pen",
                "force": force,
            },
        )
        editing.frame()

    send("mousePressed", points[0], forces[0])
    for place, force in zip(points[1:], forces[1:], strict=True):
        send("mouseMoved", place, force)
    editing.look()
    send("mouseReleased", points[-1], 0)
    editing.settle()
    cover, _ = brush(before.shape, points, editing.size(), 0.6, forces)
    expected, after = painted(before, cover, "erase"), editing.alpha()
    assert np.abs(after - expected).max() < 3 / 255
    difference = np.abs(editing.seen - after) * 255
    assert difference[cover > 0].mean() <= 1 and difference.max() <= 10


def test_a_stroke_is_still_seen_when_the_window_changes_its_size_under_it(editing):
    rows, columns = np.nonzero(editing.alpha()[30:-30, 30:-30] == 0)
    spot = int(columns[0]) + 30, int(rows[0]) + 30
    page, size = editing.page, editing.page.viewport_size
    page.keyboard.press("b")
    show_view(page, "mask")
    editing.actual()
    x, y = editing.origin()
    page.mouse.move(x + spot[0], y + spot[1])
    page.mouse.down()
    page.set_viewport_size({"width": size["width"] - 80, "height": size["height"] - 60})
    editing.frame()
    x, y = editing.origin()
    shot = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("L"))
    assert shot[round(y + spot[1]), round(x + spot[0])] > 250
    page.mouse.up()
    page.set_viewport_size(size)


def test_one_finger_paints_and_two_zoom(editing):
    before = editing.alpha()
    editing.page.keyboard.press("e")
    editing.set("brush.softness", 0)
    editing.actual()
    x, y = editing.origin()
    touch = editing.visit.context.new_cdp_session(editing.page)

    def send(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x + px, "y": y + py, "id": at} for at, (px, py) in enumerate(places)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        editing.frame()

    send("touchStart", (100, 200))
    send("touchMove", (180, 210))
    send("touchEnd")
    editing.settle()
    cover = brush(before.shape, [(100, 200), (180, 210)], editing.size(), 0)[0]
    after = editing.alpha()
    assert np.abs(after - painted(before, cover, "erase")).max() < 2 / 255

    send("touchStart", (100, 100))
    send("touchMove", (104, 100))
    send("touchStart", (104, 100), (200, 100))
    for apart in (120, 160, 192):
        send("touchMove", (152 - apart / 2, 100), (152 + apart / 2, 100))
    send("touchEnd")
    assert editing.page.inner_text("#zoom") == "200 %"
    editing.settle()
    assert np.array_equal(editing.alpha(), after)  # the first finger's stroke was taken back
