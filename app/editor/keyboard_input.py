"""Key events of the page, as plain values for a `Keyboard`, and the list of shortcuts."""

from core.dom import by_id, document, element, on
from core.i18n import on_language_change, t

from editor.keyboard import HELD, KEYS, SHORTCUTS, is_typing

_PREFERENCE = "single-keys"


class KeyboardInput:
    """Listens to the keys, where a photo is open and no dialog is."""

    def __init__(self, keyboard, canvas, preferences):
        self._keyboard = keyboard
        self._dialog, self._singles = by_id("shortcuts"), by_id("single-keys")
        self._singles.checked = keyboard.allows_single_keys = preferences.get(_PREFERENCE) != "off"
        on(self._singles, "change", lambda event: self._set_singles(preferences))
        on(by_id("shortcuts-close"), "click", lambda event: self._dialog.close())
        on(by_id("help"), "click", lambda event: self._show_list())
        on(document, "keydown", self._on_key)
        on(document, "keyup", lambda event: keyboard.release(event.key))
        on(canvas, "pointermove", lambda event: keyboard.use_pointer())
        on(canvas, "blur", lambda event: keyboard.lift())
        keyboard.help_requested.connect(self._show_list)
        on_language_change(self._fill_list)
        self._fill_list()

    def _set_singles(self, preferences):
        is_on = self._singles.checked
        self._keyboard.allows_single_keys = is_on
        preferences.set(_PREFERENCE, "on" if is_on else "off")

    def _on_key(self, event):
        if document.body.dataset.state != "done" or document.querySelector("dialog[open]"):
            return
        target = event.target
        tag = target.tagName.lower()
        if is_typing(tag, target.getAttribute("type") or "", target.isContentEditable):
            return
        focus = "canvas" if target.id == "view" else tag
        command = event.ctrlKey or event.metaKey
        if self._keyboard.press(event.key, focus, command, event.shiftKey, event.altKey, event.isComposing):
            event.preventDefault()

    def _show_list(self):
        if not self._dialog.open:
            self._dialog.showModal()

    def _fill_list(self):
        rows = by_id("shortcut-list")
        rows.replaceChildren()
        names = []
        for name in [shortcut[0] for shortcut in SHORTCUTS] + list(HELD):
            if name not in names:
                names.append(name)
                rows.append(element("dt", "", element("kbd", KEYS[name])), element("dd", t("keys." + name)))
