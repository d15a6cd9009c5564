"""WebGPU: is there a graphics processor, and networks on it."""

import asyncio
from typing import Any

import js
import numpy as np
from pyodide.code import run_js
from pyodide.ffi import JsException, JsProxy, create_proxy

from offcut.browser.backends.ort_session import OrtSession
from offcut.browser.backends.wasm import configure
from offcut.errors import InferenceError
from offcut.inference.device import Adapter
from offcut.inference.gpu_fallback import GpuState
from offcut.models.catalogue import Model

_MODULE = "ort.webgpu.min.mjs"
_WASM = "ort-wasm-simd-threaded.asyncify.wasm"

_PATIENCE = 5
"""Seconds that a browser may take to say whether there is a graphics processor. Broken drivers never do."""

_LIMIT = 60
"""Seconds that a session may take to open once everything it needs is here."""


async def find_adapter() -> Adapter | None:
    """The graphics processor that WebGPU would use here; None where there is no WebGPU."""
    gpu = getattr(js.navigator, "gpu", None)
    if not gpu:
        return None
    try:
        found = await _request_adapter(gpu)
    except (JsException, TimeoutError):
        return None
    return _adapter(found) if found else None


async def _request_adapter(gpu: JsProxy) -> JsProxy:
    return await asyncio.wait_for(gpu.requestAdapter(powerPreference="high-performance"), _PATIENCE)


def _adapter(found: JsProxy) -> Adapter:
    info: Any = getattr(found, "info", None)
    texts = (str(getattr(info, name, "") or "") for name in ("vendor", "architecture", "device", "description"))
    # It was the adapter's own before it became part of its description.
    is_fallback = bool(getattr(info, "isFallbackAdapter", getattr(found, "isFallbackAdapter", False)))
    return Adapter(*texts, is_fallback, bool(found.features.has("shader-f16")))


class WebGpuBackend:
    """onnxruntime-web's module with the WebGPU execution provider, fetched (27 MB) with the first session."""

    def __init__(self, folder: str, visit: GpuState) -> None:
        """`folder` is the absolute URL of the module's folder, ending in a slash."""
        self.visit = visit
        self._folder = folder
        self._ort: JsProxy | None = None
        self._turn = asyncio.Lock()  # two things at once break the module, even with two sessions

    async def open(self, model: Model, data: JsProxy) -> "WebGpuSession":
        """Make a session from the bytes of an ONNX file. Raises InferenceError, OutOfMemoryError, TimeoutError."""
        async with self._turn:
            try:
                if self._ort is None:
                    self._ort = await self._load()
            except (JsException, TimeoutError) as error:
                raise InferenceError(f"The graphics processor could not be made ready: {error}") from error
            opening = OrtSession.open(self._ort, model, data, WebGpuSession.backend, 1)
            session = await asyncio.wait_for(opening, _LIMIT)
        return WebGpuSession(session, self._ort.env.webgpu.device, self._turn)

    async def _load(self) -> JsProxy:
        # Where the module gets no device it says no more than a number, so that is seen first.
        probe = await asyncio.wait_for((await _request_adapter(js.navigator.gpu)).requestDevice(), _PATIENCE)
        probe.destroy()
        # Brought here before the time begins to count; the module then finds it in the browser's caches.
        await (await js.fetch(self._folder + _WASM)).blob()
        # The only way to import a module from Python; the worker's own are imported before it is known whether this one
        # is needed.
        ort = await run_js(f"import({self._folder + _MODULE!r})")
        configure(ort, self._folder, 1)  # the processor has next to nothing to do
        return ort


class WebGpuSession:
    """A `Session` on WebGPU. Raises InferenceError as soon as its device is lost or complains."""

    backend = "webgpu"
    threads = 1
    notices = ()

    def __init__(self, session: OrtSession, device: JsProxy, turn: asyncio.Lock) -> None:
        """`device` is the `GPUDevice` that the session runs on; `turn` is held while the module is at work."""
        self._session = session
        self._device = device
        self._turn = turn
        self._broken: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._listener = create_proxy(lambda event: self._break(event.error.message))
        device.addEventListener("uncapturederror", self._listener)
        self._lost = asyncio.ensure_future(device.lost)
        self._lost.add_done_callback(self._on_lost)

    async def run(self, tensor: np.ndarray) -> np.ndarray:
        async with self._turn:
            running = asyncio.ensure_future(self._session.run(tensor))
            # A run on a lost device may never end.
            await asyncio.wait({running, self._broken}, return_when=asyncio.FIRST_COMPLETED)
            if self._broken.done():
                running.add_done_callback(lambda run: run.cancelled() or run.exception())  # nobody asks any more
                raise InferenceError(f"The graphics processor failed: {self._broken.result()}")
            return running.result()

    async def release(self) -> None:
        self._lost.remove_done_callback(self._on_lost)
        self._device.removeEventListener("uncapturederror", self._listener)
        self._listener.destroy()
        async with self._turn:
            await self._session.release()

    def _on_lost(self, lost: asyncio.Future) -> None:
        if not lost.cancelled() and not lost.exception():
            self._break(f"{lost.result().reason}: {lost.result().message}")

    def _break(self, message: str) -> None:
        if not self._broken.done():
            self._broken.set_result(message)
