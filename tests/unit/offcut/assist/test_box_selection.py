"""The network looks again at a part of the photo."""

import numpy as np
import pytest
from hypothesis import given, strategies
from PIL import Image

from offcut.assist import box_selection
from offcut.errors import HelpError, OutOfMemoryError
from tests.unit.offcut.fakes import Bench, run
from tests.unit.offcut.samples import assert_plain, examples, scene

PHOTO = np.asarray(scene(64, 48))
ALPHA = np.tile(np.arange(64, dtype=np.uint8) * 3, (48, 1))
BOX = (20, 12, 44, 36)


class Looker:
    """A network that takes everything for the subject, and notes what it was shown."""

    def __init__(self, value: float = 1.0) -> None:
        self.value = value
        self.seen: list[tuple[int, int]] = []

    async def __call__(self, image: Image.Image) -> np.ndarray:
        assert image.mode == "RGB"
        self.seen.append(image.size)
        return np.full((4, 8), self.value, np.float32)


def again(look=None, box=BOX, outside="keep", photo=PHOTO, alpha=ALPHA) -> np.ndarray:
    return run(box_selection.again(look or Looker(), photo, alpha, box, outside=outside))


def test_the_network_sees_the_box_with_a_margin_and_its_answer_is_taken_inside():
    look = Looker()
    found = again(look)
    assert look.seen == [(24 + 2 * 3, 24 + 2 * 3)]
    assert (found[12:36, 20:44] == 255).all()


def test_outside_the_margin_the_alpha_is_kept_and_there_is_no_seam():
    found = again().astype(int)
    assert np.array_equal(found[:, :16], ALPHA[:, :16]) and np.array_equal(found[:8], ALPHA[:8])
    steps = np.abs(np.diff(found[24]))
    assert steps.max() < 80  # in one step it would be some 190


def test_outside_can_be_cleared():
    found = again(outside="clear")
    assert (found[12:36, 20:44] == 255).all() and (found[:8] == 0).all() and (found[:, 48:] == 0).all()


def test_a_box_beyond_the_photo_is_cut_off_at_its_border():
    look = Looker()
    assert (again(look, (-50, -50, 500, 500)) == 255).all() and look.seen == [(64, 48)]


@examples(40)
@given(
    strategies.tuples(*[strategies.integers(-20, 80)] * 4),
    strategies.sampled_from(["keep", "clear"]),
    strategies.floats(0, 1),
)
def test_any_box_gives_an_alpha_or_a_sentence(box, outside, value):
    try:
        found = again(Looker(value), box, outside)
    except HelpError as error:
        assert_plain(error)
        left, top, right, bottom = np.clip(box, 0, (64, 48) * 2)
        assert right - left < box_selection.SMALLEST or bottom - top < box_selection.SMALLEST
    else:
        assert (found.dtype, found.shape) == (np.uint8, ALPHA.shape)
        assert np.array_equal(found, again(Looker(value), box, outside))


@pytest.mark.parametrize(
    "wrong",
    [
        {"box": (10, 10, 10, 30)},
        {"box": (30, 10, 10, 30)},
        {"box": (100, 100, 200, 200)},
        {"outside": "away"},
        {"alpha": ALPHA[1:]},
    ],
)
def test_what_cannot_be_used_is_refused_without_running_the_network(wrong):
    look = Looker()
    with pytest.raises(HelpError) as caught:
        again(look, **wrong)
    assert_plain(caught.value)
    assert look.seen == []


def test_the_engine_looks_with_the_network_it_has():
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
