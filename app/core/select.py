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
        self.changed = Signal()
        """Emitted when a person chooses another value."""

        on(self._list, "change", lambda event: self._on_change())
        on_language_change(self._translate)

    def offer(self, values, default, label):
        """Fill the list. The remembered value is selected, if it is there, or else the default.

        `label(value)` returns a value's text in the page's language.
        """
        self._label = label
        remembered = self._preferences.get(self._name)
        for value in values:
            option = document.createElement("option")
            option.value = value
            option.selected = value == (remembered if remembered in values else default)
            self._list.append(option)
        self._translate()

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
        self._preferences.set(self._name, self._list.value)
        self.changed.emit()
