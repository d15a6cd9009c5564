"""The fields in which a person says how files are named: one for a photo, one for a batch."""

from core.dom import document, on


class NamingFields:
    """Every element with `data-naming` shows and changes a `Naming`."""

    def __init__(self, naming):
        self._naming = naming
        self._fields = list(document.querySelectorAll("[data-naming]"))
        for field in self._fields:
            on(field, "change", lambda event: naming.use(event.target.value))
        naming.changed.connect(self._show)
        self._show()

    def _show(self):
        for field in self._fields:
            field.value = self._naming.pattern
