"""The choice of network: faster or finer. Remembered on this device."""

import js
from dom import by_id, document, on
from words import say, when_translated

_KEY = "offcut-model"
_MEGA = 1_000_000


class Tiers:
    """A list of the site's models, hidden while there is only one."""

    def __init__(self, on_change):
        """`on_change()` is called when the person chooses another."""
        self._box = by_id("tier")
        self._list = by_id("tier-list")
        self._models = {}
        on(self._list, "change", lambda event: self._chosen(on_change))
        when_translated(self._name)

    async def fill(self):
        """Read the site's catalogue. Where that fails, the engine's default is used."""
        try:
            catalogue = await (await js.fetch("models/catalogue.json")).json()
        except Exception:
            return
        remembered = _remembered()
        ids = list(js.Object.keys(catalogue.models))
        for id in ids:
            model = getattr(catalogue.models, id)
            option = document.createElement("option")
            option.value = id
            option.selected = id == (remembered if remembered in ids else catalogue.default)
            self._models[id] = model
            self._list.append(option)
        self._name()
        self._box.hidden = len(ids) < 2

    def _name(self):
        for option in self._list.options:
            model = self._models[option.value]
            option.textContent = say("tier." + model.tier, title=model.title, size=f"{model.bytes / _MEGA:.0f}")

    @property
    def model(self):
        """Id of the chosen model, or None for the default."""
        return self._list.value or None

    def _chosen(self, on_change):
        try:
            js.localStorage.setItem(_KEY, self._list.value)
        except Exception:
            pass  # a private window forgets; the choice holds for this visit
        on_change()


def _remembered():
    try:
        return js.localStorage.getItem(_KEY)
    except Exception:
        return None
