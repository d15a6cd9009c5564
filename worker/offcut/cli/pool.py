"""Worker processes, each with one item at a time, so that one that dies takes nothing with it but its item."""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar, cast

Item = TypeVar("Item")
Answer = TypeVar("Answer")

Start = Callable[[], Callable[[Item], Answer]]
"""Called once in each process; returns what is called with each item. Both are sent there by pickle."""

TRIES = 2
"""Processes that may die over an item before it counts as failed."""

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""Variables by which numpy's libraries learn how many threads to use."""

_STOP_S = 5.0
"""Seconds that a process has to end before it is killed."""


def processors() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on this platform
        return os.cpu_count() or 1


class Pool(Generic[Item, Answer]):
    """A number of processes. Used as a context, which ends them."""

    def __init__(self, start: Start[Item, Answer], workers: int, threads: int = 1) -> None:
        """Start no process before there is something to do.

        Args:
            start: makes each process ready.
            workers: how many processes.
            threads: how many each may compute with.
        """
        self._start = start
        self._workers = workers
        self._threads = threads
        self._idle: list[_Worker] = []
        self._busy: dict[Connection, tuple[_Worker, Item]] = {}

    def __enter__(self) -> "Pool[Item, Answer]":
        """Return the pool."""
        return self

    def __exit__(self, *error: object) -> None:
        """End all processes; what they are writing is removed."""
        workers = [*self._idle, *(worker for worker, _ in self._busy.values())]
        self._idle, self._busy = [], {}
        for worker in workers:
            worker.stop()
        for worker in workers:
            worker.join()

    def map(self, items: Iterator[Item]) -> Iterator[tuple[Item, Answer | None]]:
        """Yield each item with its answer, as they come; None where processes died over it (`TRIES`).

        Raises:
            Exception: what `start` raised in a process.
        """
        again: deque[Item] = deque()
        tries: dict[Item, int] = {}
        rest = iter(items)
        more = True
        while True:
            while more and len(self._busy) < self._workers:
                try:
                    self._give(next(rest))
                except StopIteration:
                    more = False
            if not more and not self._busy and again:
                self._give(again.popleft())  # alone: what killed a process may be that memory was short
            if not self._busy:
                return
            for ready in wait(list(self._busy)):
                worker, item = self._busy.pop(cast(Connection, ready))
                try:
                    answer = worker.answer()
                except EOFError:
                    worker.stop()
                    worker.join()
                    tries[item] = tries.get(item, 0) + 1
                    if tries[item] < TRIES:
                        again.append(item)
                    else:
                        yield item, None
                    continue
                self._idle.append(worker)
                yield item, answer

    def _give(self, item: Item) -> None:
        worker = self._idle.pop() if self._idle else _Worker(self._start, self._threads)
        self._busy[worker.connection] = worker, item
        with suppress(BrokenPipeError):  # it died meanwhile, which is noticed when its answer is read
            worker.connection.send(item)


class _Worker:
    """A process and the pipe to it."""

    def __init__(self, start: Callable[[], Callable[[Any], Any]], threads: int) -> None:
        context = get_context("spawn")  # a fork would inherit onnxruntime's threads, which do not survive it
        self.connection, theirs = context.Pipe()
        before = {name: os.environ.get(name) for name in THREADS}
        os.environ.update(dict.fromkeys(THREADS, str(threads)))
        try:
            self._process = context.Process(target=_work, args=(theirs, start), daemon=True)
            self._process.start()
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
        theirs.close()

    def answer(self) -> Any:
        """Return the answer. Raises EOFError where the process died, and what `start` raised there."""
        try:
            answer = self.connection.recv()
        except ConnectionResetError as error:
            raise EOFError from error
        if isinstance(answer, _Unready):
            raise answer.error
        return answer

    def stop(self) -> None:
        """Ask the process to end."""
        self.connection.close()
        self._process.terminate()

    def join(self) -> None:
        """Wait until it has."""
        self._process.join(_STOP_S)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join()


class _Unready:
    """Instead of an answer: the process could not be made ready."""

    def __init__(self, error: Exception) -> None:
        self.error = error


def _work(connection: Connection, start: Callable[[], Callable[[Any], Any]]) -> None:
    """Answer items until the pipe ends: what a process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches all; the first process ends the others
    signal.signal(signal.SIGTERM, _end)
    try:
        try:
            work = start()
        except Exception as error:  # whatever it is, the first process tells it
            connection.recv()
            connection.send(_Unready(error))
            return
        while True:
            connection.send(work(connection.recv()))
    except (EOFError, OSError):  # the first process has ended
        return


def _end(number: int, frame: object) -> None:
    """Unwind, so that a temporary file is removed. What asyncio says of tasks that this ends interests nobody."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    raise SystemExit(128 + number)
