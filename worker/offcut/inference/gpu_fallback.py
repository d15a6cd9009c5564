"""Running a network on the GPU once its output was validated against the CPU's, and falling back when the GPU fails.

The CPU runs WebAssembly in the browser.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from offcut.errors import InferenceError
from offcut.inference.gpu_validation import OutputComparison, check_finite, compare
from offcut.inference.session import Session

T = TypeVar("T")

FAILED, DIFFERS = "gpu-failed", "gpu-differs"
"""Notices. `FAILED`: the GPU failed during this photo. `DIFFERS`: its results differ from the CPU's, so the user's
choice of the GPU is ignored."""

_MEASUREMENTS = 3


@dataclass
class GpuState:
    """State of the GPU for all networks, until the page is reloaded."""

    failure: str = ""
    """What went wrong on the GPU, if anything did: it is not used again then."""


@dataclass(frozen=True)
class GpuCandidate:
    """One network on this device's GPU."""

    open: Callable[[], Awaitable[Session]]
    recall: Callable[[], Awaitable[OutputComparison | None]]
    """Returns a stored comparison of this network on this device."""

    remember: Callable[[OutputComparison], Awaitable[None]]
    state: GpuState
    exact: bool
    """Whether the CPU computes the same up to rounding: the same file, or one with only the order of steps changed."""


@dataclass(frozen=True)
class Timeouts:
    """How long to wait, and the clock to measure with."""

    idle: float = 2.0
    """Seconds without work before the GPU is validated."""

    run: float = 60.0
    """Seconds after which a run on the GPU counts as failed."""

    now: Callable[[], float] = time.perf_counter
    is_busy: Callable[[], bool] = lambda: False
    """Whether a photo is being worked on."""


DEFAULT_TIMEOUTS = Timeouts()


async def first_agreeing(files: Sequence[T], recall: Callable[[T], Awaitable[OutputComparison | None]]) -> T:
    """Return the first of a network's files that is not known to differ on this device; the last where all do.

    Args:
        files: best first, at least one.
        recall: returns a stored comparison of a file.
    """
    for file in files[:-1]:
        comparison = await recall(file)
        if comparison is None or comparison.agrees:
            return file
    return files[-1]


class ValidatedGpuSession:
    """A `Session` that starts on the CPU and moves to the GPU where the GPU is as accurate and faster.

    The first photo runs on the CPU. When the engine is idle afterwards, the GPU runs the same tensor; if it agrees and
    is faster it is used from then on, and the comparison is stored. Whatever goes wrong on the GPU at any time (an
    error, a lost device, no memory, NaN, a timeout), the current photo continues on the CPU, with one notice, and the
    GPU is not used again until the page is reloaded.
    """

    def __init__(
        self, open_cpu: Callable[[], Awaitable[Session]], gpu: GpuCandidate, forced: bool, timeouts: Timeouts
    ) -> None:
        """Use `open`."""
        self.notices: tuple[str, ...] = ()
        self.comparison: OutputComparison | None = None
        """The comparison of GPU and CPU, made now or on an earlier visit."""

        self._open_cpu = open_cpu
        self._candidate = gpu
        self._forced = forced
        self._timeouts = timeouts
        self._cpu: Session | None = None
        self._gpu: Session | None = None
        self._lock = asyncio.Lock()
        self._validation: asyncio.Task[None] | None = None
        self._release_task: asyncio.Task[None] | None = None
        self._next_notices: tuple[str, ...] = ()
        self._runs = 0
        self._released = False

    @classmethod
    async def open(
        cls,
        open_cpu: Callable[[], Awaitable[Session]],
        gpu: GpuCandidate,
        forced: bool = False,
        timeouts: Timeouts = DEFAULT_TIMEOUTS,
    ) -> "ValidatedGpuSession":
        """Open the sessions that the first photo needs.

        Args:
            open_cpu: opens the session on the CPU, when it is needed.
            gpu: the same network on the GPU.
            forced: whether the user chose the GPU: it must still agree, but may be slower, and is validated with the
                first photo instead of after it.
            timeouts: how long to wait.
        """
        session = cls(open_cpu, gpu, forced, timeouts)
        if not gpu.state.failure:
            session.comparison = await gpu.recall()
            if session._wants_gpu:
                await session._open_gpu(notice=True)
        if forced and session.comparison and not session.comparison.agrees:
            session._next_notices = (DIFFERS,)
        if session._validated_gpu is None:
            session._cpu = await open_cpu()
        return session

    @property
    def backend(self) -> str:
        """Where the last run was, or where the first will be."""
        return self._current.backend

    @property
    def threads(self) -> int:
        """How many threads that computes with."""
        return self._current.threads

    @property
    def _current(self) -> Session:
        current = self._validated_gpu or self._cpu or self._gpu
        if current is None:
            raise InferenceError("The model was released. Open the photo again.")
        return current

    @property
    def _wants_gpu(self) -> bool:
        """Whether the GPU is to be used or, by the user's choice, validated with the first photo."""
        if self.comparison is None:
            return self._forced
        return self.comparison.agrees if self._forced else self.comparison.is_worthwhile

    @property
    def _validated_gpu(self) -> Session | None:
        """The session on the GPU where it was validated and is to be used."""
        return self._gpu if self.comparison is not None and self._wants_gpu else None

    async def run(self, tensor: np.ndarray) -> np.ndarray:
        async with self._lock:
            self._runs += 1
            self.notices, self._next_notices = self._next_notices, ()
            if gpu := self._validated_gpu:
                try:
                    return await self._run_checked(gpu, tensor)
                except Exception as error:  # whatever it is, the photo continues on the CPU
                    self._fail(error)
                    self.notices = (FAILED,)
            if self._cpu is None:
                self._cpu = await self._open_cpu()
            start = self._timeouts.now()
            output = await self._cpu.run(tensor)
            cpu_seconds = self._timeouts.now() - start
            if self._forced and self._gpu is not None:
                return await self._validate_now(self._gpu, tensor, output, cpu_seconds)
            self._start_validation(tensor, output, cpu_seconds)
            return output

    async def release(self) -> None:
        self._released = True
        async with self._lock:
            # A validation that is running releases the GPU itself when it sees that.
            gpu = None if self._validation and not self._validation.done() else self._gpu
            for session in (self._cpu, gpu):
                if session is not None:
                    await session.release()
            self._cpu = None

    async def _validate_now(
        self, gpu: Session, tensor: np.ndarray, reference: np.ndarray, cpu_seconds: float
    ) -> np.ndarray:
        """Validate the GPU with the current photo. Returns the output to use."""
        try:
            output = await self._run_checked(gpu, tensor)
            self.comparison = compare(reference, output, self._candidate.exact, None, cpu_seconds)
        except Exception as error:  # whatever it is, the photo continues on the CPU
            self._fail(error)
            self.notices = (FAILED,)
            return reference
        if self.comparison is None:
            return reference
        await self._candidate.remember(self.comparison)
        if not self.comparison.agrees:
            self.notices = (DIFFERS,)
            await self._release_gpu()
            return reference
        await self._release_cpu()
        return output

    def _start_validation(self, tensor: np.ndarray, reference: np.ndarray, cpu_seconds: float) -> None:
        is_known = self.comparison is not None and (not self.comparison.agrees or self.comparison.seconds is not None)
        is_running = self._validation is not None and not self._validation.done()
        if self._forced or is_known or is_running or self._candidate.state.failure:
            return
        self._validation = asyncio.create_task(self._validate(tensor, reference, cpu_seconds))

    async def _validate(self, tensor: np.ndarray, reference: np.ndarray, cpu_seconds: float) -> None:
        """Validate the GPU when the engine is idle."""
        await asyncio.sleep(self._timeouts.idle)
        while self._timeouts.is_busy():  # noqa: ASYNC110 (`is_busy` has no event, and validation may be late)
            await asyncio.sleep(self._timeouts.idle)
        if self._released or self._candidate.state.failure:
            return
        gpu = await self._open_gpu()
        if gpu is None:
            return
        comparison = None
        try:
            output = await self._run_checked(gpu, tensor)  # slow: it compiles the shaders
            seconds = await self._measure(gpu, tensor)
            comparison = compare(reference, output, self._candidate.exact, seconds, cpu_seconds)
        except Exception as error:  # whatever it is, photos continue on the CPU
            self._fail(error)
            return
        async with self._lock:
            self.comparison = comparison
            if comparison and (comparison.seconds is not None or not comparison.agrees):
                await self._candidate.remember(comparison)
            if self._validated_gpu and not self._released:
                await self._release_cpu()
            else:
                await self._release_gpu()

    async def _measure(self, gpu: Session, tensor: np.ndarray) -> float | None:
        """Measure a run while nothing else is running, in seconds; None where something always was."""
        for _ in range(_MEASUREMENTS):
            runs, start = self._runs, self._timeouts.now()
            await self._run_checked(gpu, tensor)
            seconds = self._timeouts.now() - start
            if runs == self._runs and not self._timeouts.is_busy():
                return seconds
        return None

    async def _run_checked(self, gpu: Session, tensor: np.ndarray) -> np.ndarray:
        """Run on the GPU. Raises TimeoutError, InferenceError for NaN, and whatever the session raises."""
        return check_finite(await asyncio.wait_for(gpu.run(tensor), self._timeouts.run))

    async def _open_gpu(self, notice: bool = False) -> Session | None:
        """Open the session on the GPU; None, with a notice for the next photo where asked, where that fails."""
        try:
            self._gpu = await self._candidate.open()
        except Exception as error:  # whatever it is, photos run on the CPU
            self._fail(error)
            self._next_notices = (FAILED,) if notice else ()
        return self._gpu

    def _fail(self, error: Exception) -> None:
        self._candidate.state.failure = str(error) or type(error).__name__
        failed, self._gpu = self._gpu, None
        if failed is not None:
            # Not awaited: a GPU that has failed may never respond.
            self._release_task = asyncio.create_task(_release_ignoring_errors(failed, self._timeouts.run))

    async def _release_cpu(self) -> None:
        session, self._cpu = self._cpu, None
        if session is not None:
            await session.release()

    async def _release_gpu(self) -> None:
        session, self._gpu = self._gpu, None
        if session is not None:
            await session.release()


async def _release_ignoring_errors(session: Session, seconds: float) -> None:
    with suppress(Exception):  # its memory goes with the worker
        await asyncio.wait_for(session.release(), seconds)
