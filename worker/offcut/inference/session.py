"""Where networks run. Each runtime is one module that makes a `Session`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # onnxruntime is begun in the browser before numpy is imported
    import numpy as np


class Session(Protocol):
    """One loaded network, ready to run again and again."""

    backend: str
    """The execution provider in use, such as ``"wasm"`` or ``"cpu"``."""

    threads: int
    """How many threads it computes with."""

    notices: tuple[str, ...]
    """What the person should know of the last run, by stable name: ``"gpu-failed"``, ``"gpu-differs"`` (`trusted`)."""

    async def run(self, tensor: np.ndarray) -> np.ndarray:
        """Run the network on a float32 ``(1, 3, height, width)`` tensor.

        Returns the chosen output as a float32 array. Raises InferenceError or OutOfMemoryError.
        """
        ...

    async def release(self) -> None:
        """Give back the memory of the network. The session cannot be used afterwards."""
        ...
