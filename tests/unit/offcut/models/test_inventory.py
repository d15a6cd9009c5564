"""Which models are on a device, and what goes with one."""

import dataclasses

from hypothesis import given, strategies

from offcut.models.catalogue import Catalogue, Chunk, File
from offcut.models.inventory import cached_models, chunks_to_delete
from tests.unit.offcut.fakes import model
from tests.unit.offcut.samples import examples

SHARED, LARGE_ONLY, SMALL_ONLY = Chunk("a", 40), Chunk("b", 4), Chunk("c", 1)


def catalogue_of(**chunks) -> Catalogue:
    models = {
        name: dataclasses.replace(model(), id=name, chunks=parts, bytes=sum(chunk.bytes for chunk in parts))
        for name, parts in chunks.items()
    }
    return Catalogue(next(iter(models)), models)


TWO = catalogue_of(large=(SHARED, LARGE_ONLY), small=(SHARED, SMALL_ONLY))


def test_what_is_on_the_device_counts_for_every_model_that_has_it():
    large, small = cached_models(TWO, "wasm", {"a", "b"})
    assert (large.bytes, large.is_complete) == (44, True)
    assert (small.bytes, small.is_complete) == (40, False)


def test_a_model_goes_with_all_its_chunks_unless_another_whole_one_needs_them():
    large = TWO.model("large")
    assert chunks_to_delete(large, TWO, "wasm", {"a", "b"}) == [SHARED, LARGE_ONLY]
    assert chunks_to_delete(large, TWO, "wasm", {"a", "b", "c"}) == [LARGE_ONLY]
    assert chunks_to_delete(large, TWO, "wasm", {"c"}) == []


def test_a_backends_own_file_counts_and_every_file_of_a_model_goes():
    own = File(41, "of the whole", (SHARED, SMALL_ONLY))
    models = {"large": dataclasses.replace(TWO.model("large"), variants={"wasm": own})}
    one = Catalogue("large", models)
    assert [(cached.bytes, cached.is_complete) for cached in cached_models(one, "wasm", {"a", "c"})] == [(41, True)]
    assert [(cached.bytes, cached.is_complete) for cached in cached_models(one, "webgpu", {"a", "c"})] == [(40, False)]
    assert chunks_to_delete(one.model(), one, "wasm", {"a", "b", "c"}) == [SHARED, LARGE_ONLY, SMALL_ONLY]


@examples(50)
@given(strategies.sets(strategies.sampled_from("abc")), strategies.sampled_from(["large", "small"]))
def test_deleting_one_model_never_breaks_another(chunks, id):
    before = {cached.model.id for cached in cached_models(TWO, "wasm", chunks) if cached.is_complete}
    gone = {chunk.sha256 for chunk in chunks_to_delete(TWO.model(id), TWO, "wasm", chunks)}
    after = {cached.model.id for cached in cached_models(TWO, "wasm", chunks - gone) if cached.is_complete}
    assert gone <= chunks and before - {id} <= after
