"""The fields of the look. Elements with a `data-look` name a field of `batch.look.DEFAULTS`."""

import js
from core.dom import by_id, document, on
from core.signals import Signal

from batch.look import DEFAULTS, look_of, values_of

_WIDE = 900  # page width in pixels from which the look is shown next to the list

_NUMBERS = ("margin", "width", "height", "quality")


class LookForm:
    """Shows the look of a `Batch`, and lets a person choose another for all photos."""

    def __init__(self, batch):
        self._batch = batch
        self._form, self._use = by_id("batch-look"), by_id("batch-use")
        self.chosen = Signal()
        """Emitted with the look that a person wants for all photos."""

        on(self._form, "input", lambda event: self._refresh())
        on(self._use, "click", lambda event: self.chosen.emit(self.value()))
        batch.listed.connect(self._refresh)
        batch.changed.connect(self._refresh)
        self._form.open = js.innerWidth >= _WIDE

    def value(self):
        """Return the look that the fields say."""
        return look_of({name: self._read(name) for name in DEFAULTS})

    def show(self):
        """Set the fields to the look of the batch."""
        for name, value in values_of(self._batch.look).items():
            for one in self._elements(name):
                if one.type == "radio":
                    one.checked = one.value == value
                else:
                    one.value = str(value)
        self._refresh()

    def _read(self, name):
        for one in self._elements(name):
            if one.type == "radio":
                if one.checked:
                    return one.value
            elif name in _NUMBERS:
                return min(max(int(float(one.value or one.min)), int(one.min)), int(one.max))
            else:
                return one.value
        return DEFAULTS[name]

    def _elements(self, name):
        return document.querySelectorAll(f"[data-look={name}]")

    def _refresh(self):
        self._use.disabled = self.value() == self._batch.look
        for name in ("margin", "quality"):
            by_id(f"look-{name}").textContent = f"{self._read(name)} %" if name == "margin" else str(self._read(name))
