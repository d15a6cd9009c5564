"""Model files are stored in chunks named by their SHA-256. Each chunk is verified before it is used."""

import hashlib
from pathlib import Path

from offcut.errors import ModelDamagedError, ModelDownloadError
from offcut.models.catalogue import Chunk, Model


def is_intact(chunk: Chunk, data: bytes | memoryview) -> bool:
    """Return whether `data` is exactly the chunk in the catalogue."""
    return len(data) == chunk.bytes and hashlib.sha256(data).hexdigest() == chunk.sha256


def path_of(chunk: Chunk) -> str:
    """Return the path of a chunk, relative to `models/`."""
    return f"chunks/{chunk.sha256}.bin"


def read_model(model: Model, folder: Path) -> bytes:
    """Read a model file from a folder.

    Args:
        model: in the variant to read.
        folder: contains `chunks/`.

    Raises:
        ModelDownloadError: a chunk is missing.
        ModelDamagedError: a chunk has another content than its name says.
    """
    whole = bytearray()
    for chunk in model.chunks:
        path = folder / path_of(chunk)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise ModelDownloadError(
                f"A piece of the model {model.title} is missing: {path}. Build the models again, or delete "
                "that folder: `offcut d` fetches a model again."
            ) from None
        if not is_intact(chunk, data):
            raise ModelDamagedError(
                f"A piece of the model {model.title} is damaged: {path}. Delete it and build again."
            )
        whole += data
    return bytes(whole)
