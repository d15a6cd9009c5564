"""What runs a network. Each backend is a module that opens a `Session`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # the browser starts onnxruntime before it imports numpy
    import numpy as np


class Session(Protocol):
    """One loaded network, ready to run again and again."""

    @property
    def backend(self) -> str:
        """The execution provider in use, such as ``"wasm"`` or ``"cpu"``."""
        ...

    @property
    def threads(self) -> int:
        """How many threads it computes with."""
        ...

    @property
    def notices(self) -> tuple[str, ...]:
        """Stable names of what to show about the last run: ``"gpu-failed"``, ``"gpu-differs"`` (`gpu_fallback`)."""
        ...

    async def run(self, tensor: np.ndarray) -> np.ndarray:
        """Run the network.

        Args:
            tensor: as `preprocess.prepare` makes it, as a rule float32 ``(1, 3, height, width)``.

        Returns:
            The output that the catalogue names, float32.

        Raises:
            InferenceError: the network cannot run.
            OutOfMemoryError: the device has too little memory.
        """
        ...

    async def release(self) -> None:
        """Free the memory of the network. The session cannot be used afterwards."""
        ...
