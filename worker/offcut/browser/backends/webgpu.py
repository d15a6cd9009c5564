"""onnxruntime-web on the GPU: find an adapter, load the module, run networks."""

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
from offcut.models.catalogue import Model

_MODULE = "ort.webgpu.min.mjs"
_WASM = "ort-wasm-simd-threaded.asyncify.wasm"

_ADAPTER_TIMEOUT_S = 5
"""A browser with a broken driver never says whether there is a GPU."""

_OPEN_TIMEOUT_S = 60
"""For a session to open once everything it needs is here."""


async def find_adapter() -> Adapter | None:
    """Return the GPU that WebGPU would use here; None where there is no WebGPU."""
    gpu = getattr(js.navigator, "gpu", None)
    if not gpu:
        return None
    try:
        # Chromium with Vulkan has answered the first request with null, and the one after it with the GPU.
        found = await _request_adapter(gpu) or await _request_adapter(gpu)
    except (JsException, TimeoutError):
        return None
    return _adapter(found) if found else None


async def _request_adapter(gpu: JsProxy) -> JsProxy:
    return await asyncio.wait_for(gpu.requestAdapter(powerPreference="high-performance"), _ADAPTER_TIMEOUT_S)


def _adapter(found: JsProxy) -> Adapter:
    info: Any = getattr(found, "info", None)
    vendor, architecture, device, description = (
        str(getattr(info, name, "") or "") for name in ("vendor", "architecture", "device", "description")
    )
    # It was the adapter's own before it became part of its description.
    is_fallback = bool(getattr(info, "isFallbackAdapter", getattr(found, "isFallbackAdapter", False)))
    has_half = bool(found.features.has("shader-f16"))
    return Adapter(vendor, architecture, device, description, is_fallback, has_half)


class WebGpuBackend:
    """onnxruntime-web's module with the WebGPU execution provider, fetched (27 MB) with the first session."""

    def __init__(self, folder: str) -> None:
        """`folder` is the absolute URL of the module's folder, ending in a slash."""
        self._folder = folder
        self._ort: JsProxy | None = None
        self._lock = asyncio.Lock()  # two calls at once break the module, even of two sessions

    async def open(self, model: Model, data: JsProxy) -> "WebGpuSession":
        """Open a session from the bytes of an ONNX file, a `Uint8Array`.

        Raises:
            InferenceError: there is no device, or the module refused the file.
            OutOfMemoryError: the GPU has not enough memory for it.
            TimeoutError: it did not open in time.
        """
        async with self._lock:
            try:
                if self._ort is None:
                    self._ort = await self._load()
            except (JsException, TimeoutError) as error:
                raise InferenceError(f"The graphics processor could not be made ready: {error}") from error
            opening = OrtSession.open(self._ort, model, data, WebGpuSession.backend, 1)
            session = await asyncio.wait_for(opening, _OPEN_TIMEOUT_S)
        return WebGpuSession(session, self._ort.env.webgpu.device, self._lock)

    async def _load(self) -> JsProxy:
        # Where the module gets no device its error is only a number, so that is tried first.
        probe = await asyncio.wait_for((await _request_adapter(js.navigator.gpu)).requestDevice(), _ADAPTER_TIMEOUT_S)
        probe.destroy()
        # Fetched before the timeout begins; the module then finds it in the browser's caches.
        await (await js.fetch(self._folder + _WASM)).blob()
        # The only way to import a module from Python. The worker's own modules are imported before it is known whether
        # this one is needed.
        ort: JsProxy = await run_js(f"import({self._folder + _MODULE!r})")
        configure(ort, self._folder, 1)  # the CPU has next to nothing to do
        return ort


class WebGpuSession:
    """A `Session` on WebGPU. Raises InferenceError as soon as its device is lost or reports an error."""

    backend = "webgpu"
    threads = 1
    notices: tuple[str, ...] = ()

    def __init__(self, session: OrtSession, device: JsProxy, lock: asyncio.Lock) -> None:
        """`device` is the `GPUDevice` that the session runs on; `lock` is held while the module works."""
        self._session = session
        self._device = device
        self._lock = lock
        self._failure: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._listener = create_proxy(lambda event: self._fail(event.error.message))
        device.addEventListener("uncapturederror", self._listener)
        self._lost: asyncio.Future[JsProxy] = asyncio.ensure_future(device.lost)
        self._lost.add_done_callback(self._on_lost)

    async def run(self, tensor: np.ndarray) -> np.ndarray:
        """Run the network once; see `Session`."""
        async with self._lock:
            running = asyncio.ensure_future(self._session.run(tensor))
            # A run on a lost device may never end.
            waiting: set[asyncio.Future[Any]] = {running, self._failure}
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if self._failure.done():
                running.add_done_callback(
                    lambda run: run.cancelled() or run.exception()
                )  # so that it counts as retrieved
                raise InferenceError(f"The graphics processor failed: {self._failure.result()}")
            return running.result()

    async def release(self) -> None:
        """Free the session's memory."""
        self._lost.remove_done_callback(self._on_lost)
        self._device.removeEventListener("uncapturederror", self._listener)
        self._listener.destroy()
        async with self._lock:
            await self._session.release()

    def _on_lost(self, lost: asyncio.Future[JsProxy]) -> None:
        if not lost.cancelled() and not lost.exception():
            self._fail(f"{lost.result().reason}: {lost.result().message}")

    def _fail(self, message: str) -> None:
        if not self._failure.done():
            self._failure.set_result(message)
