"""A list to choose from, whose choice this device remembers."""

from core.dom import by_id, document, on
from core.i18n import when_translated
from core.preferences import recall, remember


class SavedSelect:
    """The elements are `ID`, which is hidden where there is nothing to choose, and in it `ID-list`."""

    def __init__(self, id, name, label, on_change):
        """`name` is that of the remembered choice, `label(value)` gives a value's text in the page's language.

        `on_change()` is called when the person chooses another.
        """
        self.box = by_id(id)
        self._list = by_id(id + "-list")
        self._name, self._label = name, label
        on(self._list, "change", lambda event: self._chosen(on_change))
        when_translated(self._translate)

    def offer(self, values, default):
        """Fill the list. Chosen is what was remembered, if it is there, else the default."""
        remembered = recall(self._name)
        for value in values:
            option = document.createElement("option")
            option.value = value
            option.selected = value == (remembered if remembered in values else default)
            self._list.append(option)
        self._translate()

    @property
    def value(self):
        """The chosen one, or None while there is nothing in the list."""
        return self._list.value or None

    def _translate(self):
        for option in self._list.options:
            option.textContent = self._label(option.value)

    def _chosen(self, on_change):
        remember(self._name, self._list.value)
        on_change()
