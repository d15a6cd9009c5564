"""A list to choose from, whose choice this device remembers."""

from core.dom import by_id, document, on
from core.i18n import on_language_change
from core.signals import Signal


class SavedSelect:
    """The elements are `ID`, which is hidden where there is nothing to choose, and in it `ID-list`."""

    def __init__(self, id, name, preferences):
        """`name` is that of the preference."""
        self._box = by_id(id)
        self._list = by_id(id + "-list")
        self._name, self._preferences = name, preferences
        self._label = None
        self._value = ""
        self._actions: dict = {}
        self.changed = Signal()
        """Emitted when a person chooses another value."""

        on(self._list, "change", lambda event: self._on_change())
        on_language_change(self._translate)

    def offer(self, values, default, label, actions=None):
        """Fill the list, instead of what was in it. The remembered value is selected, or else the default.

        `label(value)` returns a value's text in the page's language. `actions` has functions by values that a person
        does not choose: choosing one calls its function.
        """
        self._label, self._actions = label, actions or {}
        remembered = self._preferences.get(self._name)
        options = []
        for value in values:
            option = document.createElement("option")
            option.value = value
            option.selected = value == (remembered if remembered in values else default)
            options.append(option)
        self._list.replaceChildren(*options)
        self._value = self._list.value
        self._translate()

    def choose(self, value):
        """Select a value, as if a person did."""
        self._list.value = value
        self._on_change()

    def show(self, is_shown):
        """Show or hide the list."""
        self._box.hidden = not is_shown

    @property
    def value(self):
        """The selected value, or None while the list is empty."""
        return self._list.value or None

    def _translate(self):
        for option in self._list.options:
            option.textContent = self._label(option.value)

    def _on_change(self):
        action = self._actions.get(self._list.value)
        if action:
            self._list.value = self._value
            action()
            return
        self._value = self._list.value
        self._preferences.set(self._name, self._list.value)
        self.changed.emit()
