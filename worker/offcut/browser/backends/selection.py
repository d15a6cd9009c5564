"""Which runtime a network gets on this device."""

import asyncio
import functools

from offcut.browser.backends.ort_session import OrtSession
from offcut.browser.backends.wasm import FILES, WasmBackend
from offcut.browser.backends.webgpu import WebGpuBackend, find_adapter
from offcut.browser.interop import free_buffer
from offcut.browser.storage.gpu_results import GpuResultStore
from offcut.browser.storage.models import ModelRepository
from offcut.inference.device import Adapter, may_try, precisions
from offcut.inference.gpu_fallback import GpuCandidate, GpuState, Timeouts, ValidatedGpuSession, first_agreeing
from offcut.inference.session import Session
from offcut.models.catalogue import Model
from offcut.progress import Progress


class BackendSelector:
    """WebAssembly, and WebGPU where there is one."""

    def __init__(self, processor: WasmBackend, site: str, store: ModelRepository) -> None:
        """Begin to look for a graphics processor.

        Args:
            processor: WebAssembly, set up.
            site: absolute URL of the folder that index.html lies in.
            store: brings the models.
        """
        self.device = processor.device
        self.limits = processor.limits
        self.visit = GpuState()
        self.unseen = [processor.folder + name for name in FILES if self.limits.threads > 1]
        """Addresses of what was requested by onnxruntime-web's own worker."""

        self._processor = processor
        self._site = site
        self._store = store
        self._graphics = WebGpuBackend(f"{processor.folder}webgpu/", self.visit)
        self._adapter = asyncio.ensure_future(find_adapter())

    async def adapter(self) -> Adapter | None:
        """The graphics processor, if there is one."""
        return await self._adapter

    async def open(self, model: Model, backend: str, progress: Progress, patience: Timeouts) -> Session:
        """Make a session of a model; the arguments are those of `offcut.pipeline.Opener`."""
        adapter = None if backend == "wasm" else await self._adapter
        processor = functools.partial(self._on_processor, model, progress)
        if not may_try(adapter, backend, self.device):
            return await processor()
        ours = model.variant("wasm")
        trials = GpuResultStore(f"{self._site}trials/", adapter, str(self._processor.ort.env.versions.common))
        offered = [model.variant(name) for name in precisions(adapter)]
        theirs = await first_agreeing(offered, lambda file: trials.recall(ours.sha256, file.sha256))

        async def on_graphics() -> Session:
            progress("gpu", 0, 0)
            data = await self._store.load(theirs, progress)
            session = await self._graphics.open(theirs, data)
            free_buffer(data.buffer)
            return session

        graphics = GpuCandidate(
            on_graphics,
            lambda: trials.recall(ours.sha256, theirs.sha256),
            lambda trial: trials.remember(trial, ours.sha256, theirs.sha256),
            self.visit,
            not (ours.reduced_precision or theirs.reduced_precision),
        )
        return await ValidatedGpuSession.open(processor, graphics, backend == "webgpu", patience)

    async def _on_processor(self, model: Model, progress: Progress) -> OrtSession:
        data = await self._store.load(model.variant("wasm"), progress)
        session = await OrtSession.open(self._processor.ort, model, data, "wasm", self.limits.threads)
        free_buffer(data.buffer)
        return session
