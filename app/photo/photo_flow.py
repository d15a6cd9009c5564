"""The way of a photo through the page: it is cut out and shown, unless a newer one overtakes it."""

import asyncio

from core.bitmaps import close_bitmaps
from core.errors import internal_error
from core.log import log
from core.signals import Signal
from core.tasks import spawn
from core.worker_client import EngineError

CANCELLED = "PhotoCancelledError"
"""Name of the error that a photo is refused with when a person gives it up."""


class PhotoFlow:
    """One photo is on the page, and one may be on its way. Only the newest one may change the page."""

    def __init__(
        self,
        worker,
        queue,
        choice,
        max_pixels,
        make_file,
        may_reduce,
        first_look=lambda: None,
        drawn=lambda: asyncio.sleep(0),
    ) -> None:
        """
        Args:
            worker: the `WorkerClient`.
            queue: the `RequestQueue`; it is paused while a photo is opened.
            choice: coroutine function that returns the network and the backend to cut a photo out with.
            max_pixels: function that returns how many pixels a preview may have.
            make_file: function that makes a file of a blob and a name.
            may_reduce: coroutine function that returns whether a photo, of which the device has no memory for the
                whole, may be made smaller (`Reduction.may`).
            first_look: function that returns the look that a chosen photo begins with, or None.
            drawn: coroutine function that returns once what was changed on the page is seen.
        """
        self._worker, self._queue, self._first_look, self._drawn = worker, queue, first_look, drawn
        self._choice, self._max_pixels, self._make_file = choice, max_pixels, make_file
        self._may_reduce = may_reduce
        self._newest = 0  # counts the photos
        self._lock = asyncio.Lock()
        self._overtaken: tuple | None = (
            None  # response and file of the photo that the worker has open, if it was overtaken meanwhile
        )
        self._given_up = 0  # photos up to this one were cancelled
        self._is_asked = False  # the worker is opening a photo
        self._is_unsaved = False  # what was done to the photo on the page may be in the worker alone
        worker.work_reported.connect(self._on_work_reported)
        self.current = None
        """The file of the photo on the page, None while there is none."""

        self.coming = None
        """The file of the photo on its way, None while there is none."""

        self.coming_work = ""
        """The id of the saved work on its way, empty while there is none."""

        self.is_working = False
        """Whether a photo, or saved work, is on its way."""

        self.started = Signal()
        """Emitted with the file of a photo that was chosen, or None where saved work is restored."""

        self.progress = Signal()
        """Emitted with (stage, done, total, is_newest). Overtaken photos report progress, too."""

        self.shown = Signal()
        """Emitted with (response, name, reopen) when the page should show a photo. `await reopen()` opens the same file
        once more, for when the worker was stopped with the photo in it."""

        self.finished = Signal()
        """Emitted with (response, file) after a chosen photo was shown."""

        self.refused = Signal()
        """Emitted with the error of the newest photo. What was on the page before is there again."""

        self.closed = Signal()
        """Emitted when there is no photo on the page any more, nor one on its way."""

    def choose(self, file) -> None:
        """Start with a photo in the background."""
        look = self._first_look()
        spawn(self.take(file, {"look": look} if look else None))

    async def take(self, file, more=None) -> None:
        """Cut out a photo and show it; `more` are options besides, or instead of, network and backend."""
        ticket = self._begin(file)

        async def open_file():
            await self._ready(ticket)
            response = await self._open(file, self._reporter(ticket), more, False)
            if hasattr(response, "plan"):
                await self._ask_to_reduce(ticket, response.plan)
                response = await self._open(file, self._reporter(ticket), more)
            return response, file

        response = await self._bring(ticket, open_file, more)
        await self._drawn()
        if response is not None and ticket == self._newest:
            self.finished.emit(response, file)

    async def restore(self, work: str) -> bool:
        """Continue with saved work. Returns whether it is on the page now."""
        ticket = self._begin(None, work)

        async def open_work():
            await self._ready(ticket)
            response = await self._worker.restore_work(work, self._max_pixels(), on_progress=self._reporter(ticket))
            return response, self._make_file(response.file, response.name or "photo")

        return await self._bring(ticket, open_work) is not None

    @property
    def can_cancel(self) -> bool:
        """Whether the photo on its way can be given up without loss."""
        return self.is_working and not (self.current is not None and self._is_unsaved)

    def cancel(self) -> None:
        """Give up the photo on its way: what was on the page before is there again, at once.

        The worker does not look up from a network, so it is stopped where it has begun. The next one opens what is on
        the page when that is edited (`EditingSession.recover`).
        """
        if not self.can_cancel:
            return
        self._given_up = self._newest
        self._newest += 1
        self.coming, self.coming_work, self.is_working = None, "", False
        has_another = self._is_asked or self._overtaken is not None
        self._set_aside(None, None)
        if has_another:
            self._worker.stop()
        self.refused.emit(EngineError(CANCELLED, ""))

    def close(self) -> None:
        """Have no photo on the page."""
        self._newest += 1
        self.current, self.coming, self.coming_work, self.is_working = None, None, "", False
        self._set_aside(None, None)
        self.closed.emit()

    def _begin(self, file, work=""):
        self._newest += 1
        self.coming, self.coming_work, self.is_working = file, work, True
        self.started.emit(file)
        return self._newest

    def _reporter(self, ticket):
        def report(stage: str, done: float, total: float) -> None:
            self.progress.emit(stage, done, total, ticket == self._newest)

        return report

    async def _ready(self, ticket) -> None:
        """Wait until the worker runs. Raises EngineError where the photo was given up meanwhile."""
        if not self._worker.is_running and ticket > self._given_up:
            await self._worker.start()
        if ticket <= self._given_up:
            raise EngineError(CANCELLED, "")
        self._is_asked = True

    def _on_work_reported(self, key: str, name: str) -> None:
        if key in ("refused", "full"):
            self._is_unsaved = True

    async def _ask_to_reduce(self, ticket, plan) -> None:
        """Have a person decide whether a photo is made smaller. Raises EngineError where it is not opened."""
        self._is_asked = False  # the worker has nothing to do meanwhile
        is_wanted = ticket == self._newest and await self._may_reduce(plan)
        if not is_wanted or ticket != self._newest:
            raise EngineError(CANCELLED, "")
        await self._ready(ticket)

    async def _open(self, file, on_progress=None, more=None, may_reduce=True):
        model, backend = await self._choice()
        options = {"model": model, "backend": backend, "reduce": may_reduce}
        options.update(more or {})
        return await self._worker.open_photo(file, options, self._max_pixels(), on_progress=on_progress)

    async def _bring(self, ticket, open_it, more=None):
        """Have the worker open a photo, and show it if there is no newer one.

        One at a time, in the order of choosing: the worker would open first what is read sooner, and what it opens last
        is what is edited and saved. Returns the response, or None if it is not shown.
        """
        self._queue.pause()
        try:
            async with self._lock:
                await self._queue.wait_idle()
                try:
                    response, file = await open_it()
                finally:
                    self._is_asked = False
                if ticket <= self._given_up:  # the response was on its way already
                    close_bitmaps(response)
                    return None
                if ticket != self._newest:
                    self._set_aside(response, file)
                    return None
                self._show(response, file, more)
                return response
        except EngineError as error:
            if ticket == self._newest:
                self._refuse(error)
            return None
        except Exception as error:  # a bug; the page must not wait for this photo for ever
            log.error("A photo was not opened", cause=error)
            if ticket == self._newest:
                self._refuse(internal_error(error))
            return None
        finally:
            self._queue.resume()

    def _set_aside(self, response, file) -> None:
        if self._overtaken:
            close_bitmaps(self._overtaken[0])
        self._overtaken = (response, file) if response is not None else None

    def _show(self, response, file, more=None) -> None:
        if self._overtaken and self._overtaken[0] is not response:
            close_bitmaps(self._overtaken[0])
        self.current, self.coming, self.coming_work, self._overtaken = file, None, "", None
        self.is_working = False
        self.shown.emit(response, file.name, lambda: self._open(file, None, more))

    def _refuse(self, error) -> None:
        """The newest photo cannot be opened: return to the one that the worker has open, if that is not on the page."""
        self.coming, self.coming_work, self.is_working = None, "", False
        if self._overtaken:
            self._show(*self._overtaken)
        self.refused.emit(error)
