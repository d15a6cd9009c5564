"""onnxruntime-web on the CPU, set up for this device. Imports no numpy: it is started before that is imported."""

import js
from pyodide.ffi import JsProxy, to_js

from offcut.inference.device import Device, limits

FILES = ("ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm")
"""What onnxruntime-web's own worker requests; it is in no other worker's list of requests."""


class WasmBackend:
    """The module, and the limits of this device."""

    def __init__(self, ort: JsProxy, site: str, touch_points: int) -> None:
        """Configure the module, before its first session.

        Args:
            ort: the module `ort.wasm.min.mjs`.
            site: absolute URL of the folder that index.html lies in.
            touch_points: `navigator.maxTouchPoints`, which a worker cannot see.
        """
        self.device = _device(touch_points)
        self.limits = limits(self.device)
        self.ort = ort
        self.folder = f"{site}vendor/onnxruntime-web/"
        configure(ort, self.folder, self.limits.threads)

    def start(self) -> None:
        """Have the WebAssembly fetched, compiled and started now, where onnxruntime has threads of its own for that."""
        if self.limits.threads > 1:
            # Only a session starts it. It refuses this one, but not before it runs.
            js.Promise.allSettled(to_js([self.ort.InferenceSession.create(js.Uint8Array.new(0))]))


def configure(ort: JsProxy, folder: str, threads: int) -> None:
    """Configure onnxruntime-web before the first session; it reads these settings only once.

    Args:
        ort: one of its modules, such as `ort.wasm.min.mjs`.
        folder: absolute URL of the folder with that module's WebAssembly files, ending in a slash.
        threads: number of threads; more than 1 only where the page is cross-origin isolated.
    """
    # The worker lives in a Blob URL, so a relative path would not resolve.
    ort.env.wasm.wasmPaths = folder
    ort.env.wasm.numThreads = threads
    ort.env.logLevel = "error"
    if threads > 1:
        # In a worker of its own, so that this one can go on. onnxruntime-web does that for pages only, and takes
        # whatever has a document for a page. Threads need workers inside workers anyway.
        if not hasattr(js, "document"):
            js.document = js.Object.new()
        ort.env.wasm.proxy = True


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
