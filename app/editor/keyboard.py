"""The page's keys: shortcuts, and the brush without a pointer (arrow keys move it, the space bar paints)."""

from core.signals import Signal

from editor.geometry import clamp
from editor.keys import ANYWHERE, REPEATED
from editor.tools import OPPOSITE
from offcut.protocol.brush import MAX_SIZE, MIN_SIZE

HELD = ("space", "shift", "alt", "arrows", "paint")
"""What keys do while they are held; named in the list of shortcuts, handled where the pointer is."""

KEYS = {
    "brush": "B",
    "erase": "E",
    "swap": "X",
    "smart": "S",
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
    "open": "Ctrl O",
    "save": "Ctrl S",
    "copy": "Ctrl C",
    "help": "?",
    "space": "Space",
    "shift": "Shift",
    "alt": "Alt",
    "arrows": "← ↑ → ↓",
    "paint": "Space",
}
"""How the list of shortcuts writes each."""


TEXT, LIST, CANVAS, PAGE, CONTROL = "text", "list", "canvas", "page", "control"
"""What may have the focus: a field to type in, a list, the canvas, nothing, or anything else."""


def focus_kind(tag, kind, editable, is_canvas=False):
    """Return which of these an element is; `tag` and `kind` are its tag name and `type`, lower case."""
    if is_canvas:
        return CANVAS
    if editable or tag == "textarea":
        return TEXT
    if tag == "input" and kind not in ("range", "radio", "checkbox", "color", "file", "button"):
        return TEXT
    return LIST if tag == "select" else PAGE if tag in ("body", "html") else CONTROL


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

    def press(self, press, focus, by_pointer=False, has_selection=False):
        """A key goes down.

        Args:
            press: the `KeyPress`.
            focus: what has the focus, see `focus_kind`.
            by_pointer: whether a pointer brought it there. Painters hold the space bar to pan whatever they clicked
                last; who goes by keys presses with it what has the focus.
            has_selection: whether text of the page is selected.

        Returns:
            Whether the key was used, so that the browser should do nothing else with it.
        """
        if press.is_composing:
            return False
        if focus == CANVAS and press.is_plain and self._press_on_canvas(press.key, press.shift):
            return True
        if press.key == " " and press.is_plain and (focus == PAGE or (by_pointer and focus in (LIST, CONTROL))):
            self._gestures.is_space_held = True
            return True
        action = press.action
        if not action or (press.is_single and not self.allows_single_keys):
            return False
        # The keys of a field and of a list are their own: undo and copy, and the letters that find an entry.
        if (focus == TEXT and action not in ANYWHERE) or (focus == LIST and not press.is_command):
            return False
        if action == "copy" and has_selection:
            return False
        if press.alt:
            self._gestures.is_alt_used = True
        if press.is_repeated and action not in REPEATED:
            return True
        if action == "help":
            self.help_requested.emit()
        else:
            self._actions[action]()
        return True

    def release(self, key):
        """A key goes up. Returns whether the browser should do nothing with it.

        It would press the button that has the focus, or with Alt open the window's menu.
        """
        if key == " ":
            was_used = self._gestures.is_space_held or self._painting_tool is not None
            self._gestures.is_space_held = False
            self.lift()
            return was_used
        if key == "Alt":
            was_used = self._gestures.is_alt_used or self._gestures.is_active
            self._gestures.is_alt_used = False
            return was_used
        return False

    def lift(self):
        """End the stroke that the space bar has begun."""
        if self._painting_tool:
            tool, self._painting_tool = self._painting_tool, None
            tool.end()

    def take_back(self):
        """Take back the stroke that is being painted, with keys or a pointer. Returns whether there was one."""
        if self._painting_tool:
            tool, self._painting_tool = self._painting_tool, None
            tool.cancel()
            return True
        return self._gestures.take_back()

    def use_pointer(self):
        """A pointer moved the brush."""
        self._is_moved_by_keys = False

    def _press_on_canvas(self, key, shift):
        tool = self._current_tool()
        if key in ARROWS:
            dx, dy = ARROWS[key]
            step = STEP * self._viewer.camera.pixel_ratio / (4 if shift else 1)
            if hasattr(tool, "nudge"):
                tool.nudge(dx * step, dy * step)
            elif tool is None:
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


def editor_actions(focus, viewer, gestures, selection, panels, controls, views, session, files, take_back):
    """Return a function for each action of `SHORTCUTS`, except the list of shortcuts.

    `focus()` moves the focus to the canvas; `files` has the functions that open, save and copy; `take_back()` takes
    back what is being drawn, if anything is, and returns whether it was.
    """

    def use_brush(mode):
        if selection.panel != "brush":
            panels.show("brush")
        controls.put("brush.mode", mode)
        focus()

    def resize_brush(factor):
        name = selection.size_control
        controls.put(name, clamp(controls.value(name) * factor, MIN_SIZE, MAX_SIZE))

    def use_smart_tool():
        panels.show("smart")
        focus()

    def swap():
        """Exchange restore and erase, or keep and remove. Alt does so for one stroke, where the desktop leaves it."""
        name = selection.swapped_control
        other = OPPOSITE.get(controls.value(name)) if name else None
        if other:
            controls.put(name, other)

    def use_hand():
        gestures.cancel()
        panels.show(None)

    return {
        "brush": lambda: use_brush("restore"),
        "erase": lambda: use_brush("erase"),
        "swap": swap,
        "smart": use_smart_tool,
        "hand": use_hand,
        "smaller": lambda: resize_brush(1 / 1.2),
        "larger": lambda: resize_brush(1.2),
        "fit": viewer.fit,
        "actual": viewer.show_actual_size,
        "zoom_in": lambda: viewer.zoom(1.5),
        "zoom_out": lambda: viewer.zoom(1 / 1.5),
        "compare": lambda: views.toggle("compare"),
        "mask": lambda: views.toggle("mask"),
        "undo": lambda: take_back() or session.undo(),
        "redo": session.redo,
        "open": files["open"],
        "save": files["save"],
        "copy": files["copy"],
    }
