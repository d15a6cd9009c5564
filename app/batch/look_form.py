"""The fields of the look. Elements with a `data-look` name a field of `batch.look.DEFAULTS`."""

import js
from core.dom import by_id, document, on
from core.signals import Signal
from presets.preset import in_order
from presets.view import PresetList
from recipes.field import RecipeField

from batch.look import DEFAULTS, changed_look, values_of

_WIDE = 900  # page width in pixels from which the look is shown next to the list

_NUMBERS = ("margin", "width", "height", "border", "quality", "limit")


class LookForm:
    """Shows the look of a `Batch`, and lets a person choose another for all photos."""

    def __init__(self, batch, own, library, edit):
        """
        Args:
            batch: the `Batch`.
            own: the `OwnPresets`.
            library: the `Library` of recipes.
            edit: `edit(look)` lets a person save and edit presets; `look()` returns what the fields say.
        """
        self._batch, self._presets = batch, own.presets
        self._preset = ""  # id of the one that was chosen last
        self._look, self._before = batch.look, dict(DEFAULTS)  # what the fields were set to, and what they said then
        self._list = PresetList("look-preset", own, self._choose, lambda: edit(self.value))
        self._recipes = RecipeField(self._elements("recipe")[0], library)
        library.changed.connect(self._refresh)
        own.changed.connect(self._refresh)
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
        look = changed_look(self._look, self._before, self._values())
        same = [preset for preset in in_order(self._presets) if preset.look == look]
        chosen = [preset for preset in same if preset.id == self._preset]
        self._list.show((chosen + same + [None])[0])
        return look

    def _values(self):
        return {name: self._read(name) for name in DEFAULTS}

    def show(self, preset=""):
        """Set the fields to the look of the batch; of presets with the same look the one of that id is named."""
        self._preset = preset
        self._put(self._batch.look)

    def _choose(self, id):
        self._preset = id
        self._put(self._presets[id].look)
        self.chosen.emit(self.value())

    def _put(self, look):
        for name, value in values_of(look).items():
            if name == "recipe":
                self._recipes.show(value)
                continue
            for one in self._elements(name):
                if one.type == "radio":
                    one.checked = one.value == value
                else:
                    one.value = str(value)
        self._look, self._before = look, self._values()
        self._refresh()

    def _read(self, name):
        if name == "recipe":
            return self._recipes.value
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
        for name in ("margin", "border", "quality"):
            by_id(f"look-{name}").textContent = str(self._read(name)) if name == "quality" else f"{self._read(name)} %"
        by_id("look-border-colour").hidden = not self._read("border")
