"""A Dask cluster in place of this machine's processes: `offcut p IN OUT --dask tcp://…`."""

import logging
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

from offcut import __version__
from offcut.cli.failures import CommandError
from offcut.cli.work import Cutter, Job, Order, Outcome

AHEAD = 4
"""Photos that each thread of the cluster has waiting, so that none is idle and the scheduler's list stays short."""

RETRIES = 2
"""Times that a photo is tried again after an error of the cluster. Photos of a worker that dies are moved anyway."""

CONNECT_S = 30
"""Seconds to wait for the scheduler, and then for its first worker."""


class Cluster:
    """Cuts out jobs on the workers of a cluster that is there. A context, which leaves the cluster as it was."""

    def __init__(self, address: str, order: Order, source: str, target: str) -> None:
        """Connect, and find out whether the workers can do it.

        Args:
            address: of the scheduler, such as ``tcp://host:8786``.
            order: what is made of every photo.
            source: folder of the photos, which every worker must see under this path.
            target: folder of the results, likewise.

        Raises:
            CommandError: there is no scheduler or no worker, or they lack the package or the folders.
        """
        try:
            import distributed
        except ModuleNotFoundError as error:
            raise CommandError("distributed is not installed. Run `pip install 'offcut[dask]'`.") from error
        # What goes wrong is raised as well, and told in a sentence.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        self._dask: Any = distributed  # much of it has no types
        try:
            self._client = self._dask.Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError) as error:  # ValueError: no such kind of address
            raise CommandError(
                f"There is no Dask scheduler at {address}: {error}. Start one with `dask scheduler`."
            ) from error
        self._order = order
        try:
            self._check(source, target)
        except BaseException:
            self._client.close()
            raise

    def __enter__(self) -> "Cluster":
        """Return the cluster."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Leave the cluster. Photos that wait there are forgotten."""
        self._client.close()

    def map(self, jobs: Iterator[Job]) -> Iterator[tuple[Job, Outcome | None]]:
        """Yield each job with what became of it, as they come; None where workers died over it.

        Raises:
            CommandError: the cluster has ended, or a worker cannot do it.
        """
        asked: dict[str, Job] = {}
        done = self._dask.as_completed(loop=self._client.loop)
        rest = iter(jobs)
        # Workers may come and go; those that are there now say how much is worth sending ahead.
        for _ in range(AHEAD * max(1, sum(self._client.nthreads().values()))):
            self._submit(rest, asked, done)
        for future in done:
            job = asked.pop(future.key)
            try:
                outcome = future.result()
            except self._dask.KilledWorker:
                outcome = None
            except Exception as error:  # whatever else happens on a worker, or to the cluster
                raise CommandError(f"The cluster could not go on: {type(error).__name__}: {error}") from error
            future.release()
            self._submit(rest, asked, done)
            yield job, outcome

    def _submit(self, rest: Iterator[Job], asked: dict[str, Job], done: Any) -> None:
        with suppress(StopIteration):
            job = next(rest)
            future = self._client.submit(cut_out, self._order, job, pure=False, retries=RETRIES)
            asked[future.key] = job
            done.add(future)

    def _check(self, source: str, target: str) -> None:
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_S)
        except (self._dask.TimeoutError, TimeoutError) as error:
            raise CommandError(
                f"The scheduler has no workers. Start some with `dask worker`, within {CONNECT_S} s."
            ) from error
        try:
            found = self._client.run(state, source, target)
        except Exception as error:  # as where the package is not there
            raise CommandError(
                f"The workers cannot run Offcut: {error}. Install offcut {__version__} on them."
            ) from error
        for worker, (version, sees_source, sees_target) in found.items():
            if version != __version__:
                raise CommandError(
                    f"The worker {worker} has offcut {version}, and here is {__version__}. Install the same."
                )
            if not (sees_source and sees_target):
                missing = target if sees_source else source
                raise CommandError(
                    f"The worker {worker} does not see the folder {missing}. Photos and results must lie in folders "
                    "that all workers have under the same path."
                )


_cutters: dict[Order, Cutter] = {}
_lock = threading.Lock()


def cut_out(order: Order, job: Job) -> Outcome:
    """Cut out a photo: what a worker does. It loads the model for the first one, and keeps it."""
    from distributed import get_worker

    with _lock:
        if order not in _cutters:
            threads: int = get_worker().state.nthreads
            _cutters.clear()  # another order's model would stay in memory
            _cutters[order] = replace(order, threads=threads).start()
    return _cutters[order](job)


def state(source: str, target: str) -> tuple[str, bool, bool]:
    """Return what a worker has: the version of the package, and whether it sees two folders."""
    return __version__, Path(source).is_dir(), Path(target).is_dir()
