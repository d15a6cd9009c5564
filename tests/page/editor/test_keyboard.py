"""No shortcut fires while a person types, or with other modifiers than its own; the brush needs no pointer."""

from types import SimpleNamespace

import pytest
from editor.camera import Camera
from editor.cursor import BrushCursor
from editor.gestures import Gestures
from editor.keyboard import KEYS, SHORTCUTS, Keyboard, action_of, editor_actions, is_single, is_typing

from offcut.protocol.brush import MIN_SIZE
from tests.page.editor.fakes import FakeControls
from tests.page.fakes import heard


def test_no_two_actions_share_a_key():
    seen = [(key, command, shift) for _, keys, command, shift in SHORTCUTS for key in keys]
    assert len(seen) == len(set(seen))
    assert {name for name, *_ in SHORTCUTS} <= set(KEYS)


@pytest.mark.parametrize(
    ("pressed", "action"),
    [
        (("b", False, False, False), "brush"),
        (("B", False, False, False), "brush"),  # caps lock
        (("b", True, False, False), None),
        (("b", False, False, True), None),
        (("b", False, True, False), None),
        (("z", True, False, False), "undo"),
        (("Z", True, True, False), "redo"),
        (("y", True, False, False), "redo"),
        (("z", False, False, False), None),
        (("z", True, False, True), None),
        (("y", True, True, False), None),
        (("?", False, True, False), "help"),
        (("+", False, True, False), "zoom_in"),
        (("=", False, False, False), "zoom_in"),
        (("+", True, False, False), None),
        (("Escape", False, False, False), "hand"),
        (("q", False, False, False), None),
    ],
)
def test_a_key_with_exactly_its_modifiers(pressed, action):
    assert action_of(*pressed) == action


@pytest.mark.parametrize(
    ("element", "typing"),
    [
        (("input", "text", False), True),
        (("input", "number", False), True),
        (("input", "", False), True),
        (("textarea", "", False), True),
        (("select", "", False), True),
        (("div", "", True), True),
        (("input", "range", False), False),
        (("input", "radio", False), False),
        (("canvas", "", False), False),
        (("body", "", False), False),
        (("button", "button", False), False),
    ],
)
def test_where_letters_are_typed(element, typing):
    assert is_typing(*element) == typing


def test_single_characters_can_be_distinguished():
    assert is_single("b", False) and not is_single("z", True) and not is_single("Escape", False)


class Keys:
    """A keyboard with a brush and a view at 100 %."""

    def __init__(self, tool=True) -> None:
        self.camera = Camera()
        self.camera.resize(400, 300)
        self.camera.open(400, 300)
        self.camera.zoom_to(1.0)
        self.calls: list[tuple] = []
        self.cursor = BrushCursor(self.camera, self)
        self.gestures = Gestures(self, self.cursor, self, lambda: self)
        actions = {name: lambda name=name: self.calls.append(("action", name)) for name in KEYS}
        self.keyboard = Keyboard(self, self.cursor, self.gestures, lambda: self if tool else None, actions)

    def request_overlay(self) -> None:
        pass

    def pan(self, dx, dy) -> None:
        self.calls.append(("pan", dx, dy))

    def begin(self, *place) -> None:
        self.calls.append(("begin", *place))

    def move(self, points, straight) -> None:
        self.calls.append(("move", *points, straight))

    def end(self) -> None:
        self.calls.append(("end",))


def test_the_brush_is_moved_and_painted_with_by_keys_alone():
    keys = Keys()
    assert keys.keyboard.press("ArrowRight", "canvas")
    assert keys.cursor.position == (208, 150)
    for _ in range(3):  # a key that is held repeats
        assert keys.keyboard.press(" ", "canvas")
    keys.keyboard.press("ArrowDown", "canvas")
    keys.keyboard.press("ArrowDown", "canvas", shift=True)
    keys.keyboard.release(" ")
    assert keys.calls == [
        ("begin", 208, 150, 1.0),
        ("move", (208, 158, 1.0), False),
        ("move", (208, 160, 1.0), False),
        ("end",),
    ]


def test_a_stroke_by_keys_ends_where_a_pointer_begins_one():
    keys = Keys()
    keys.keyboard.press(" ", "canvas")
    keys.gestures.press(1, (10, 10))
    assert [call[0] for call in keys.calls] == ["begin", "end", "begin"]


def test_the_brush_stays_on_the_canvas():
    keys = Keys()
    keys.cursor.position = 398, 2
    keys.keyboard.press("ArrowRight", "canvas")
    keys.keyboard.press("ArrowUp", "canvas")
    assert keys.cursor.position == (400, 0)


def test_arrows_pan_where_no_tool_paints():
    keys = Keys(tool=False)
    keys.keyboard.press("ArrowRight", "canvas")
    keys.keyboard.press("ArrowUp", "canvas", shift=True)
    assert keys.calls == [("pan", -48, 0), ("pan", 0, 12)]
    assert not keys.keyboard.press("ArrowRight", "body")  # it scrolls the page


@pytest.mark.parametrize("where", ["body", "canvas under a pointer"])
def test_the_space_bar_pans_while_it_is_held(where):
    keys = Keys()
    keys.cursor.position = 10, 10
    assert keys.keyboard.press(" ", "body" if where == "body" else "canvas")
    assert keys.gestures.is_space_held and keys.calls == []
    keys.keyboard.release(" ")
    assert not keys.gestures.is_space_held
    assert not keys.keyboard.press(" ", "button")  # it presses that


def test_single_keys_can_be_switched_off():
    keys = Keys()
    keys.keyboard.allows_single_keys = False
    assert not keys.keyboard.press("e", "body") and keys.calls == []
    assert keys.keyboard.press("Escape", "body") and keys.keyboard.press("z", "body", command=True)
    keys.keyboard.allows_single_keys = True
    assert keys.keyboard.press("e", "body")
    assert [name for _, name in keys.calls] == ["hand", "undo", "erase"]


def test_no_shortcut_fires_amid_the_composing_of_a_character():
    keys = Keys()
    assert not keys.keyboard.press("b", "body", is_composing=True)
    assert keys.keyboard.press("Escape", "body", is_composing=True)
    assert keys.calls == [("action", "hand")]


def test_the_list_of_shortcuts_has_a_key():
    keys = Keys()
    requested = heard(keys.keyboard.help_requested)
    assert keys.keyboard.press("?", "body", shift=True) and requested == [()]


@pytest.mark.parametrize(("panel", "control"), [("smart", "smart.size"), ("brush", "brush.size"), (None, "brush.size")])
def test_actions_of_the_brush(panel, control):
    controls, shown, focused = FakeControls(), [], []
    selection = SimpleNamespace(panel=panel, size_control=control)
    panels = SimpleNamespace(show=shown.append)
    nothing = SimpleNamespace(undo=None, redo=None, fit=None, show_actual_size=None)
    actions = editor_actions(lambda: focused.append(True), nothing, None, selection, panels, controls, nothing, nothing)
    assert {name for name, *_ in SHORTCUTS} - {"help"} == set(actions)
    before = controls.value(control)
    actions["larger"]()
    assert controls.value(control) == pytest.approx(1.2 * before)
    for _ in range(99):
        actions["smaller"]()
    assert controls.value(control) == MIN_SIZE
    actions["brush"]()
    assert controls.value("brush.mode") == "restore" and focused == [True]
    assert shown == ([] if panel == "brush" else ["brush"])
