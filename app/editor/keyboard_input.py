"""Key events of the page, as plain values for a `Keyboard`, and the list of shortcuts."""

import js
from core.dom import by_id, document, element, on
from core.i18n import on_language_change, t
from pyscript.ffi import create_proxy

from editor.keyboard import HELD, KEYS, TEXT, focus_kind
from editor.keys import SHORTCUTS, KeyPress

_PREFERENCE = "single-keys"
_COMPOSING = 229  # `keyCode` of a key that an input method takes

_MOVES_FOCUS = ("Tab", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown")


class KeyboardInput:
    """Listens to the keys, where no dialog is open."""

    def __init__(self, keyboard, canvas, preferences, open_file):
        """`open_file()` lets a person choose a photo: that key works before there is one."""
        self._keyboard, self._canvas, self._open_file = keyboard, canvas, open_file
        self._dialog, self._singles = by_id("shortcuts"), by_id("single-keys")
        self._singles.checked = keyboard.allows_single_keys = preferences.get(_PREFERENCE) != "off"
        self._by_pointer = False  # brought the focus where it is
        on(self._singles, "change", lambda event: self._set_singles(preferences))
        on(by_id("shortcuts-close"), "click", lambda event: self._dialog.close())
        on(by_id("help"), "click", lambda event: self._show_list())
        on(document, "keydown", self._on_key)
        on(document, "keyup", self._on_key_up)
        document.addEventListener("pointerdown", create_proxy(lambda event: self._note_pointer()), True)
        on(canvas, "pointermove", lambda event: keyboard.use_pointer())
        on(canvas, "blur", lambda event: keyboard.lift())
        keyboard.help_requested.connect(self._show_list)
        on_language_change(self._fill_list)
        self._fill_list()

    def _note_pointer(self):
        self._by_pointer = True

    def _set_singles(self, preferences):
        is_on = self._singles.checked
        self._keyboard.allows_single_keys = is_on
        preferences.set(_PREFERENCE, "on" if is_on else "off")

    def _on_key(self, event):
        if not getattr(event, "key", None):
            return  # not from a keyboard: browsers that fill a field by themselves send such events
        self._canvas.removeAttribute("data-quiet")
        if event.key in _MOVES_FOCUS:
            self._by_pointer = False
        if event.defaultPrevented or document.querySelector("dialog[open]"):
            return
        press = KeyPress(
            event.key,
            event.code or "",
            event.ctrlKey,
            event.metaKey,
            event.shiftKey,
            event.altKey,
            event.getModifierState("AltGraph"),
            event.repeat,
            event.isComposing or event.keyCode == _COMPOSING,
        )
        if document.body.dataset.state != "done":
            if press.action in ("open", "save") and not press.is_composing:
                event.preventDefault()  # the browser would save the page
                if press.action == "open" and not press.is_repeated:
                    self._open_file()
            return
        target = event.target
        focus = focus_kind(
            target.tagName.lower(),
            target.getAttribute("type") or "",
            target.isContentEditable,
            target.id == "view",
        )
        if focus == TEXT and press.action == "save":
            target.blur()  # what was typed counts
            target.focus()
        selection = js.getSelection()
        if self._keyboard.press(press, focus, self._by_pointer, bool(selection and not selection.isCollapsed)):
            event.preventDefault()

    def _on_key_up(self, event):
        if self._keyboard.release(getattr(event, "key", None)):
            event.preventDefault()

    def _show_list(self):
        if not self._dialog.open:
            self._dialog.showModal()

    def _fill_list(self):
        rows = by_id("shortcut-list")
        rows.replaceChildren()
        names = []
        is_mac = js.navigator.platform.startswith("Mac")
        for name in [shortcut[0] for shortcut in SHORTCUTS] + list(HELD):
            if name not in names:
                names.append(name)
                key = KEYS[name].replace("Ctrl", "⌘").replace("Alt", "⌥") if is_mac else KEYS[name]
                rows.append(element("dt", "", element("kbd", key)), element("dd", t("keys." + name)))
