"""The network runs again on a part of the photo."""

import numpy as np
import pytest
from hypothesis import given, strategies
from PIL import Image

from offcut.assist import box_selection
from offcut.errors import HelpError, OutOfMemoryError
from offcut.geometry import Box
from tests.unit.offcut.fakes import Bench, run
from tests.unit.offcut.samples import assert_plain, examples, scene

PHOTO = np.asarray(scene(64, 48))
BOX = Box(12, 36, 20, 44)


class RecordingNetwork:
    """A network that takes everything for the subject, and records the sizes of its pictures."""

    def __init__(self, value: float = 1.0) -> None:
        self.value = value
        self.sizes: list[tuple[int, int]] = []

    async def __call__(self, image: Image.Image) -> np.ndarray:
        assert image.mode == "RGB"
        self.sizes.append(image.size)
        return np.full((4, 8), self.value, np.float32)


def select(network=None, box=BOX) -> np.ndarray:
    return run(box_selection.select(network or RecordingNetwork(), PHOTO, box))


def test_the_network_sees_the_box_with_a_margin_and_its_result_is_taken_inside():
    network = RecordingNetwork()
    found = select(network)
    assert network.sizes == [(24 + 2 * 3, 24 + 2 * 3)]
    assert (found[12:36, 20:44] == 255).all()


def test_outside_the_margin_nothing_is_left_and_there_is_no_seam():
    found = select().astype(int)
    assert (
        (found[:8] == 0).all() and (found[40:] == 0).all() and (found[:, :16] == 0).all() and (found[:, 48:] == 0).all()
    )
    assert np.abs(np.diff(found[24])).max() < 80  # one step would be 255


def test_a_box_beyond_the_photo_is_cut_off_at_its_border():
    network = RecordingNetwork()
    assert (select(network, Box(-50, 500, -50, 500)) == 255).all() and network.sizes == [(64, 48)]


@examples(40)
@given(strategies.tuples(*[strategies.integers(-20, 80)] * 4), strategies.floats(0, 1))
def test_any_box_gives_an_alpha_or_a_sentence(sides, value):
    box = Box(*sides)
    try:
        found = select(RecordingNetwork(value), box)
    except HelpError as error:
        assert_plain(error)
        part = box.within(48, 64)
        assert part.width < box_selection.MIN_SIDE or part.height < box_selection.MIN_SIDE
    else:
        assert (found.dtype, found.shape) == (np.uint8, (48, 64))
        assert np.array_equal(found, select(RecordingNetwork(value), box))


@pytest.mark.parametrize("box", [Box(10, 30, 10, 10), Box(10, 30, 30, 10), Box(100, 200, 100, 200)])
def test_a_box_that_is_too_small_is_refused_without_running_the_network(box):
    network = RecordingNetwork()
    with pytest.raises(HelpError) as caught:
        select(network, box)
    assert_plain(caught.value)
    assert network.sizes == []


def test_the_engine_runs_the_loaded_network_on_a_box():
    bench = Bench()

    async def twice():
        first = await bench.engine.alpha(scene(), "two")
        return first, await bench.engine.alpha(scene(16, 16))

    first, second = run(twice())
    assert bench.events == ["open two", "run two", "ran two", "run two", "ran two"]
    assert first.shape == second.shape == (4, 8)
    assert (first[:, :4] == 1).all() and (first[:, 4:] == 0).all()


def test_an_engine_without_memory_says_so_and_goes_on():
    bench = Bench()
    usual = bench.answer

    def failing(tensor):
        raise MemoryError

    async def then_again():
        bench.answer = failing
        with pytest.raises(OutOfMemoryError) as caught:
            await bench.engine.alpha(scene())
        assert_plain(caught.value)
        bench.answer = usual
        return await bench.engine.alpha(scene())

    assert run(then_again()).shape == (4, 8)
