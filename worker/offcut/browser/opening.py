"""Which runtime a network gets on this device."""

import asyncio
import functools

import js
from pyodide.ffi import JsProxy

from ..catalogue import Model
from ..runtimes import Session
from ..runtimes.device import Adapter, Device, limits, may_try, precisions
from ..runtimes.trusted import Graphics, Patience, TrustedSession, Visit, not_differing
from ..runtimes.web import FILES, WebSession, configure
from ..stages import Progress
from .files import forget
from .graphics import GraphicsRuntime, find_adapter
from .model_store import ModelStore
from .trial_store import TrialStore

_RUNTIME = "vendor/onnxruntime-web/"


class Runtimes:
    """WebAssembly, and WebGPU where there is one."""

    def __init__(self, ort: JsProxy, site: str, store: ModelStore, touch_points: int) -> None:
        """Set up WebAssembly and begin to look for a graphics processor.

        Args:
            ort: the module `ort.wasm.min.mjs`.
            site: absolute URL of the folder that index.html lies in.
            store: brings the models.
            touch_points: `navigator.maxTouchPoints`, which a worker cannot see.
        """
        self.device = _device(touch_points)
        self.limits = limits(self.device)
        self.visit = Visit()
        self.unseen: list[str] = []
        """Addresses of what was requested by onnxruntime-web's own worker."""

        self._ort = ort
        self._site = site
        self._store = store
        self._graphics = GraphicsRuntime(f"{site}{_RUNTIME}webgpu/", self.visit)
        self._adapter = asyncio.ensure_future(find_adapter())
        configure(ort, site + _RUNTIME, self.limits.threads)

    async def adapter(self) -> Adapter | None:
        """The graphics processor, if there is one."""
        return await self._adapter

    async def open(self, model: Model, backend: str, progress: Progress, patience: Patience) -> Session:
        """Make a session of a model; the arguments are those of `offcut.pipeline.Opener`."""
        adapter = None if backend == "wasm" else await self._adapter
        processor = functools.partial(self._on_processor, model, progress)
        if not may_try(adapter, backend, self.device):
            return await processor()
        ours = model.variant("wasm")
        trials = TrialStore(f"{self._site}trials/", adapter, str(self._ort.env.versions.common))
        offered = [model.variant(name) for name in precisions(adapter)]
        theirs = await not_differing(offered, lambda file: trials.recall(ours.sha256, file.sha256))

        async def on_graphics() -> Session:
            progress("gpu", 0, 0)
            data = await self._store.load(theirs, progress)
            session = await self._graphics.open(theirs, data)
            forget(data.buffer)
            return session

        graphics = Graphics(
            on_graphics,
            lambda: trials.recall(ours.sha256, theirs.sha256),
            lambda trial: trials.remember(trial, ours.sha256, theirs.sha256),
            self.visit,
            not (ours.rough or theirs.rough),
        )
        return await TrustedSession.open(processor, graphics, backend == "webgpu", patience)

    async def _on_processor(self, model: Model, progress: Progress) -> WebSession:
        data = await self._store.load(model.variant("wasm"), progress)
        if self.limits.threads > 1:
            self.unseen = [self._site + _RUNTIME + name for name in FILES]
        session = await WebSession.open(self._ort, model, data, "wasm", self.limits.threads)
        forget(data.buffer)
        return session


def _device(touch_points: int) -> Device:
    navigator = js.navigator
    return Device(
        int(getattr(navigator, "hardwareConcurrency", 1) or 1),
        bool(js.crossOriginIsolated),
        getattr(navigator, "deviceMemory", None),
        navigator.userAgent,
        touch_points,
        bool(getattr(getattr(navigator, "connection", None), "saveData", False)),
    )
