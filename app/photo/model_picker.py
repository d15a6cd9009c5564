"""The choice of network: automatic, faster or finer. Remembered on this device."""

import js
from core.i18n import say
from core.select import SavedSelect

from photo import model_policy

AUTOMATIC = "auto"
_MEGA = 1_000_000


class ModelPicker:
    """A list of the site's models, hidden while there is only one."""

    def __init__(self, on_change):
        """`on_change()` is called when the person chooses another."""
        self._models = {}
        self._choice = SavedSelect("tier", "model", self._label, on_change)

    async def fill(self):
        """Read the site's catalogue. Where that fails, the engine's default is used."""
        try:
            catalogue = await (await js.fetch("models/catalogue.json")).json()
        except Exception:
            return
        for id in js.Object.keys(catalogue.models):
            self._models[id] = getattr(catalogue.models, id)
        choices, default = sorted(self._models, key=self._place), catalogue.default
        if model_policy.is_possible(self.by_model):
            choices, default = [AUTOMATIC] + choices, AUTOMATIC
        self._choice.offer(choices, default)
        self._choice.box.hidden = len(self._models) < 2

    @property
    def chosen(self):
        """Id of a model, `AUTOMATIC`, or None for the engine's default."""
        return self._choice.value

    @property
    def by_model(self):
        """Names of tiers by the id of their model."""
        return {id: model.tier for id, model in self._models.items()}

    def _place(self, id):
        tier, order = self._models[id].tier, (model_policy.FIRST,) + model_policy.FINER
        return order.index(tier) if tier in order else len(order)

    def _label(self, id):
        if id == AUTOMATIC:
            return say("tier.auto")
        model = self._models[id]
        return say("tier." + model.tier, title=model.title, size=f"{model.bytes / _MEGA:.0f}")
