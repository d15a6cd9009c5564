"""onnxruntime on CPython."""

import os
from functools import cache

import numpy as np

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # before the import: onnxruntime reports its use from then on
import onnxruntime

from offcut.errors import InferenceError
from offcut.models.catalogue import Model

onnxruntime.disable_telemetry_events()  # for Windows, where the variable has no effect

_PRODUCT = (
    b'\x08\x05:\\\n\x18\n\x01a\n\x01b\x12\x01c"\rMatMulInteger\x12\x01p'
    b"Z\x13\n\x01a\x12\x0e\n\x0c\x08\x02\x12\x08\n\x02\x08\x10\n\x02\x08@"
    b"Z\x13\n\x01b\x12\x0e\n\x0c\x08\x03\x12\x08\n\x02\x08@\n\x02\x08\x10"
    b"b\x13\n\x01c\x12\x0e\n\x0c\x08\x06\x12\x08\n\x02\x08\x10\n\x02\x08\x10B\x04\n\x00\x10\n"
)
"""ONNX: `c`, int32 (16, 16), is the product (`MatMulInteger`) of `a`, uint8 (16, 64), and `b`, int8 (64, 16)."""


INT8 = "cpu-int8"
"""The name, in a catalogue, of the file with 8-bit activations for the CPU (tools/models/catalogue.py)."""


@cache
def is_int8_exact() -> bool:
    """Return whether onnxruntime computes exactly with 8-bit numbers on this processor.

    x86 processors without VNNI add two products in 16 bits: a sum that does not fit is cut off, and a network with
    8-bit activations returns something else. All other processors are exact. With VNNI, 8 bits are 2.5 to 3.2 times as
    fast as single precision (one thread, docs/decisions/0033); other exact processors were not measured.
    """
    largest = {"a": np.full((16, 64), 255, np.uint8), "b": np.full((64, 16), 127, np.int8)}
    session = onnxruntime.InferenceSession(_PRODUCT, providers=["CPUExecutionProvider"])
    (product,) = session.run(None, largest)
    return bool((np.asarray(product) == 64 * 255 * 127).all())


def fastest(model: Model) -> Model:
    """Return the model with the file that this machine's CPU runs fastest."""
    return model.variant(INT8 if INT8 in model.variants and is_int8_exact() else NativeSession.backend)


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
        if not is_int8_exact():  # then a person's own 8-bit networks are computed exactly, but slowly
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
