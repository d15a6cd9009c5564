"""Which models are cached on a device, derived from the cached chunks. Models may share chunks."""

from collections.abc import Set
from dataclasses import dataclass

from offcut.models.catalogue import Catalogue, Chunk, Model
from offcut.protocol.downloads import SMALL_BYTES


@dataclass(frozen=True)
class CachedModel:
    """How much of one model is cached on the device."""

    model: Model
    bytes: int
    """Cached bytes, of `model.bytes`."""

    @property
    def is_at_hand(self) -> bool:
        """Whether it can be loaded at once: all of it is cached, or all but a small part, as of shared weights."""
        return self.model.bytes - self.bytes <= SMALL_BYTES

    @property
    def is_complete(self) -> bool:
        """Whether all of it is cached, so that it works offline."""
        return self.bytes == self.model.bytes


def cached_models(catalogue: Catalogue, backend: str, cached: Set[str]) -> list[CachedModel]:
    """Return how much of each model is cached.

    Args:
        catalogue: the models.
        backend: whose variants count.
        cached: SHA-256 of every chunk on the device.
    """
    models = (model.variant(backend) for model in catalogue.models.values())
    return [
        CachedModel(model, sum(chunk.bytes for chunk in model.chunks if chunk.sha256 in cached)) for model in models
    ]


def chunks_to_delete(model: Model, catalogue: Catalogue, backend: str, cached: Set[str]) -> list[Chunk]:
    """Return the cached chunks to delete with a model, of all its files: those that no other cached model needs.

    Args:
        model: to be deleted.
        catalogue: the models.
        backend: whose variants count for the other models.
        cached: SHA-256 of every chunk on the device.
    """
    needed = {
        chunk.sha256
        for other in cached_models(catalogue, backend, cached)
        if other.is_complete and other.model.id != model.id
        for chunk in other.model.chunks
    }
    chunks = [*model.chunks, *(chunk for file in model.variants.values() for chunk in file.chunks)]
    cached_chunks = {chunk.sha256: chunk for chunk in chunks if chunk.sha256 in cached}
    return [chunk for sha256, chunk in cached_chunks.items() if sha256 not in needed]
