"""Which models are on a device, told from the pieces that are; models may have pieces in common."""

from collections.abc import Set
from dataclasses import dataclass

from offcut.models.catalogue import Catalogue, Chunk, Model


@dataclass(frozen=True)
class CachedModel:
    """How much of one model is on the device."""

    model: Model
    bytes: int
    """Of `model.bytes`."""

    @property
    def whole(self) -> bool:
        """Whether it works without a network."""
        return self.bytes == self.model.bytes


def kept_of(catalogue: Catalogue, backend: str, pieces: Set[str]) -> list[CachedModel]:
    """How much there is of each model in its backend's file, given the SHA-256 of every piece on the device."""
    models = (model.variant(backend) for model in catalogue.models.values())
    return [
        CachedModel(model, sum(chunk.bytes for chunk in model.chunks if chunk.sha256 in pieces)) for model in models
    ]


def pieces_to_drop(model: Model, catalogue: Catalogue, backend: str, pieces: Set[str]) -> list[Chunk]:
    """The pieces on the device that go with a model, in any of its files: those that no other whole model needs."""
    needed = {
        chunk.sha256
        for kept in kept_of(catalogue, backend, pieces)
        if kept.whole and kept.model.id != model.id
        for chunk in kept.model.chunks
    }
    files = (model, *model.variants.values())
    found = {chunk.sha256: chunk for file in files for chunk in file.chunks if chunk.sha256 in pieces}
    return [chunk for sha256, chunk in found.items() if sha256 not in needed]
