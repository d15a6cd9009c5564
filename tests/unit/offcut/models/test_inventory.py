"""Which models are on a device, and what goes with one."""

import dataclasses

from hypothesis import given, strategies

from offcut.models.catalogue import Catalogue, Chunk, File
from offcut.models.inventory import kept_of, pieces_to_drop
from tests.unit.offcut.fakes import model
from tests.unit.offcut.samples import examples

SHARED, LARGE_ONLY, SMALL_ONLY = Chunk("a", 40), Chunk("b", 4), Chunk("c", 1)


def catalogue_of(**chunks) -> Catalogue:
    models = {
        id: dataclasses.replace(model(), id=id, chunks=pieces, bytes=sum(piece.bytes for piece in pieces))
        for id, pieces in chunks.items()
    }
    return Catalogue(next(iter(models)), models)


TWO = catalogue_of(large=(SHARED, LARGE_ONLY), small=(SHARED, SMALL_ONLY))


def test_what_is_on_the_device_counts_for_every_model_that_has_it():
    large, small = kept_of(TWO, "wasm", {"a", "b"})
    assert (large.bytes, large.whole) == (44, True)
    assert (small.bytes, small.whole) == (40, False)


def test_a_model_goes_with_all_its_pieces_unless_another_whole_one_needs_them():
    large = TWO.model("large")
    assert pieces_to_drop(large, TWO, "wasm", {"a", "b"}) == [SHARED, LARGE_ONLY]
    assert pieces_to_drop(large, TWO, "wasm", {"a", "b", "c"}) == [LARGE_ONLY]
    assert pieces_to_drop(large, TWO, "wasm", {"c"}) == []


def test_a_backends_own_file_counts_and_every_file_of_a_model_goes():
    own = File(41, "of the whole", (SHARED, SMALL_ONLY))
    models = {"large": dataclasses.replace(TWO.model("large"), variants={"wasm": own})}
    one = Catalogue("large", models)
    assert [(kept.bytes, kept.whole) for kept in kept_of(one, "wasm", {"a", "c"})] == [(41, True)]
    assert [(kept.bytes, kept.whole) for kept in kept_of(one, "webgpu", {"a", "c"})] == [(40, False)]
    assert pieces_to_drop(one.model(), one, "wasm", {"a", "b", "c"}) == [SHARED, LARGE_ONLY, SMALL_ONLY]


@examples(50)
@given(strategies.sets(strategies.sampled_from("abc")), strategies.sampled_from(["large", "small"]))
def test_deleting_one_model_never_breaks_another(pieces, id):
    before = {kept.model.id for kept in kept_of(TWO, "wasm", pieces) if kept.whole}
    gone = {chunk.sha256 for chunk in pieces_to_drop(TWO.model(id), TWO, "wasm", pieces)}
    after = {kept.model.id for kept in kept_of(TWO, "wasm", pieces - gone) if kept.whole}
    assert gone <= pieces and before - {id} <= after
