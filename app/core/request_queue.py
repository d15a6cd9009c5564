"""The editor's requests to the worker: one after the other, and of those that replace each other only the last."""

import asyncio

from core.bitmaps import close_bitmaps
from core.worker_client import EngineError


class RequestQueue:
    """A queue of calls of `WorkerClient`. Those of a photo that is no longer on the page are dropped."""

    def __init__(self, on_busy, on_error, on_progress):
        """`on_busy(is_busy, is_quiet)` is called with each request and, with False, after the last; `on_error(error)` with
        what was refused, `on_progress(stage, done, total)` with how far a request is."""
        self._on_busy, self._on_error, self._on_progress = on_busy, on_error, on_progress
        self._waiting = []  # (call, arguments, on_success, on_error, low_priority, quiet)
        self._is_running = False
        self._pauses = 0
        self._photo = None
        self.recover = None
        """Awaited where the worker was stopped with the photo in it; returns whether it has the photo again."""

    @property
    def is_idle(self):
        """Whether nothing is requested or waiting."""
        return not self._is_running

    def submit(self, call, *arguments, on_success=None, on_error=None, low_priority=False, quiet=False):
        """Send a request in turn: `call` is a method of `WorkerClient`.

        `on_success(answer)` is called with its answer, `on_error()` where it was refused. One of low priority is dropped when
        another photo comes; the activity line does not show a quiet one.
        """
        self._waiting.append((call, arguments, on_success, on_error, low_priority, quiet))
        self._run()

    def submit_latest(self, call, *arguments, on_success=None, on_error=None, quiet=False):
        """Like `submit`, in place of the same call that still waits."""
        self._waiting = [entry for entry in self._waiting if entry[0] != call]
        self.submit(call, *arguments, on_success=on_success, on_error=on_error, quiet=quiet)

    def pause(self):
        """Send nothing until `resume` but what waits already: another photo is about to be opened, once that is answered
        (`wait_idle`), and must not get what is meant for this one. Requests of low priority that wait are dropped."""
        self._pauses += 1
        dropped = [entry for entry in self._waiting if entry[4]]
        self._waiting = [entry for entry in self._waiting if not entry[4]]
        for entry in dropped:
            if entry[3]:
                entry[3]()

    def resume(self):
        """Send again, once for each `pause`."""
        self._pauses -= 1
        if self._waiting:
            self._run()

    def cancel_all(self):
        """Drop what waits, and the answer to what was sent."""
        self._waiting = []
        self._photo = object()

    async def wait_idle(self):
        """Wait until everything is answered."""
        while self._is_running:
            await asyncio.sleep(0.02)

    def _run(self):
        if not self._is_running and not self._pauses:
            self._is_running = True
            asyncio.create_task(self._work())

    async def _work(self):
        try:
            await self._send_all()
        finally:
            self._is_running = False
            self._on_busy(False)

    async def _send_all(self):
        while self._waiting:
            call, arguments, on_success, on_error, low_priority, quiet = self._waiting.pop(0)
            photo = self._photo
            self._on_busy(True, quiet)
            try:
                answer = await self._send(call, arguments)
            except EngineError as error:
                if photo is self._photo:
                    if on_error:
                        on_error()
                    self._on_error(error)
                continue
            if photo is not self._photo:
                close_bitmaps(answer)
            elif on_success:
                on_success(answer)

    async def _send(self, call, arguments):
        try:
            return await call(*arguments, on_progress=self._on_progress)
        except EngineError as error:
            if error.name != "NothingOpenError" or not self.recover or not await self.recover():
                raise
        return await call(*arguments, on_progress=self._on_progress)
