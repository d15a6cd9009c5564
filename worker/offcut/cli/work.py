"""One photo of many: what a worker process, or a worker of a cluster, does with it, and what it tells about that."""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from offcut.cli.failures import CommandError
from offcut.cli.notices import explain
from offcut.cli.reading import read_photo
from offcut.cli.writing import place_file
from offcut.errors import OffcutError

if TYPE_CHECKING:
    from offcut.native import RemovalSession
    from offcut.request import Request

DONE = "done"
SKIPPED = "skipped"
FAILED = "failed"


@dataclass(frozen=True)
class Job:
    """One photo and the file that it becomes, both as paths that people can use; ``"-"`` for a standard stream."""

    photo: str
    output: str


@dataclass(frozen=True)
class Outcome:
    """What became of a photo."""

    job: Job
    status: str
    """`DONE`, `SKIPPED` or `FAILED`."""

    seconds: float = 0.0
    width: int = 0
    height: int = 0
    notices: tuple[str, ...] = ()
    """Ends of sentences that begin with the photo's name."""

    error: str = ""
    """A stable name, such as ``"NotAnImageError"``."""

    message: str = ""
    """A sentence for people, where it failed."""


@dataclass(frozen=True)
class Order:
    """What is made of every photo. Can be sent to another process."""

    request: Request
    models: str | None = None
    """Folder of the models; None for those of the machine."""

    threads: int = 1
    overwrite: bool = False

    def start(self) -> Cutter:
        """Load the model. Raises OffcutError."""
        from offcut.native import new_session

        model = self.request.options.model
        return Cutter(self, new_session(model, models=self.models, threads=self.threads))


class Cutter:
    """Cuts out one photo after the other with a model that is loaded once. It raises for none of them."""

    def __init__(self, order: Order, session: RemovalSession) -> None:
        """Use `Order.start`."""
        self._order = order
        self._session = session

    def __call__(self, job: Job) -> Outcome:
        """Cut out a photo and write the result, whole or not at all."""
        started = time.perf_counter()
        try:
            outcome = self._cut_out(job)
        except (OffcutError, CommandError) as error:
            outcome = Outcome(job, FAILED, error=type(error).__name__, message=str(error))
        except Exception as error:  # an error of ours in one photo must not cost the others; it is told whole
            message = f"An unexpected error, please report it:\n{traceback.format_exc().rstrip()}"
            outcome = Outcome(job, FAILED, error=type(error).__name__, message=message)
        return replace(outcome, seconds=round(time.perf_counter() - started, 3))

    def _cut_out(self, job: Job) -> Outcome:
        if not self._order.overwrite and Path(job.output).exists():  # another worker's, of an earlier try
            return Outcome(job, SKIPPED)
        request = replace(self._order.request, name=Path(job.photo).name)
        result = self._session.make(read_photo(job.photo), request)
        written = place_file(job.output, result.data, overwrite=self._order.overwrite)
        status = DONE if written else SKIPPED
        return Outcome(job, status, 0.0, result.width, result.height, tuple(explain(result.notices)))
