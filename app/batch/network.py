"""Which network cuts a batch out: the one that a single photo ends with (docs/decisions/0047), for all photos."""

import asyncio

from core.log import log
from core.signals import Signal
from core.tasks import spawn
from core.units import Rate
from core.worker_client import EngineError, cancel_quietly
from photo import model_policy
from photo.pickers import AUTOMATIC

OFFER, LOADING, STOPPED, FAILED, STORAGE = "offer", "loading", "stopped", "failed", "storage"


class BatchNetwork:
    """Has the first photo go to the fast network, and decides by its time about a finer one for all.

    No photo waits for a person's answer or for a download: until the finer network is on the device, photos go to the
    fast one (docs/decisions/0140).
    """

    def __init__(self, worker, models, backends, choice, device, consent, now) -> None:
        """
        Args:
            worker: the `WorkerClient`.
            models: the `ModelPicker`.
            backends: the `BackendPicker`.
            choice: coroutine function that returns the network and the backend of a single photo.
            device: function that returns the device's memory in GB, or None, and whether the connection is metered.
            consent: the `Consent` to downloads.
            now: function that returns seconds.
        """
        self._worker, self._models, self._backends = worker, models, backends
        self._choice, self._device, self._consent = choice, device, consent
        self.chosen = None
        """The network for all photos, None until that is decided, or where a person has chosen one."""

        self.state = ""
        """What there is to say of a finer network: ``"offer"``, ``"loading"``, ``"stopped"``, ``"failed"``,
        ``"storage"``, or nothing."""

        self.progress = ""
        """While it is loaded: how much has arrived."""

        self.changed = Signal()
        """Emitted when `state` or `progress` changes."""

        self.upgraded = Signal()
        """Emitted when a finer network has taken the fast one's place."""

        self._finer = "", 0  # id and bytes of the network that is not on the device yet
        self._attempt = None  # an object of its own for each download
        self._rate = Rate(now)
        self._lock = asyncio.Lock()  # held by the first photo until the network is chosen
        models.changed.connect(self._forget)
        backends.changed.connect(self._forget)
        consent.given.connect(self._on_given)

    @property
    def question(self) -> str:
        """What is said of the network that is offered, in the page's language."""
        return self._consent.question(*self._finer)

    def is_outdated(self, model: str) -> bool:
        """Whether a photo that this network cut out gets better edges from the one for all photos."""
        tiers = self._models.tiers
        return tiers.get(model) == model_policy.FIRST and tiers.get(self.chosen) in model_policy.FINER

    def answer(self, is_wanted: bool) -> None:
        """The person wants better edges, or does not: for this batch and all photos to come."""
        self._consent.give(is_wanted)

    def load(self) -> None:
        """Download the finer network, after a download was stopped or has failed."""
        model, size = self._finer
        self._attempt = object()
        self._show(LOADING, self._rate.text(0, size))
        spawn(self._load(self._attempt, model))

    def stop(self) -> None:
        """Stop the download: the fast results stay."""
        if self.state == LOADING:
            self._attempt = None
            self._show(STOPPED)
            spawn(cancel_quietly(self._worker, self._finer[0]))

    async def use(self, process):
        """Have a photo cut out by the right network.

        Args:
            process: coroutine function of the network and the backend that returns the worker's response.
        """
        first, backend = await self._choice()
        if self._models.selected != AUTOMATIC:
            return await process(first, backend)
        if self.chosen is None:
            async with self._lock:
                if self.chosen is None:
                    response = await process(first, backend)
                    if not hasattr(response.seconds, "infer") or "own-shape" in list(response.notices):
                        return response  # no network has looked at it
                    self.chosen = await self._decide(response, first)
                    if self.chosen == first:
                        return response
                    self.upgraded.emit()
        return await process(self.chosen, backend)

    def _forget(self) -> None:
        self.chosen = self._attempt = None
        self._show("")

    async def _decide(self, response, first):
        """Return the network for all photos. One that is not on the device is offered, or loaded by and by."""
        if self._models.tiers.get(response.model) != model_policy.FIRST:
            return first
        try:
            info = await self._worker.info()
            models = {model.id: model for model in list(await self._worker.list_models())}
        except EngineError as error:
            log.info("The batch keeps the fast network: " + error.name)
            return first
        cached = [name for name, model in models.items() if model.is_cached]
        finer, _ = model_policy.upgrade_of(response, info, self._models.tiers, cached, self._device())
        if finer in cached:
            return finer
        if finer is not None:
            self._finer = finer, models[finer].bytes
            if self._consent.answer is None:
                self._show(OFFER)
            elif self._consent.answer:
                self.load()
        return first

    def _on_given(self) -> None:
        """The person has answered, here or in the editor."""
        if self.state == OFFER:
            if self._consent.answer:
                self.load()
            else:
                self._show("")

    async def _load(self, attempt, id: str) -> None:
        def on_progress(stage: str, done: float, total: float) -> None:
            if attempt is self._attempt:
                self._show(LOADING, self._rate.text(done, total))

        try:
            problem = (await self._worker.cache_model(id, on_progress=on_progress)).storage_problem
        except EngineError as error:
            log.info("The batch keeps the fast network: " + error.name)
            if attempt is self._attempt:
                self._show(STOPPED if error.name == "DownloadCancelledError" else FAILED)
            return
        if attempt is self._attempt:
            self._attempt = None
            self._show(STORAGE if problem else "")
            if not problem:
                self.chosen = id
                self.upgraded.emit()

    def _show(self, state: str, progress: str = "") -> None:
        self.state, self.progress = state, progress
        self.changed.emit()
