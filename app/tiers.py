"""The choice of network: faster or finer. Remembered on this device."""

import js
from choice import Choice
from words import say

_MEGA = 1_000_000


class Tiers:
    """A list of the site's models, hidden while there is only one."""

    def __init__(self, on_change):
        """`on_change()` is called when the person chooses another."""
        self._models = {}
        self._choice = Choice("tier", "model", self._label, on_change)

    async def fill(self):
        """Read the site's catalogue. Where that fails, the engine's default is used."""
        try:
            catalogue = await (await js.fetch("models/catalogue.json")).json()
        except Exception:
            return
        for id in js.Object.keys(catalogue.models):
            self._models[id] = getattr(catalogue.models, id)
        self._choice.offer(list(self._models), catalogue.default)
        self._choice.box.hidden = len(self._models) < 2

    @property
    def model(self):
        """Id of the chosen model, or None for the default."""
        return self._choice.value

    def _label(self, id):
        model = self._models[id]
        return say("tier." + model.tier, title=model.title, size=f"{model.bytes / _MEGA:.0f}")
