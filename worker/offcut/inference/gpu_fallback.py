"""A graphics processor is used for a network once it has agreed with WebAssembly about a photo, and only until it fails."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from offcut.inference.gpu_validation import OutputComparison, check_finite, compare
from offcut.inference.session import Session

T = TypeVar("T")

FAILED, DIFFERS = "gpu-failed", "gpu-differs"
"""Notices: it failed during this photo; it gives other results, so a person's wish for it is not followed."""

_MEASUREMENTS = 3


@dataclass
class GpuState:
    """What holds for all networks until the page is reloaded."""

    failure: str = ""
    """What went wrong on the graphics processor, if anything did: it is then left alone."""


@dataclass(frozen=True)
class GpuCandidate:
    """One network on the graphics processor of this device."""

    open: Callable[[], Awaitable[Session]]
    recall: Callable[[], Awaitable[OutputComparison | None]]
    """What was found before, of this network on this device."""

    remember: Callable[[OutputComparison], Awaitable[None]]
    visit: GpuState
    exact: bool
    """Whether WebAssembly computes the same up to rounding: the same file, or one that differs in its order of steps alone."""


@dataclass(frozen=True)
class Timeouts:
    """How long to wait for what."""

    pause: float = 2.0
    """Seconds without work before a trial begins."""

    limit: float = 60.0
    """Seconds after which a graphics processor that has not answered counts as failed."""

    now: Callable[[], float] = time.perf_counter
    is_busy: Callable[[], bool] = lambda: False
    """Whether a photo is being worked on."""


async def first_agreeing(offered: Sequence[T], recall: Callable[[T], Awaitable[OutputComparison | None]]) -> T:
    """The first of a network's files that was not found to give other results on this device; the last where all were.

    Args:
        offered: best first, at least one.
        recall: what was found before, of one of them.
    """
    for file in offered[:-1]:
        trial = await recall(file)
        if trial is None or trial.agrees:
            return file
    return offered[-1]


class ValidatedGpuSession:
    """A `Session` that begins on WebAssembly and moves to the graphics processor where that is as right and faster.

    The first photo runs on WebAssembly. When nothing is going on afterwards, the graphics processor runs the same tensor;
    if it agrees and is faster it is used from then on, and that is remembered. Whatever goes wrong on it at any time (an
    error, a lost device, no memory, no numbers, no answer), the photo at work goes on with WebAssembly, with one notice,
    and the graphics processor is left alone for the visit.
    """

    def __init__(
        self, processor: Callable[[], Awaitable[Session]], graphics: GpuCandidate, forced: bool, patience: Timeouts
    ) -> None:
        """Use `open`."""
        self.notices: tuple[str, ...] = ()
        self.trial: OutputComparison | None = None
        """What the comparison found, now or on an earlier visit."""

        self._open_processor = processor
        self._source = graphics
        self._forced = forced
        self._patience = patience
        self._processor: Session | None = None
        self._graphics: Session | None = None
        self._turn = asyncio.Lock()
        self._trying: asyncio.Task | None = None
        self._closing: asyncio.Task | None = None
        self._late: tuple[str, ...] = ()
        self._runs = 0
        self._released = False

    @classmethod
    async def open(
        cls,
        processor: Callable[[], Awaitable[Session]],
        graphics: GpuCandidate,
        forced: bool = False,
        patience: Timeouts = Timeouts(),
    ) -> "ValidatedGpuSession":
        """Open what the first photo needs.

        Args:
            processor: opens the session on WebAssembly, whenever it is needed.
            graphics: the same network on the graphics processor.
            forced: whether a person asked for the graphics processor: it must still agree, but may be slower, and is
                compared with WebAssembly at the first photo instead of after it.
            patience: how long to wait for what.
        """
        session = cls(processor, graphics, forced, patience)
        if not graphics.visit.failure:
            session.trial = await graphics.recall()
            if session._is_wanted:
                await session._have_graphics(notice=True)
        if forced and session.trial and not session.trial.agrees:
            session._late = (DIFFERS,)
        if not session._is_trusted:
            session._processor = await processor()
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
        return self._graphics if self._is_trusted or self._processor is None else self._processor

    @property
    def _is_wanted(self) -> bool:
        """Whether it is to be used or, by a person's wish, compared at the first photo."""
        if self.trial is None:
            return self._forced
        return self.trial.agrees if self._forced else self.trial.is_worthwhile

    @property
    def _is_trusted(self) -> bool:
        return self._graphics is not None and self.trial is not None and self._is_wanted

    async def run(self, tensor: np.ndarray) -> np.ndarray:
        async with self._turn:
            self._runs += 1
            self.notices, self._late = self._late, ()
            if self._is_trusted:
                try:
                    return await self._answered(self._graphics, tensor)
                except Exception as error:  # whatever it is, the photo goes on
                    self._fail(error)
                    self.notices = (FAILED,)
            if self._processor is None:
                self._processor = await self._open_processor()
            began = self._patience.now()
            output = await self._processor.run(tensor)
            took = self._patience.now() - began
            if self._forced and self._graphics is not None:
                return await self._compare_at_once(tensor, output, took)
            self._begin_trial(tensor, output, took)
            return output

    async def release(self) -> None:
        self._released = True
        async with self._turn:
            # A trial that is under way lets go of the graphics processor when it sees that.
            graphics = None if self._trying and not self._trying.done() else self._graphics
            for session in (self._processor, graphics):
                if session is not None:
                    await session.release()
            self._processor = None

    async def _compare_at_once(self, tensor: np.ndarray, reference: np.ndarray, took: float) -> np.ndarray:
        try:
            output = await self._answered(self._graphics, tensor)
            self.trial = compare(reference, output, self._source.exact, None, took)
        except Exception as error:
            self._fail(error)
            self.notices = (FAILED,)
            return reference
        if self.trial is None:
            return reference
        await self._source.remember(self.trial)
        if not self.trial.agrees:
            self.notices = (DIFFERS,)
            await self._drop_graphics()
            return reference
        await self._drop_processor()
        return output

    def _begin_trial(self, tensor: np.ndarray, reference: np.ndarray, took: float) -> None:
        known = self.trial is not None and (not self.trial.agrees or self.trial.seconds is not None)
        under_way = self._trying is not None and not self._trying.done()
        if self._forced or known or under_way or self._source.visit.failure:
            return
        self._trying = asyncio.create_task(self._try(tensor, reference, took))

    async def _try(self, tensor: np.ndarray, reference: np.ndarray, took: float) -> None:
        await asyncio.sleep(self._patience.pause)
        while self._patience.is_busy():
            await asyncio.sleep(self._patience.pause)
        if self._released or self._source.visit.failure or not await self._have_graphics():
            return
        trial = None
        try:
            output = await self._answered(self._graphics, tensor)  # slow: it compiles the shaders
            seconds = await self._measure(tensor)
            trial = compare(reference, output, self._source.exact, seconds, took)
        except Exception as error:
            self._fail(error)
            return
        async with self._turn:
            self.trial = trial
            if trial and (trial.seconds is not None or not trial.agrees):
                await self._source.remember(trial)
            if self._is_trusted and not self._released:
                await self._drop_processor()
            else:
                await self._drop_graphics()

    async def _measure(self, tensor: np.ndarray) -> float | None:
        """Seconds of a run during which nothing else went on; None where there was no such moment."""
        for _ in range(_MEASUREMENTS):
            runs, began = self._runs, self._patience.now()
            await self._answered(self._graphics, tensor)
            took = self._patience.now() - began
            if runs == self._runs and not self._patience.is_busy():
                return took
        return None

    async def _answered(self, session: Session, tensor: np.ndarray) -> np.ndarray:
        return check_finite(await asyncio.wait_for(session.run(tensor), self._patience.limit))

    async def _have_graphics(self, notice: bool = False) -> bool:
        try:
            self._graphics = await self._source.open()
        except Exception as error:
            self._fail(error)
            self._late = (FAILED,) if notice else ()
        return self._graphics is not None

    def _fail(self, error: Exception) -> None:
        self._source.visit.failure = str(error) or type(error).__name__
        failed, self._graphics = self._graphics, None
        if failed is not None:
            # Not waited for: what has failed may never answer again.
            self._closing = asyncio.create_task(_let_go(failed, self._patience.limit))

    async def _drop_processor(self) -> None:
        session, self._processor = self._processor, None
        if session is not None:
            await session.release()

    async def _drop_graphics(self) -> None:
        session, self._graphics = self._graphics, None
        if session is not None:
            await session.release()


async def _let_go(session: Session, limit: float) -> None:
    try:
        await asyncio.wait_for(session.release(), limit)
    except Exception:
        pass  # its memory goes with the worker
