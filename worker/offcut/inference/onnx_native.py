"""onnxruntime on CPython."""

import os

import numpy as np

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # before the import: onnxruntime reports its use from then on
import onnxruntime

from offcut.errors import InferenceError
from offcut.models.catalogue import Model

onnxruntime.disable_telemetry_events()  # for Windows, where the variable has no effect


class NativeSession:
    """A `Session` on this machine's CPU."""

    backend = "cpu"
    notices: tuple[str, ...] = ()

    def __init__(self, model: Model, data: bytes, threads: int | None = None) -> None:
        """Load a network.

        Args:
            model: its entry in the catalogue.
            data: the bytes of its ONNX file.
            threads: how many to compute with; None for all.

        Raises:
            InferenceError: onnxruntime cannot load it.
        """
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        self.threads = threads or os.cpu_count() or 1
        options.intra_op_num_threads = self.threads
        # A pattern of all tensors is one block of memory, which lies beside that of the first run: 200 MB more with
        # U²-Net p, and no faster. Without an arena every run's tensors are new pages: 25 % more processor time
        # (docs/decisions/0145).
        options.enable_mem_pattern = False
        # Without it, 8-bit networks saturate on x86 CPUs that lack VNNI; WebAssembly never does.
        options.add_session_config_entry("session.x64quantprecision", "1")
        self._model = model
        try:
            self._session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's exceptions have no common base class
            raise InferenceError(f"The model {model.title} could not be started: {error}") from error

    async def run(self, tensor: np.ndarray) -> np.ndarray:
        try:
            (output,) = self._session.run([self._model.output_name], {self._model.input_name: tensor})
        except Exception as error:
            raise InferenceError(f"The model {self._model.title} could not run: {error}") from error
        return np.asarray(output)

    async def release(self) -> None:
        self._session = None
