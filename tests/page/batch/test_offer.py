"""Batches from earlier visits are offered on the empty page."""

from types import SimpleNamespace

from batch.batch import Batch
from batch.offer import BatchOffer

from tests.page.fakes import heard, photo


def kept(id: str, photos: int, done: int) -> SimpleNamespace:
    """A batch as the worker lists it."""
    batch = Batch()
    batch.begin(id)
    batch.add([photo(f"{number}.jpg") for number in range(photos)])
    for one in batch.photos[:done]:
        batch.finish(one, batch.start(one), {}, "")
    return SimpleNamespace(id=id, state=batch.plain())


def test_each_batch_says_how_far_it_is():
    offer = BatchOffer()
    changes = heard(offer.changed)
    offer.show([kept("b1", 40, 12), kept("b2", 2, 2), SimpleNamespace(id="b3", state="of a later version")])
    assert [(it.id, it.count, it.done) for it in offer.batches] == [("b1", 40, 12), ("b2", 2, 2)] and len(changes) == 1
    offer.withdraw("b1")
    assert [it.id for it in offer.batches] == ["b2"]
    offer.withdraw()
    assert offer.batches == []
