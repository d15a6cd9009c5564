"""What a network found, kept as a file."""

import numpy
import pytest

from offcut.alternatives import kept_found
from offcut.options import Options
from offcut.pipeline import Found, compose
from tests.unit.offcut.fakes import Bench, catalogue, run
from tests.unit.offcut.samples import save, scene

PHOTO = save(scene(), "PNG")
COARSE = numpy.linspace(0, 1, 32, dtype=numpy.float32).reshape(8, 4)


def cut(bench: Bench, known: Found | None = None):
    """The result, and what the network found."""
    seen = []

    async def finish(pixels, options):
        seen.append(pixels.found)
        return compose(pixels, options)

    return run(bench.engine.remove(PHOTO, Options(), finish=finish, known=known)), seen[0]


def test_a_photo_gets_the_same_cutout_again_without_a_network():
    bench = Bench()
    first, found = cut(bench)
    events = list(bench.events)
    known = kept_found.read(kept_found.to_bytes(found), bench.engine.catalogue)
    again, _ = cut(bench, known)
    assert again.data == first.data and bench.events == events
    assert (again.model, again.backend, again.threads) == (first.model, first.backend, first.threads)
    assert again.uncertainty == first.uncertainty and "infer" not in again.seconds
    fresh = Bench()  # after a reload
    assert cut(fresh, known)[0].data == first.data and fresh.events == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}\n",
        b"[]\n",
        kept_found.to_bytes(Found(catalogue().model(), COARSE, "wasm", 2))[:-9],
        kept_found.to_bytes(Found(catalogue().model(), COARSE, "wasm", 2)).replace(b'"one"', b'"six"'),
    ],
)
def test_what_is_damaged_or_of_a_network_that_is_gone_counts_as_nothing(data):
    assert kept_found.read(data, catalogue()) is None


def test_what_the_network_had_to_say_is_kept_too():
    found = kept_found.read(
        kept_found.to_bytes(Found(catalogue().model("two"), COARSE, "webgpu", 1, ("gpu-failed",))), catalogue()
    )
    assert found and (found.model.id, found.backend, found.notices) == ("two", "webgpu", ("gpu-failed",))
    assert numpy.array_equal(found.coarse, COARSE)
