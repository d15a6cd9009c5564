"""onnxruntime-web in the browser's worker, called through the JavaScript FFI."""

import js
import numpy as np
from pyodide.ffi import JsException, JsProxy, to_js

from ..catalogue import Model
from ..errors import InferenceError, OutOfMemoryError

MAX_THREADS = 8
"""More threads than this slow small networks down: each operator then has too little work to share out."""


def configure(ort: JsProxy, folder: str) -> int:
    """Set up onnxruntime-web before the first session; it reads these settings only once.

    Args:
        ort: the module `ort.wasm.min.mjs`.
        folder: absolute URL of the folder with its WebAssembly files, ending in a slash.

    Returns:
        The number of threads it will compute with: 1 unless the page is cross-origin isolated.
    """
    # The worker lives in a Blob URL, so a relative path would not resolve.
    ort.env.wasm.wasmPaths = folder
    cores = getattr(js.navigator, "hardwareConcurrency", 1) or 1
    threads = min(int(cores), MAX_THREADS) if js.crossOriginIsolated else 1
    ort.env.wasm.numThreads = threads
    ort.env.logLevel = "error"
    return threads


class WebSession:
    """A `Session` on onnxruntime-web's WebAssembly execution provider."""

    backend = "wasm"

    def __init__(self, ort: JsProxy, session: JsProxy, model: Model, threads: int) -> None:
        self._ort = ort
        self._session = session
        self._model = model
        self.threads = threads

    @classmethod
    async def open(cls, ort: JsProxy, model: Model, data: JsProxy, threads: int) -> "WebSession":
        """Make a session from the bytes of an ONNX file.

        Args:
            ort: the configured module.
            data: a `Uint8Array`; it is not needed afterwards.
            threads: what `configure` returned.

        Raises:
            InferenceError, OutOfMemoryError
        """
        options = to_js(
            {"executionProviders": [cls.backend], "graphOptimizationLevel": "all"}, dict_converter=js.Object.fromEntries
        )
        try:
            session = await ort.InferenceSession.create(data, options)
        except JsException as error:
            raise _failure(error, f"The model {model.title} could not be started") from error
        return cls(ort, session, model, threads)

    async def run(self, tensor: np.ndarray) -> np.ndarray:
        model = self._model
        try:
            values = to_js(np.ascontiguousarray(tensor, np.float32).reshape(-1))
            given = self._ort.Tensor.new("float32", values, to_js(list(tensor.shape)))
            feeds = to_js({model.input_name: given}, dict_converter=js.Object.fromEntries)
            outputs = await self._session.run(feeds, to_js([model.output_name]))
            output = getattr(outputs, model.output_name)
            array = np.asarray(output.data.to_py(), np.float32).reshape(output.dims.to_py())
            given.dispose()
            output.dispose()
        except JsException as error:
            raise _failure(error, f"The model {model.title} could not run") from error
        return array

    async def release(self) -> None:
        await self._session.release()


def _failure(error: JsException, said: str) -> InferenceError | OutOfMemoryError:
    message = str(getattr(error, "message", error))
    if any(sign in message for sign in ("out of memory", "memory access out of bounds", "bad_alloc", "Out of memory")):
        return OutOfMemoryError(
            f"{said}: this device ran out of memory. Close other tabs, make the photo smaller or choose a smaller model."
        )
    return InferenceError(f"{said}: {message}")
