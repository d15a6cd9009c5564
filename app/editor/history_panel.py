"""Undo, redo and the list of steps."""

from core.dom import by_id, document, object_of, on
from core.i18n import on_language_change, t

from offcut.protocol import steps


class HistoryPanel:
    """Knows the names of the steps and how many of them are in force."""

    def __init__(self, on_undo, on_redo, on_go_to):
        """Each is called with the number of steps that will be in force then."""
        self.names, self.position = [], 0
        self._dropped = 0  # steps that are too old to be taken back
        self._known = [], 0
        self._undo, self._redo, self._list = by_id("undo"), by_id("redo"), by_id("steps")
        self._panel = by_id("tool-history")
        self._on_undo, self._on_redo, self._on_go_to = on_undo, on_redo, on_go_to
        on(self._undo, "click", lambda event: self.undo())
        on(self._redo, "click", lambda event: self.redo())
        on(self._list, "click", lambda event: self._clicked(event.target))
        on(self._panel, "toggle", lambda event: self._fill())
        on_language_change(self._fill)

    @property
    def is_at_start(self):
        """Whether the alpha is the network's own."""
        return self.position == 0 and not self._dropped

    @property
    def known(self):
        """The names of the steps that the worker had when it answered last."""
        return self._known[0]

    def know(self, history):
        """The worker's history: its names, its position and how many steps it has dropped. What is expected stays so."""
        self._dropped = history.dropped
        self._known = list(history.names), history.position

    def show(self, history):
        """The worker's history, as what holds now."""
        self.know(history)
        self.show_again()

    def show_again(self):
        """What was asked was refused: back to what is known."""
        self.expect(*self._known)
        self._fill()

    def expect(self, names, position):
        """What the history will be once the worker has done what was asked."""
        self.names, self.position = names, position
        self._undo.disabled = position == 0
        self._redo.disabled = position >= len(names)

    def undo(self):
        """One step back."""
        if self.position:
            self._go(self._on_undo, self.position - 1)

    def redo(self):
        """One step forward."""
        if self.position < len(self.names):
            self._go(self._on_redo, self.position + 1)

    def _fill(self):
        if not self._panel.open:
            return
        self._list.replaceChildren()
        for at, name in enumerate([steps.ORIGINAL] + self.names):
            button = document.createElement("button")
            button.type, button.textContent = "button", t(name)
            button.dataset.position = str(at)
            if at == self.position:
                button.setAttribute("aria-current", "step")
            elif at > self.position:
                button.className = "undone"
            item = document.createElement("li")
            item.append(button)
            self._list.append(item)
        current = self._list.querySelector("[aria-current]")
        if current:
            current.scrollIntoView(object_of(block="nearest"))

    def _clicked(self, element):
        position = element.getAttribute("data-position")
        if position and int(position) != self.position:
            self._go(self._on_go_to, int(position))

    def _go(self, on_go, position):
        self.expect(self.names, position)
        on_go(position)
