"""A network in onnxruntime-web, on either of its execution providers."""

from typing import Any

import js
import numpy as np
from pyodide.code import run_js
from pyodide.ffi import JsException, JsProxy, to_js

from offcut.browser.interop import to_plain_js
from offcut.errors import BROKEN, InferenceError, OutOfMemoryError
from offcut.models.catalogue import Model


class OrtSession:
    """A `Session` on one execution provider."""

    notices: tuple[str, ...] = ()

    def __init__(self, ort: JsProxy, session: JsProxy, model: Model, backend: str, threads: int) -> None:
        self._ort = ort
        self._session = session
        self._model = model
        self.backend = backend
        self.threads = threads

    @classmethod
    async def open(cls, ort: JsProxy, model: Model, data: JsProxy, backend: str, threads: int) -> "OrtSession":
        """Open a session from the bytes of an ONNX file.

        Args:
            ort: the configured module.
            model: the network in that file.
            data: a `Uint8Array`; it is not needed afterwards.
            backend: the execution provider, ``"wasm"`` or ``"webgpu"``.
            threads: what the module was configured with.

        Raises:
            InferenceError: onnxruntime-web refused the file.
            OutOfMemoryError: the device has not enough memory for it.
        """
        options: dict[str, Any] = {"executionProviders": [backend], "graphOptimizationLevel": "all"}
        problem = f"The model {model.title} could not be started"
        session = await _outcome(ort.InferenceSession.create(data, to_plain_js(options)), problem)
        return cls(ort, session, model, backend, threads)

    async def run(self, tensor: np.ndarray) -> np.ndarray:
        """Run the network once; see `Session`."""
        model = self._model
        problem = f"The model {model.title} could not run"
        try:
            flat = np.ascontiguousarray(tensor).reshape(-1)
            # onnxruntime-web takes half precision as its bits.
            values = to_js(flat.view(np.uint16) if flat.dtype == np.float16 else flat)
            input_tensor = self._ort.Tensor.new(str(flat.dtype), values, to_js(list(tensor.shape)))
            feeds = to_plain_js({model.input_name: input_tensor})
            outputs = await _outcome(self._session.run(feeds, to_js([model.output_name])), problem)
            output = getattr(outputs, model.output_name)
            array = _numbers(output).reshape(output.dims.to_py())
            input_tensor.dispose()
            output.dispose()
        except JsException as error:
            raise _failure(error, problem) from error
        return array

    async def release(self) -> None:
        """Free the session's memory."""
        await self._session.release()


def _numbers(output: JsProxy) -> np.ndarray:
    """Return the numbers of a tensor as float32."""
    if output.type != "float16":
        return np.asarray(output.data.to_py(), np.float32)
    # Pyodide does not know JavaScript's Float16Array.
    bits = run_js("(tensor) => new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength)")
    return np.frombuffer(bits(output).to_bytes(), np.float16).astype(np.float32)


async def _outcome(promise: JsProxy, problem: str) -> JsProxy:
    """Return what a promise resolves to.

    onnxruntime-web may reject it with a bare number, the address of a C++ exception. Pyodide cannot raise that, and
    whoever awaits the promise itself then waits for ever.

    Raises:
        InferenceError, OutOfMemoryError: it was rejected; the message begins with `problem`.
    """
    settled: Any = (await js.Promise.allSettled(to_js([promise])))[0]
    if settled.status == "rejected":
        raise _failure(settled.reason, problem)
    value: JsProxy = settled.value
    return value


def _failure(reason: object, problem: str) -> InferenceError | OutOfMemoryError:
    message = str(getattr(reason, "message", reason))
    # What onnxruntime itself refuses has a code of its own. Anything else has ended its WebAssembly in the middle.
    state = "" if "ERROR_CODE" in message else BROKEN
    if any(sign in message for sign in ("out of memory", "memory access out of bounds", "bad_alloc", "Out of memory")):
        return OutOfMemoryError(
            f"{problem}: this device ran out of memory. "
            "Close other tabs, make the photo smaller or choose a smaller model.",
            state,
        )
    return InferenceError(f"{problem}: {message}", state)
