"""No shortcut fires while a person types, or with other modifiers than its own; the brush needs no pointer."""

from types import SimpleNamespace

import pytest
from editor.cursor import BrushCursor
from editor.gestures import Gestures
from editor.keyboard import KEYS, Keyboard, editor_actions, focus_kind
from editor.keys import SHORTCUTS, KeyPress

from offcut.protocol.brush import MIN_SIZE
from tests.page.editor.fakes import FakeControls, camera_at_100
from tests.page.fakes import heard


@pytest.mark.parametrize(
    ("element", "kind"),
    [
        (("input", "text", False), "text"),
        (("input", "number", False), "text"),
        (("input", "", False), "text"),
        (("textarea", "", False), "text"),
        (("div", "", True), "text"),
        (("select", "", False), "list"),
        (("input", "range", False), "control"),
        (("input", "radio", False), "control"),
        (("button", "button", False), "control"),
        (("summary", "", False), "control"),
        (("canvas", "", False, True), "canvas"),
        (("body", "", False), "page"),
    ],
)
def test_what_has_the_focus(element, kind):
    assert focus_kind(*element) == kind


class Keys:
    """A keyboard with a brush and a view at 100 %."""

    def __init__(self, tool=True) -> None:
        self.camera = camera_at_100()
        self.calls: list[tuple] = []
        self.cursor = BrushCursor(self.camera, self)
        self.gestures = Gestures(self, self.cursor, None, lambda: self)
        actions = {name: lambda name=name: self.calls.append(("action", name)) for name in KEYS}
        self.keyboard = Keyboard(self, self.cursor, self.gestures, lambda: self if tool else None, actions)

    def press(self, key: str, focus: str = "canvas", by_pointer: bool = False, selected: bool = False, **more) -> bool:
        return self.keyboard.press(KeyPress(key, **more), focus, by_pointer, selected)

    @property
    def done(self) -> list[str]:
        """The names of the actions."""
        return [call[1] for call in self.calls if call[0] == "action"]

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

    lose = cancel = end


def test_the_brush_is_moved_and_painted_with_by_keys_alone():
    keys = Keys()
    assert keys.press("ArrowRight", "canvas")
    assert keys.cursor.position == (208, 150)
    for _ in range(3):  # a key that is held repeats
        assert keys.press(" ", "canvas")
    keys.press("ArrowDown", "canvas")
    keys.press("ArrowDown", "canvas", shift=True)
    keys.keyboard.release(" ")
    assert keys.calls == [
        ("begin", 208, 150, 1.0),
        ("move", (208, 158, 1.0), False),
        ("move", (208, 160, 1.0), False),
        ("end",),
    ]


def test_a_stroke_by_keys_ends_where_a_pointer_begins_one():
    keys = Keys()
    keys.press(" ", "canvas")
    keys.gestures.press(1, (10, 10))
    assert [call[0] for call in keys.calls] == ["begin", "end", "begin"]


@pytest.mark.parametrize("begin", [lambda keys: keys.press(" "), lambda keys: keys.gestures.press(1, (10, 10))])
def test_undo_amid_a_stroke_takes_back_that_stroke_and_no_step(begin):
    keys, steps = Keys(), []
    session = SimpleNamespace(undo=lambda: steps.append("undo"), redo=None)
    view = SimpleNamespace(fit=None, show_actual_size=None)
    files = dict.fromkeys(("open", "save", "copy"))
    undo = editor_actions(*[None, view, *[None] * 5, session, files, keys.keyboard.take_back])["undo"]
    begin(keys)
    undo()
    assert [call[0] for call in keys.calls] == ["begin", "end"] and steps == []
    keys.gestures.release(1)
    keys.keyboard.release(" ")
    assert len(keys.calls) == 2  # no stroke is left to end
    undo()
    assert steps == ["undo"]


def test_the_brush_stays_on_the_canvas():
    keys = Keys()
    keys.cursor.position = 398, 2
    keys.press("ArrowRight", "canvas")
    keys.press("ArrowUp", "canvas")
    assert keys.cursor.position == (400, 0)


def test_arrows_pan_where_no_tool_paints():
    keys = Keys(tool=False)
    keys.press("ArrowRight", "canvas")
    keys.press("ArrowUp", "canvas", shift=True)
    assert keys.calls == [("pan", -48, 0), ("pan", 0, 12)]
    assert not keys.press("ArrowRight", "page")  # it scrolls the page


@pytest.mark.parametrize("where", ["page", "canvas under a pointer"])
def test_the_space_bar_pans_while_it_is_held(where):
    keys = Keys()
    keys.cursor.position = 10, 10
    assert keys.press(" ", "page" if where == "page" else "canvas")
    assert keys.gestures.is_space_held and keys.calls == []
    assert keys.keyboard.release(" ")
    assert not keys.gestures.is_space_held
    assert not keys.keyboard.release(" ")


@pytest.mark.parametrize("focus", ["control", "list"])
def test_the_space_bar_pans_over_what_was_clicked_and_presses_what_was_reached_by_keys(focus):
    keys = Keys()
    assert not keys.press(" ", focus) and not keys.gestures.is_space_held
    assert not keys.keyboard.release(" ")  # the button is pressed once, by the browser
    assert keys.press(" ", focus, by_pointer=True) and keys.gestures.is_space_held
    assert keys.keyboard.release(" ")  # or Firefox would press it now
    assert not keys.press(" ", "text", by_pointer=True)
    assert not keys.press(" ", "page", ctrl=True) and not keys.press(" ", "page", alt=True)
    assert not keys.gestures.is_space_held


def test_after_a_list_commands_work_and_letters_are_the_lists_own():
    keys = Keys()
    for key in ("b", "0", "Escape", "+"):
        assert not keys.press(key, "list")
    assert keys.press("z", "list", ctrl=True) and keys.press("c", "list", ctrl=True)
    for key in ("b", "0"):  # after a slider or a choice all do
        assert keys.press(key, "control")
    assert keys.done == ["undo", "copy", "brush", "fit"]


def test_a_field_has_its_own_undo_and_copy_and_only_saving_and_opening_work():
    keys = Keys()
    for key in ("z", "y", "c"):
        assert not keys.press(key, "text", ctrl=True)
    assert not keys.press("b", "text") and not keys.press("[", "text", alt=True)
    assert keys.press("s", "text", ctrl=True) and keys.press("o", "text", ctrl=True)
    assert keys.done == ["save", "open"]


def test_selected_text_is_copied_by_the_browser():
    keys = Keys()
    assert not keys.press("c", "page", ctrl=True, selected=True)
    assert keys.press("c", "page", ctrl=True) and keys.done == ["copy"]


def test_a_held_key_repeats_what_has_degrees_and_nothing_else():
    keys = Keys()
    for key in ("[", "x", "c", "m"):
        keys.press(key, "page")
        assert keys.press(key, "page", is_repeated=True)
    for key in ("z", "s"):
        keys.press(key, "page", ctrl=True)
        assert keys.press(key, "page", ctrl=True, is_repeated=True)
    assert keys.done == ["smaller", "smaller", "swap", "compare", "mask", "undo", "undo", "save"]


def test_alt_that_was_used_opens_no_menu():
    keys = Keys()
    assert not keys.keyboard.release("Alt")
    keys.gestures.press(1, (10, 10), alt=True)
    assert keys.keyboard.release("Alt")  # amid the stroke
    keys.gestures.release(1)
    assert not keys.keyboard.release("Alt")
    keys.gestures.press(1, (10, 10), alt=True)
    keys.gestures.release(1)
    assert keys.keyboard.release("Alt") and not keys.keyboard.release("Alt")
    keys.press("[", "page", alt=True)
    assert keys.keyboard.release("Alt")


def test_single_keys_can_be_switched_off():
    keys = Keys()
    keys.keyboard.allows_single_keys = False
    assert not keys.press("e", "page") and keys.calls == []
    assert keys.press("Escape", "page") and keys.press("z", "page", ctrl=True)
    keys.keyboard.allows_single_keys = True
    assert keys.press("e", "page")
    assert [name for _, name in keys.calls] == ["hand", "undo", "erase"]


def test_no_shortcut_fires_amid_the_composing_of_a_character():
    keys = Keys()
    assert not keys.press("b", "page", is_composing=True)
    assert not keys.press("Escape", "page", is_composing=True)  # it ends the composing
    assert not keys.press(" ", "canvas", is_composing=True)
    assert keys.calls == []


def test_the_list_of_shortcuts_has_a_key():
    keys = Keys()
    requested = heard(keys.keyboard.help_requested)
    assert keys.press("?", "page", shift=True) and requested == [()]


@pytest.mark.parametrize(("panel", "control"), [("smart", "smart.size"), ("brush", "brush.size"), (None, "brush.size")])
def test_actions_of_the_brush(panel, control):
    controls, shown, focused = FakeControls(), [], []
    swapped = f"{panel}.mode" if panel else None
    selection = SimpleNamespace(panel=panel, size_control=control, swapped_control=swapped)
    files = dict.fromkeys(("open", "save", "copy"))
    panels = SimpleNamespace(show=shown.append)
    nothing = SimpleNamespace(undo=None, redo=None, fit=None, show_actual_size=None)
    actions = editor_actions(
        lambda: focused.append(True), nothing, None, selection, panels, controls, nothing, nothing, files, None
    )
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
    actions["smart"]()
    assert shown[-1] == "smart" and focused == [True, True]


@pytest.mark.parametrize(
    ("panel", "control", "values"),
    [
        ("brush", "brush.mode", ["erase", "restore", "erase"]),
        ("smart", "smart.mode", ["keep", "remove", "keep"]),
        ("smart", "smart.mode", ["box", "box", "box"]),
        (None, "brush.mode", ["erase", "erase", "erase"]),
    ],
)
def test_x_swaps_what_the_open_tool_does(panel, control, values):
    controls = FakeControls()
    controls.put(control, values[0])
    nothing = SimpleNamespace(undo=None, redo=None, fit=None, show_actual_size=None)
    selection = SimpleNamespace(panel=panel, swapped_control=f"{panel}.mode" if panel else None)
    files = dict.fromkeys(("open", "save", "copy"))
    actions = editor_actions(None, nothing, None, selection, None, controls, nothing, nothing, files, None)
    for value in values[1:]:
        actions["swap"]()
        assert controls.value(control) == value
