"""Requests to the worker about the open photo: sent one at a time; of those that replace each other only the last."""

import asyncio

from core.bitmaps import close_bitmaps
from core.log import log
from core.signals import Signal
from core.tasks import spawn
from core.worker_client import EngineError


class _Request:
    """A request that waits or was sent."""

    def __init__(self, call, arguments, on_success, on_error, low_priority: bool, quiet: bool) -> None:
        self.call, self.arguments = call, arguments
        self.on_success, self.on_error = on_success, on_error
        self.low_priority, self.quiet = low_priority, quiet
        self.is_cancelled = False
        self.report = None  # its listener for progress, by which the worker client knows it

    def fail(self) -> None:
        if self.on_error:
            self.on_error()


class RequestQueue:
    """A queue of calls of `WorkerClient`. The requests of a photo that is no longer on the page are dropped."""

    def __init__(self) -> None:
        self.activity_changed = Signal()
        """Emitted with whether a request is running that a person waits for."""

        self.progress = Signal()
        """Emitted with (stage, done, total) of the running request."""

        self.failed = Signal()
        """Emitted with the `EngineError` of a request that was refused."""

        self.cancelled = Signal()
        """Emitted when the running request was given up."""

        self.answered = Signal()
        """Emitted with (call, arguments, response) of a request of the photo on the page, before its callback."""

        self.idle_changed = Signal()
        """Emitted with `is_idle` when that changes."""

        self._waiting: list[_Request] = []
        self._running: _Request | None = None
        self._is_running = False
        self._pauses = 0
        self._photo = 0  # counts `cancel_all`: responses to requests of an earlier photo are dropped
        self._answered = asyncio.Event()
        self._answered.set()
        self._recover = None
        self._was_idle = True

    @property
    def is_idle(self) -> bool:
        """Whether nothing is running or waiting, and no other photo is being opened."""
        return not self._is_running and not self._pauses

    def recover_with(self, recover) -> None:
        """Set what is awaited when the worker was stopped with the photo in it.

        It returns whether the photo is open again.
        """
        self._recover = recover

    def submit(
        self,
        call,
        *arguments,
        on_success=None,
        on_error=None,
        low_priority: bool = False,
        quiet: bool = False,
        replaces=None,
    ) -> None:
        """Send a request in turn.

        Args:
            call: a bound method of `WorkerClient`.
            arguments: what it is called with.
            on_success: called with the response.
            on_error: called without arguments if the request was refused or dropped by `pause`.
            low_priority: whether the request is dropped when another photo comes. It is quiet, too.
            quiet: whether `activity_changed` ignores it, because no person waits for it.
            replaces: a call of which every waiting request is dropped.
        """
        self._waiting = [request for request in self._waiting if request.call != replaces]
        self._waiting.append(_Request(call, arguments, on_success, on_error, low_priority, quiet or low_priority))
        self._run()

    def submit_latest(self, call, *arguments, on_success=None, on_error=None, quiet: bool = False) -> None:
        """Like `submit`, in place of every waiting request with the same call."""
        self.submit(call, *arguments, on_success=on_success, on_error=on_error, quiet=quiet, replaces=call)

    def pause(self) -> None:
        """Send nothing more until `resume`, except what is waiting already.

        Called before another photo is opened, which must not get the requests meant for this one. Waiting requests of
        low priority are dropped.
        """
        self._pauses += 1
        dropped = [request for request in self._waiting if request.low_priority]
        self._waiting = [request for request in self._waiting if not request.low_priority]
        self._emit_idle()
        for request in dropped:
            request.fail()

    def resume(self) -> None:
        """Send again, once for each `pause`."""
        self._pauses -= 1
        if self._waiting:
            self._run()
        self._emit_idle()

    def cancel_all(self) -> None:
        """Drop all waiting requests, and the response to the running one."""
        self._waiting = []
        self._photo += 1

    def wait_for(self, call) -> None:
        """A person waits now for what was requested quietly."""
        for request in [self._running] + self._waiting:
            if request and request.call == call:
                request.quiet = False
        if self._running and self._running.call == call:
            self.activity_changed.emit(True)

    def cancel(self, worker) -> None:
        """Give up the running request, at once: its answer is not waited for. `worker` is the `WorkerClient`.

        What waits is sent afterwards.
        """
        request = self._running
        if request and not request.is_cancelled:
            request.is_cancelled = True
            self.activity_changed.emit(False)
            request.fail()
            worker.cancel(request.report)
            self.cancelled.emit()

    async def wait_idle(self) -> None:
        """Wait until every request that was sent or waits has its response."""
        while self._is_running:
            await self._answered.wait()

    def _run(self) -> None:
        if not self._is_running and not self._pauses:
            self._is_running = True
            self._answered.clear()
            self._emit_idle()
            spawn(self._work())

    async def _work(self) -> None:
        while self._waiting:
            request = self._running = self._waiting.pop(0)
            self.activity_changed.emit(not request.quiet)
            try:
                await self._process(request)
            except (
                Exception
            ) as error:  # any bug of the client or of a callback; the next requests are sent all the same
                log.error("A request failed", cause=error)
        self._running, self._is_running = None, False
        self._answered.set()
        self.activity_changed.emit(False)
        self._emit_idle()

    async def _process(self, request) -> None:
        photo = self._photo
        try:
            response = await self._send(request)
        except EngineError as error:
            if photo == self._photo and not request.is_cancelled:
                request.fail()
                self.failed.emit(error)
            return
        if photo != self._photo or request.is_cancelled:
            close_bitmaps(response)
            return
        self.answered.emit(request.call, request.arguments, response)
        if request.on_success:
            request.on_success(response)

    async def _send(self, request):
        def report(stage, done, total):
            if not request.is_cancelled:
                self.progress.emit(stage, done, total)

        request.report = report
        try:
            return await request.call(*request.arguments, on_progress=report)
        except EngineError as error:
            if error.name != "NothingOpenError" or self._recover is None or not await self._recover():
                raise
            if request.is_cancelled:
                raise
        return await request.call(*request.arguments, on_progress=report)

    def _emit_idle(self) -> None:
        if self.is_idle != self._was_idle:
            self._was_idle = self.is_idle
            self.idle_changed.emit(self._was_idle)
