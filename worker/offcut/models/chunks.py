"""Model files travel in pieces named by their SHA-256, and each piece is checked before it is used."""

import hashlib
from pathlib import Path

from offcut.errors import ModelDamagedError, ModelDownloadError
from offcut.models.catalogue import Chunk, Model


def is_intact(chunk: Chunk, data: bytes | memoryview) -> bool:
    """Whether `data` is exactly what the catalogue names."""
    return len(data) == chunk.bytes and hashlib.sha256(data).hexdigest() == chunk.sha256


def path_of(chunk: Chunk) -> str:
    """Where a chunk lies, relative to `models/`."""
    return f"chunks/{chunk.sha256}.bin"


def read_model(model: Model, folder: Path) -> bytes:
    """Read a model from a folder that holds `chunks/`.

    Raises ModelDownloadError where a chunk is missing, ModelDamagedError where one is not what its name says.
    """
    whole = bytearray()
    for chunk in model.chunks:
        path = folder / path_of(chunk)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise ModelDownloadError(
                f"A piece of the model {model.title} is missing: {path}. Run `python3 -m tools build` to make it."
            ) from None
        if not is_intact(chunk, data):
            raise ModelDamagedError(
                f"A piece of the model {model.title} is damaged: {path}. Delete it and build again."
            )
        whole += data
    return bytes(whole)
