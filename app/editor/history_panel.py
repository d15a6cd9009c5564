"""Undo, redo and the list of steps."""

from core.dom import by_id, element, object_of, on
from core.i18n import on_language_change, t


class HistoryPanel:
    """Shows a `History`; buttons send the session to other steps."""

    def __init__(self, history, session, undo):
        """`undo()` takes back what is being drawn, or else the last step."""
        self._history, self._session = history, session
        self._undo, self._redo, self._list = by_id("undo"), by_id("redo"), by_id("steps")
        self._panel = by_id("tool-history")
        on(self._undo, "click", lambda event: undo())
        on(self._redo, "click", lambda event: session.redo())
        on(self._list, "click", lambda event: self._on_click(event.target))
        on(self._panel, "toggle", lambda event: self._fill())
        history.expected.connect(self._show_buttons)
        history.confirmed.connect(self._fill)
        on_language_change(self._fill)

    def _show_buttons(self):
        self._undo.disabled = not self._history.can_undo
        self._redo.disabled = not self._history.can_redo

    def _fill(self):
        if not self._panel.open:
            return
        self._list.replaceChildren()
        current = None
        for position, name, state in self._history.entries():
            button = element("button", t(name), type="button", data_position=str(position))
            if state == "current":
                current = button
                button.setAttribute("aria-current", "step")
            elif state == "undone":
                button.className = "undone"
            self._list.append(element("li", "", button))
        if current:
            current.scrollIntoView(object_of(block="nearest"))

    def _on_click(self, target):
        position = target.getAttribute("data-position")
        if position:
            self._session.go_to(int(position))
