"""The page's keys: shortcuts, and the brush without a pointer (arrow keys move it, the space bar paints)."""

from core.dom import by_id, document, on
from core.i18n import on_language_change, t

from editor.shortcuts import HELD, KEYS, SHORTCUTS, action_of, is_single, is_typing

_SINGLES = "single-keys"
STEP = 8
"""CSS pixels that an arrow key moves the brush; a quarter of it with Shift."""

ARROWS = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowUp": (0, -1), "ArrowDown": (0, 1)}


class Keyboard:
    """`actions` has a function for each action of `SHORTCUTS`."""

    def __init__(self, viewer, pointers, tool, actions, preferences):
        """`tool()` gives the tool that paints now, or None where arrows pan instead."""
        self._viewer, self._pointers, self._tool, self._actions = viewer, pointers, tool, actions
        self._painting = None  # the tool that the space bar has put down
        self._by_keys = False  # the arrow keys moved the brush last, not a pointer
        self._singles = by_id("single-keys")
        self._dialog = by_id("shortcuts")
        self._singles.checked = preferences.get(_SINGLES) != "off"
        on(self._singles, "change", lambda event: preferences.set(_SINGLES, "on" if self._singles.checked else "off"))
        on(by_id("shortcuts-close"), "click", lambda event: self._dialog.close())
        on(by_id("help"), "click", lambda event: self.help())
        on(document, "keydown", self._pressed)
        on(document, "keyup", self._released)
        on(viewer.canvas, "pointermove", lambda event: self._by_pointer())
        on(viewer.canvas, "blur", lambda event: self.lift())
        actions["help"] = self.help
        on_language_change(self._list)
        self._list()

    def help(self):
        """Show the list of shortcuts."""
        if not self._dialog.open:
            self._dialog.showModal()

    def _list(self):
        rows = by_id("shortcut-list")
        rows.replaceChildren()
        names = []
        for name in [entry[0] for entry in SHORTCUTS] + list(HELD):
            if name not in names:
                names.append(name)
        for name in names:
            term, meaning = document.createElement("dt"), document.createElement("dd")
            key = document.createElement("kbd")
            key.textContent = KEYS[name]
            term.append(key)
            meaning.textContent = t("keys." + name)
            rows.append(term, meaning)

    def _pressed(self, event):
        if document.body.dataset.state != "done" or document.querySelector("dialog[open]"):
            return
        target = event.target
        if is_typing(target.tagName.lower(), target.getAttribute("type") or "", target.isContentEditable):
            return
        key, command = event.key, event.ctrlKey or event.metaKey
        if target.id == "view" and not command and not event.altKey and self._on_canvas(event, key):
            event.preventDefault()
            return
        if key == " " and target.tagName == "BODY":
            self._pointers.is_space_held = True
            event.preventDefault()
            return
        if is_single(key, command) and not self._singles.checked:
            return
        action = action_of(key, command, event.shiftKey, event.altKey)
        if action and (action == "hand" or not event.isComposing):
            event.preventDefault()
            self._actions[action]()

    def _on_canvas(self, event, key):
        """Keys on the focused canvas. Whether it was one of them."""
        viewer, tool = self._viewer, self._tool()
        if key in ARROWS:
            dx, dy = ARROWS[key]
            step = STEP * viewer.density / (4 if event.shiftKey else 1)
            if tool is None:
                viewer.pan(-dx * step * 6, -dy * step * 6)
            else:
                self._move(dx * step, dy * step)
            return True
        if key == " ":
            if tool is None or not (self._by_keys or viewer.pointer is None):
                self._pointers.is_space_held = True
            elif not self._painting:
                self._put_down(tool)
            return True
        return False

    def _move(self, dx, dy):
        viewer, camera = self._viewer, self._viewer.camera
        x, y = viewer.pointer or (camera.across / 2, camera.down / 2)
        viewer.pointer = min(camera.across, max(0, x + dx)), min(camera.down, max(0, y + dy))
        self._by_keys = True
        if self._painting:
            self._painting.move([camera.photo(*viewer.pointer) + (1.0,)], False)
        viewer.show_ring()

    def _put_down(self, tool):
        viewer, camera = self._viewer, self._viewer.camera
        viewer.pointer = viewer.pointer or (camera.across / 2, camera.down / 2)
        self._painting = tool
        x, y = camera.photo(*viewer.pointer)
        tool.begin(x, y, 1.0)

    def _released(self, event):
        if event.key == " ":
            self._pointers.is_space_held = False
            self.lift()

    def lift(self):
        """The space bar was let go, or something else paints now."""
        if self._painting:
            tool, self._painting = self._painting, None
            tool.end()

    def _by_pointer(self):
        self._by_keys = False
