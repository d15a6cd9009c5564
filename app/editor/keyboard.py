"""The page's keys: shortcuts, and the brush without a pointer (arrow keys move it, the space bar paints).

A shortcut fires only where no one is typing, and only with exactly its own modifiers.
"""

from core.signals import Signal

from editor.geometry import clamp
from offcut.protocol.brush import MAX_SIZE, MIN_SIZE

SHORTCUTS = (
    # (name of the action and of its text, keys as `KeyboardEvent.key`, with Ctrl or Command, with Shift)
    ("brush", ("b",), False, False),
    ("erase", ("e",), False, False),
    ("smaller", ("[",), False, False),
    ("larger", ("]",), False, False),
    ("hand", ("Escape",), False, False),
    ("fit", ("0",), False, False),
    ("actual", ("1",), False, False),
    ("zoom_in", ("+", "="), False, None),
    ("zoom_out", ("-", "_"), False, None),
    ("compare", ("c",), False, False),
    ("mask", ("m",), False, False),
    ("undo", ("z",), True, False),
    ("redo", ("z",), True, True),
    ("redo", ("y",), True, False),
    ("help", ("?",), False, None),
)
"""Shift is None where it only makes the character on some keyboards."""

HELD = ("space", "shift", "alt", "arrows", "paint")
"""What keys do while they are held; named in the list of shortcuts, handled where the pointer is."""

KEYS = {
    "brush": "B",
    "erase": "E",
    "smaller": "[",
    "larger": "]",
    "hand": "Esc",
    "fit": "0",
    "actual": "1",
    "zoom_in": "+",
    "zoom_out": "−",
    "compare": "C",
    "mask": "M",
    "undo": "Ctrl Z",
    "redo": "Ctrl Shift Z",
    "help": "?",
    "space": "Space",
    "shift": "Shift",
    "alt": "Alt",
    "arrows": "← ↑ → ↓",
    "paint": "Space",
}
"""How the list of shortcuts writes each."""


def action_of(key, command, shift, alt):
    """Name of the action of a key press, or None. `command`: Ctrl or Command is held."""
    if alt:
        return None
    low = key.lower() if len(key) == 1 else key
    for name, keys, with_command, with_shift in SHORTCUTS:
        if low in keys and command == with_command and (with_shift is None or shift == with_shift):
            return name
    return None


def is_single(key, command):
    """Whether this is one character alone, which a person can switch off (WCAG 2.1.4)."""
    return len(key) == 1 and not command


def is_typing(tag, kind, editable):
    """Whether an element takes the letters that are typed: `tag` and `kind` are its tag name and `type`, lower case."""
    if editable or tag in ("textarea", "select"):
        return True
    return tag == "input" and kind not in ("range", "radio", "checkbox", "color", "file", "button")


STEP = 8
"""CSS pixels that an arrow key moves the brush; a quarter of it with Shift."""

PAN_FACTOR = 6
"""An arrow key pans so many times as far as it moves the brush."""

ARROWS = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowUp": (0, -1), "ArrowDown": (0, 1)}


class Keyboard:
    """Does what a key is for."""

    def __init__(self, viewer, cursor, gestures, current_tool, actions):
        """
        Args:
            viewer: the `Viewer`.
            cursor: the `BrushCursor`.
            gestures: the `Gestures`.
            current_tool: function that returns the tool that paints now, or None where arrows pan instead.
            actions: a function for each action of `SHORTCUTS`, by its name; see `editor_actions`.
        """
        self._viewer, self._cursor, self._gestures = viewer, cursor, gestures
        self._current_tool, self._actions = current_tool, actions
        self.allows_single_keys = True
        """Whether shortcuts of one character alone are on."""

        self.help_requested = Signal()
        """Emitted when the list of shortcuts is wanted."""

        self._painting_tool = None  # that the space bar has put down
        self._is_moved_by_keys = False  # the arrow keys moved the brush last, not a pointer
        gestures.starting.connect(self.lift)

    def press(self, key, target, command=False, shift=False, alt=False, is_composing=False):
        """A key goes down.

        Args:
            key: as `KeyboardEvent.key`.
            target: what has the focus: ``"canvas"``, ``"body"`` or something else.
            command: whether Ctrl or Command is held.
            shift, alt: whether these are held.
            is_composing: whether an input method is composing a character.

        Returns:
            Whether the key was used, so that the browser should do nothing else with it.
        """
        if target == "canvas" and not command and not alt and self._press_on_canvas(key, shift):
            return True
        if key == " " and target == "body":
            self._gestures.is_space_held = True
            return True
        if is_single(key, command) and not self.allows_single_keys:
            return False
        action = action_of(key, command, shift, alt)
        if not action or (is_composing and action != "hand"):
            return False
        if action == "help":
            self.help_requested.emit()
        else:
            self._actions[action]()
        return True

    def release(self, key):
        """A key goes up."""
        if key == " ":
            self._gestures.is_space_held = False
            self.lift()

    def lift(self):
        """End the stroke that the space bar has begun."""
        if self._painting_tool:
            tool, self._painting_tool = self._painting_tool, None
            tool.end()

    def use_pointer(self):
        """A pointer moved the brush."""
        self._is_moved_by_keys = False

    def _press_on_canvas(self, key, shift):
        tool = self._current_tool()
        if key in ARROWS:
            dx, dy = ARROWS[key]
            step = STEP * self._viewer.camera.pixel_ratio / (4 if shift else 1)
            if tool is None:
                self._viewer.pan(-dx * step * PAN_FACTOR, -dy * step * PAN_FACTOR)
            else:
                self._move_brush(dx * step, dy * step)
            return True
        if key == " ":
            if tool is None or not (self._is_moved_by_keys or self._cursor.position is None):
                self._gestures.is_space_held = True
            elif not self._painting_tool:
                self._cursor.position = self._cursor.position_or_middle
                self._painting_tool = tool
                tool.begin(*self._viewer.camera.to_photo(*self._cursor.position), 1.0)
            return True
        return False

    def _move_brush(self, dx, dy):
        camera = self._viewer.camera
        x, y = self._cursor.position_or_middle
        place = clamp(x + dx, 0, camera.canvas_width), clamp(y + dy, 0, camera.canvas_height)
        self._is_moved_by_keys = True
        if self._painting_tool:
            self._painting_tool.move([camera.to_photo(*place) + (1.0,)], False)
        self._cursor.move(place)


def editor_actions(focus, viewer, gestures, selection, panels, controls, views, session):
    """Return a function for each action of `SHORTCUTS`, except the list of shortcuts.

    `focus()` moves the focus to the canvas.
    """

    def use_brush(mode):
        if selection.panel != "brush":
            panels.show("brush")
        controls.put("brush.mode", mode)
        focus()

    def resize_brush(factor):
        name = selection.size_control
        controls.put(name, clamp(controls.value(name) * factor, MIN_SIZE, MAX_SIZE))

    def use_hand():
        gestures.cancel()
        panels.show(None)

    return {
        "brush": lambda: use_brush("restore"),
        "erase": lambda: use_brush("erase"),
        "hand": use_hand,
        "smaller": lambda: resize_brush(1 / 1.2),
        "larger": lambda: resize_brush(1.2),
        "fit": viewer.fit,
        "actual": viewer.show_actual_size,
        "zoom_in": lambda: viewer.zoom(1.5),
        "zoom_out": lambda: viewer.zoom(1 / 1.5),
        "compare": lambda: views.toggle("compare"),
        "mask": lambda: views.toggle("mask"),
        "undo": session.undo,
        "redo": session.redo,
    }
