"""onnxruntime on CPython."""

import os

import numpy as np
import onnxruntime

from offcut.errors import InferenceError
from offcut.models.catalogue import Model


class NativeSession:
    """A `Session` on the machine's own processor."""

    backend = "cpu"
    notices = ()

    def __init__(self, model: Model, data: bytes, threads: int | None = None) -> None:
        """Load `data`, the bytes of the ONNX file of `model`. Raises InferenceError where onnxruntime refuses them."""
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        self.threads = threads or os.cpu_count() or 1
        options.intra_op_num_threads = self.threads
        # Without it, 8-bit networks saturate on x86 processors that lack VNNI; WebAssembly never does.
        options.add_session_config_entry("session.x64quantprecision", "1")
        self._model = model
        try:
            self._session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's exceptions share no base of their own
            raise InferenceError(f"The model {model.title} could not be started: {error}") from error

    async def run(self, tensor: np.ndarray) -> np.ndarray:
        try:
            return self._session.run([self._model.output_name], {self._model.input_name: tensor})[0]
        except Exception as error:
            raise InferenceError(f"The model {self._model.title} could not run: {error}") from error

    async def release(self) -> None:
        self._session = None
