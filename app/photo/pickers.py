"""The choice of network (automatic, faster or finer) and of what runs it (GPU or CPU)."""

import asyncio

from core.i18n import t
from core.signals import Signal

from photo import model_policy

AUTOMATIC = "auto"
"""What stands for the automatic choice of network."""

UNCLEAR = "Unclear"
"""What the catalogue's `licence.commercial` begins with where commercial use is neither allowed nor forbidden."""

_MEGA = 1_000_000
_BACKENDS = ("auto", "webgpu", "wasm")


BRING = "bring"
"""What stands for a network of a person's own that is yet to be chosen."""

OWN = "own"
"""The tier of networks that a person has brought."""


class ModelPicker:
    """A list of the site's models and of a person's own, hidden while there is only one choice."""

    def __init__(self, select, kept=None, bring=None) -> None:
        """
        Args:
            select: a `SavedSelect`, or something with the same methods.
            kept: coroutine function that returns the networks of a person's own by id, as a catalogue's models; None
                where there are none.
            bring: called where a person wants to bring a network; None where that cannot be.
        """
        self._select, self._kept, self._bring = select, kept, bring
        self._catalogue: dict | None = None
        self._models: dict[str, dict] = {}
        self._filled = asyncio.Event()
        self.filled = Signal()
        """Emitted when the site's models are known, or known not to be readable."""

        self.changed = select.changed
        """Emitted when a person chooses another network."""

    def fill(self, catalogue: dict | None) -> None:
        """Offer the models of the site's catalogue, a dictionary. With None the engine's default is used."""
        self._catalogue = catalogue
        self._offer({})
        self._finish()

    async def load(self, catalogue: dict | None) -> None:
        """Do what `fill` does, with the networks of a person's own that this device keeps."""
        self._catalogue = catalogue
        await self.reload()
        self._finish()

    async def reload(self) -> None:
        """Offer the networks of a person's own that this device keeps by now."""
        self._offer(await self._kept() if self._kept else {})

    def choose(self, id: str) -> None:
        """Choose a network, as if a person did."""
        self._select.choose(id)

    def _finish(self) -> None:
        self._filled.set()
        self.filled.emit()

    def _offer(self, own: dict) -> None:
        catalogue = self._catalogue
        if catalogue is None:
            return
        self._models = dict(catalogue["models"])
        self._models.update(own)
        choices, default = sorted(self._models, key=self._order), catalogue["default"]
        if model_policy.is_possible(self.tiers):
            choices, default = [AUTOMATIC] + choices, AUTOMATIC
        actions = {BRING: self._bring} if self._bring else {}
        self._select.offer(choices + list(actions), default, self._label, actions)
        self._select.show(len(choices) + len(actions) > 1)

    async def wait_filled(self) -> None:
        """Wait until the site's models are known, or known not to be readable."""
        await self._filled.wait()

    @property
    def selected(self) -> str | None:
        """The id of a model, `AUTOMATIC`, or None for the engine's default."""
        return self._select.value

    @property
    def tiers(self) -> dict:
        """Names of tiers by the id of their model."""
        return {name: model["tier"] for name, model in self._models.items()}

    def is_unclear(self, id: str | None) -> bool:
        """Return whether it is unclear that a model's results may be used commercially."""
        licence = self._models.get(id or "", {}).get("licence", {})
        return licence.get("commercial", "").startswith(UNCLEAR)

    def _order(self, id: str):
        tier, order = self._models[id]["tier"], (model_policy.FIRST,) + model_policy.FINER + (model_policy.PEOPLE,)
        place = order.index(tier) if tier in order else len(order) + (tier == OWN)
        return place, self._models[id]["title"] if tier == OWN else id

    def _label(self, id: str):
        if id == AUTOMATIC:
            return t("tier.auto")
        if id == BRING:
            return t("network.bring")
        model = self._models[id]
        file = model.get("variants", {}).get("wasm", model)
        return t("tier." + model["tier"], title=model["title"], size=f"{file['bytes'] / _MEGA:.0f}")


class BackendPicker:
    """A list of what can run the network, hidden where there is no GPU."""

    def __init__(self, select) -> None:
        """`select` is a `SavedSelect`, or something with the same methods."""
        self._select = select
        self._gpu_failed = False
        self.changed = select.changed
        """Emitted when a person chooses another backend."""

        select.offer(_BACKENDS, "auto", lambda name: t("backend." + name))

    @property
    def selected(self) -> str | None:
        """The backend to ask the engine for."""
        return "wasm" if self._gpu_failed else self._select.value

    def show_for(self, info) -> None:
        """Show the list if the engine found a GPU; `info` is the engine's."""
        self._select.show(bool(info.gpu))

    def heed(self, notices: list) -> None:
        """Use the CPU for the rest of the visit once the GPU has failed, also after the worker was restarted."""
        self._gpu_failed = self._gpu_failed or "gpu-failed" in notices
