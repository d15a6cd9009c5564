"""The offer to go on with batches from earlier visits."""

import json

from core.signals import Signal

from batch.batch import DONE


class KeptBatch:
    """A batch that the device keeps."""

    def __init__(self, id, count, done) -> None:
        self.id, self.count, self.done = id, count, done


class BatchOffer:
    """A list on the empty page, until something is opened or the person decides."""

    def __init__(self) -> None:
        self.batches: list = []
        """What there is to go on with, as `KeptBatch`."""

        self.changed = Signal()
        """Emitted when `batches` are others."""

    def show(self, found) -> None:
        """Offer batches: objects with `id` and `state`, a text from `Batch.plain`."""
        self.batches = [batch for batch in map(_kept, found) if batch]
        self.changed.emit()

    def withdraw(self, id=None) -> None:
        """Offer this batch no more, or none at all."""
        self.batches = [batch for batch in self.batches if id is not None and batch.id != id]
        self.changed.emit()


def _kept(found):
    try:
        photos = json.loads(found.state)["photos"]
        done = [photo for photo in photos if photo["state"] == DONE]
    except (ValueError, KeyError, TypeError):  # of another version of Offcut
        return None
    return KeptBatch(found.id, len(photos), len(done))
