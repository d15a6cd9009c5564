"""Which backend runs a network on this device: the CPU, or the GPU where it agrees with the CPU and is faster."""

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

    def __init__(self, wasm: WasmBackend, site: str, models: ModelRepository) -> None:
        """Begin to look for a GPU.

        Args:
            wasm: onnxruntime on the CPU, configured.
            site: absolute URL of the folder that index.html lies in.
            models: downloads the models.
        """
        self.device = wasm.device
        self.limits = wasm.limits
        self.gpu_state = GpuState()
        self.hidden_requests = [wasm.folder + name for name in FILES if self.limits.threads > 1]
        """Addresses that onnxruntime-web's own worker has requested, which are in no list of this worker."""

        self._wasm = wasm
        self._site = site
        self._models = models
        self._webgpu = WebGpuBackend(f"{wasm.folder}webgpu/")
        self._adapter = asyncio.ensure_future(find_adapter())

    async def adapter(self) -> Adapter | None:
        """Return the GPU, if there is one."""
        return await self._adapter

    async def open(self, model: Model, backend: str, progress: Progress, timeouts: Timeouts) -> Session:
        """Open a session for a model.

        Args:
            model: which network.
            backend: ``"wasm"`` is the CPU, ``"webgpu"`` the GPU, ``"auto"`` the better of them (`Options.backend`).
            progress: called with the download of the model's file.
            timeouts: how long the GPU may take.
        """
        adapter = None if backend == "wasm" else await self._adapter
        open_wasm = functools.partial(self._open_wasm, model, progress)
        needs_half = model.input_type == "float16"  # some networks of a person's own; the failure would count for all
        if adapter is None or needs_half > adapter.has_half or not may_try(adapter, backend, self.device):
            return await open_wasm()
        cpu_file = model.variant("wasm")
        results = GpuResultStore(f"{self._site}trials/", adapter, str(self._wasm.ort.env.versions.common))
        offered = [model.variant(name) for name in precisions(adapter)]
        gpu_file = await first_agreeing(offered, lambda file: results.recall(cpu_file.sha256, file.sha256))

        async def open_webgpu() -> Session:
            progress("gpu", 0, 0)
            data = await self._models.load(gpu_file, progress)
            session = await self._webgpu.open(gpu_file, data)
            free_buffer(data.buffer)
            return session

        candidate = GpuCandidate(
            open_webgpu,
            lambda: results.recall(cpu_file.sha256, gpu_file.sha256),
            lambda comparison: results.remember(comparison, cpu_file.sha256, gpu_file.sha256),
            self.gpu_state,
            not (cpu_file.reduced_precision or gpu_file.reduced_precision),
        )
        return await ValidatedGpuSession.open(open_wasm, candidate, backend == "webgpu", timeouts)

    async def _open_wasm(self, model: Model, progress: Progress) -> OrtSession:
        data = await self._models.load(model.variant("wasm"), progress)
        session = await OrtSession.open(self._wasm.ort, model, data, "wasm", self.limits.threads)
        free_buffer(data.buffer)
        return session
