"""When a GPU is used, and what happens when it should not have been."""

import asyncio
import dataclasses

import numpy as np
import pytest

from offcut.errors import InferenceError, OutOfMemoryError
from offcut.inference.gpu_fallback import (
    DIFFERS,
    FAILED,
    GpuCandidate,
    GpuState,
    Timeouts,
    ValidatedGpuSession,
    first_agreeing,
)
from offcut.inference.gpu_validation import OutputComparison, compare
from tests.unit.offcut.fakes import run

PHOTO = np.random.default_rng(7).standard_normal((1, 3, 24, 32)).astype(np.float32)
WEIGHT = np.random.default_rng(8).standard_normal((3,)).astype(np.float32)


class Filter:
    """A network in numpy: a weighted sum of the colours through a sigmoid. Moves the clock by what it takes."""

    threads = 2
    notices = ()

    def __init__(self, home, backend: str, takes: float) -> None:
        self.home, self.backend, self.takes = home, backend, takes
        self.error = 0.0  # added to the output
        self.raises: Exception | None = None
        self.hangs = False
        home.alive.append(backend)

    async def run(self, tensor: np.ndarray) -> np.ndarray:
        self.home.ran.append(self.backend)
        await asyncio.sleep(0)
        if self.hangs:
            await asyncio.Event().wait()
        if self.raises:
            raise self.raises
        self.home.time += self.takes
        output = 1 / (1 + np.exp(-np.einsum("nchw,c->nhw", tensor, WEIGHT)[:, None]))
        return (output + np.float32(self.error)).astype(np.float32)

    async def release(self) -> None:
        assert self.backend in self.home.alive, "released twice"
        self.home.alive.remove(self.backend)


class Home:
    """A device whose GPU takes a tenth of the time, and what it remembers."""

    def __init__(self) -> None:
        self.time = 0.0
        self.takes = 0.1
        self.ran: list[str] = []
        self.alive: list[str] = []
        self.kept: OutputComparison | None = None
        self.state = GpuState()
        self.exact = True
        self.busy = False
        self.changes = {}
        """Attributes of the GPU's sessions."""
        self.opening: Exception | None = None

    async def _open_cpu(self) -> Filter:
        return Filter(self, "wasm", 1.0)

    async def _open_gpu(self) -> Filter:
        if self.opening:
            raise self.opening
        session = Filter(self, "webgpu", self.takes)
        vars(session).update(self.changes)
        return session

    async def _recall(self) -> OutputComparison | None:
        return self.kept

    async def _remember(self, trial: OutputComparison) -> None:
        self.kept = trial

    async def open(self, forced: bool = False) -> ValidatedGpuSession:
        gpu = GpuCandidate(self._open_gpu, self._recall, self._remember, self.state, self.exact)
        timeouts = Timeouts(0, 0.05, lambda: self.time, lambda: self.busy)
        return await ValidatedGpuSession.open(self._open_cpu, gpu, forced, timeouts)


async def until_tried(home: Home) -> None:
    """Wait until the GPU has begun with the trial."""
    for _ in range(10_000):
        if "webgpu" in home.ran:
            return
        await asyncio.sleep(0)
    raise AssertionError("the trial never began")


async def rest() -> None:
    """Long enough for everything that is done when nothing is going on."""
    for _ in range(100):
        await asyncio.sleep(0)
    await asyncio.sleep(0.01)


def expected() -> np.ndarray:
    async def on_wasm():
        return await (await Home()._open_cpu()).run(PHOTO)

    return run(on_wasm())


def photos(home: Home, count: int, forced: bool = False) -> tuple[list[str], list[tuple], OutputComparison | None]:
    """Where so many photos ran, with a rest after each, and their notices. Every one must be right."""
    right = expected()

    async def visit():
        session = await home.open(forced)
        where, notices = [], []
        for _ in range(count):
            output = await session.run(PHOTO)
            assert np.abs(output - right).max() < 0.01, "the photo is wrong"
            where.append(session.backend)
            notices.append(session.notices)
            await rest()
        trial = session.comparison
        await session.release()
        await rest()
        assert home.alive == [], "something was not released"
        return where, notices, trial

    return run(visit())


def test_the_first_photo_runs_on_the_cpu_and_then_the_graphics_open_cpu_takes_over():
    home = Home()
    where, notices, trial = photos(home, 3)
    assert where == ["wasm", "webgpu", "webgpu"] and not any(notices)
    assert home.ran[0] == "wasm" and home.ran.count("wasm") == 1
    assert trial.agrees and trial.max == 0 and trial.overlap == 1
    assert (trial.seconds, trial.cpu_seconds) == (pytest.approx(0.1), pytest.approx(1))
    assert home.kept == trial


def test_what_was_found_is_remembered_for_the_next_visit():
    home = Home()
    photos(home, 1)
    home.ran.clear()
    home.state = GpuState()
    assert photos(home, 2)[0] == ["webgpu", "webgpu"]
    assert home.ran == ["webgpu", "webgpu"]  # no second comparison, and WebAssembly not even opened


def test_one_that_gives_other_results_is_not_used_now_or_later():
    home = Home()
    home.changes["error"] = 0.06
    where, notices, trial = photos(home, 2)
    assert where == ["wasm", "wasm"] and not any(notices)
    assert not trial.agrees and trial.max == pytest.approx(0.06, abs=1e-4)
    home.ran.clear()
    photos(home, 2)
    assert home.ran == ["wasm", "wasm"]


def test_one_that_is_slower_is_not_used_now_or_later():
    home = Home()
    home.takes = 0.9
    where, _, trial = photos(home, 2)
    assert where == ["wasm", "wasm"]
    assert trial.agrees and not trial.is_worthwhile
    home.ran.clear()
    photos(home, 2)
    assert home.ran == ["wasm", "wasm"]


def test_one_that_differs_only_as_an_8_bit_network_does_is_used():
    home = Home()
    home.changes["error"] = 0.008
    assert not photos(home, 2)[2].agrees  # the same file has no such excuse
    home = Home()
    home.exact = False
    home.changes["error"] = 0.008
    assert photos(home, 2)[0] == ["wasm", "webgpu"]


def test_a_photo_in_which_nothing_is_found_decides_nothing():
    home = Home()

    async def visit():
        session = await home.open()
        await session.run(np.full_like(PHOTO, 0.5))
        await rest()
        assert session.comparison is None and home.kept is None and home.alive == ["wasm"]
        await session.run(PHOTO)
        await rest()
        assert session.comparison.agrees and session.backend == "webgpu"

    run(visit())


@pytest.mark.parametrize(
    "failing",
    [
        {"raises": InferenceError("A valid external Instance reference no longer exists.")},
        {"raises": OutOfMemoryError("GPUOutOfMemoryError")},
        {"raises": RuntimeError("memory access out of bounds")},
        {"error": np.nan},
        {"hangs": True},
    ],
    ids=["device lost", "out of memory", "crashed", "no numbers", "no answer"],
)
@pytest.mark.parametrize("forced", [False, True])
def test_the_photo_during_which_it_fails_is_finished_by_the_cpu(failing, forced):
    home = Home()
    right = expected()

    async def visit():
        session = await home.open(forced)
        await session.run(PHOTO)
        await rest()
        assert session.backend == "webgpu"
        vars(session._gpu).update(failing)
        output = await session.run(PHOTO)
        assert np.array_equal(output, right)
        assert (session.backend, session.notices) == ("wasm", (FAILED,))
        home.ran.clear()
        await session.run(PHOTO)
        await rest()
        assert session.notices == () and home.ran == ["wasm"]
        await session.release()
        await rest()

        other = await home.open(forced)  # another network: the GPU is the same
        await other.run(PHOTO)
        await rest()
        assert home.ran == ["wasm", "wasm"] and home.state.failure

    run(visit())


@pytest.mark.parametrize("failing", [{"raises": InferenceError("Lost")}, {"error": np.inf}, {"hangs": True}])
def test_one_that_fails_its_trial_is_left_alone_for_the_visit_without_a_word(failing):
    home = Home()
    home.changes = failing
    right = expected()

    async def visit():
        session = await home.open()
        for _ in range(2):
            assert np.array_equal(await session.run(PHOTO), right)
            assert session.notices == ()
            await asyncio.sleep(0.12)  # longer than it is waited for
        assert home.ran == ["wasm", "webgpu", "wasm"]
        assert home.kept is None and home.state.failure

    run(visit())


def test_a_remembered_one_that_does_not_open_any_more_costs_the_photo_nothing():
    home = Home()
    photos(home, 1)
    home.opening = InferenceError("The runtime could not be loaded.")
    where, notices, _ = photos(home, 2)
    assert where == ["wasm", "wasm"] and notices == [(FAILED,), ()]


def test_a_person_can_have_a_slow_one_but_not_a_wrong_one():
    home = Home()
    home.takes = 5.0
    where, notices, trial = photos(home, 2, forced=True)
    assert where == ["webgpu", "webgpu"] and not any(notices)
    assert home.ran == ["wasm", "webgpu", "webgpu"] and trial.agrees

    home = Home()
    home.changes["error"] = 0.3
    where, notices, trial = photos(home, 2, forced=True)
    assert where == ["wasm", "wasm"] and notices == [(DIFFERS,), ()]
    assert photos(home, 1, forced=True)[1] == [(DIFFERS,)]


def test_that_a_person_had_it_says_nothing_about_its_speed():
    home = Home()
    photos(home, 1, forced=True)
    assert home.kept.agrees and home.kept.seconds is None
    assert photos(home, 2)[0] == ["wasm", "webgpu"]
    assert home.kept.seconds == pytest.approx(0.1)


def test_a_trial_waits_for_a_moment_without_work_and_measures_only_then():
    home = Home()

    async def visit():
        session = await home.open()
        home.busy = True
        await session.run(PHOTO)
        await rest()
        assert home.ran == ["wasm"]
        home.busy = False
        await rest()
        assert "webgpu" in home.ran and session.comparison.agrees

    run(visit())


def test_a_photo_during_a_trial_is_not_kept_waiting_by_it():
    home = Home()
    home.changes["hangs"] = True

    async def visit():
        session = await home.open()
        await session.run(PHOTO)
        await until_tried(home)
        await session.run(PHOTO)
        assert home.ran == ["wasm", "webgpu", "wasm"]
        await session.release()

    run(visit())


def test_a_session_released_during_its_trial_leaves_nothing_behind():
    home = Home()

    async def visit():
        session = await home.open()
        await session.run(PHOTO)
        await until_tried(home)
        await session.release()
        await rest()
        assert home.alive == []

    run(visit())


def output(value: float) -> np.ndarray:
    """A subject on the left of a picture, of that strength."""
    made = np.zeros((1, 1, 8, 8), np.float32)
    made[..., :2] = value
    return made


@pytest.mark.parametrize(
    ("known", "taken"),
    [
        ({}, "half"),
        ({"half": True}, "half"),
        ({"half": False}, "single"),
        ({"half": False, "single": False}, "single"),
    ],
)
def test_a_file_that_differed_before_is_passed_over(known, taken):
    async def recall(file):
        return OutputComparison(known[file], 0.001, 0.01, 1.0, 0.1, 1.0) if file in known else None

    assert run(first_agreeing(("half", "single"), recall)) == taken


def test_nothing_found_is_no_agreement_about_a_small_subject():
    small = np.zeros((1, 1, 100, 100), np.float32)
    small[..., :10, :10] = 1
    assert not compare(small, np.zeros_like(small), False, 1, 2).agrees
    assert compare(small, small, False, 1, 2).agrees


def test_what_is_wrong_in_one_place_is_wrong():
    wrong = output(1)
    wrong[..., 7, 7] = 0.2
    assert not compare(output(1), wrong, True, 1, 2).agrees


def test_another_shape_or_no_numbers_are_a_failure():
    with pytest.raises(InferenceError, match="shape"):
        compare(output(1), output(1)[..., :4], True, 1, 2)
    with pytest.raises(InferenceError, match="no number"):
        compare(output(1), output(np.inf), True, 1, 2)


def test_a_trial_survives_being_written_down():
    trial = compare(output(1), output(0.99), True, 0.5, 2)
    assert OutputComparison.read(trial.plain()) == trial
    assert OutputComparison.read({"agrees": True}) is None and OutputComparison.read("yes") is None


def test_an_even_time_is_no_gain():
    trial = compare(output(1), output(1), True, 1, 2)
    assert trial.is_worthwhile
    assert not dataclasses.replace(trial, seconds=1.7).is_worthwhile
    assert not dataclasses.replace(trial, seconds=None).is_worthwhile
