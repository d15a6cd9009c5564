"""Which network cuts a batch out: the one that a single photo ends with (docs/decisions/0047), for all photos."""

import asyncio

from core.log import log
from core.worker_client import EngineError
from photo import model_policy
from photo.pickers import AUTOMATIC


class BatchNetwork:
    """Has the first photo go to the fast network, and decides by its time about a finer one for all."""

    def __init__(self, worker, models, backends, choice, device, may_download) -> None:
        """
        Args:
            worker: the `WorkerClient`.
            models: the `ModelPicker`.
            backends: the `BackendPicker`.
            choice: coroutine function that returns the network and the backend of a single photo.
            device: function that returns the device's memory in GB, or None, and whether the connection is metered.
            may_download: coroutine function of a network's id and bytes that returns whether the person wants it.
        """
        self._worker, self._models, self._backends = worker, models, backends
        self._choice, self._device, self._may_download = choice, device, may_download
        self.chosen = None
        """The network for all photos, None until that is decided, or where a person has chosen one."""

        self._lock = asyncio.Lock()  # held by the first photo until it is
        models.changed.connect(self._forget)
        backends.changed.connect(self._forget)

    async def use(self, process, on_progress):
        """Have a photo cut out by the right network.

        Args:
            process: coroutine function of the network and the backend that returns the worker's response.
            on_progress: called with the stages of a download.
        """
        first, backend = await self._choice()
        if self._models.selected != AUTOMATIC:
            return await process(first, backend)
        if self.chosen is None:
            async with self._lock:
                if self.chosen is None:
                    response = await process(first, backend)
                    if "own-shape" in list(response.notices):
                        return response  # no network has looked at it
                    self.chosen = await self._decide(response, first, on_progress)
                    if self.chosen == first:
                        return response
        return await process(self.chosen, backend)

    def _forget(self) -> None:
        self.chosen = None

    async def _decide(self, response, first, on_progress):
        """Return the network for all photos, after its download where that is due."""
        if self._models.tiers.get(response.model) != model_policy.FIRST:
            return first
        try:
            info = await self._worker.info()
            models = {model.id: model for model in list(await self._worker.list_models())}
            cached = [name for name, model in models.items() if model.is_cached]
            finer, _ = model_policy.upgrade_of(response, info, self._models.tiers, cached, self._device())
            if finer is None:
                return first
            if finer not in cached and not await self._may_download(finer, models[finer].bytes):
                return first
            if finer not in cached:
                problem = (await self._worker.cache_model(finer, on_progress=on_progress)).storage_problem
                return first if problem else finer
        except EngineError as error:
            log.info("The batch keeps the fast network: " + error.name)
            return first
        return finer
