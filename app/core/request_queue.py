"""What the editor asks of the engine: one question after the other, and of questions that replace each other only the last."""

import asyncio

from core.bitmaps import close_bitmaps
from core.worker_client import EngineError

SPARE = "spare"
"""What a spare question is called."""


class RequestQueue:
    """A queue. RequestQueue of a photo that is no longer on the page are dropped."""

    def __init__(self, engine, on_busy, on_error, on_progress):
        """`on_busy(name)` is told what is being asked, None for nothing; `on_error(error)` what was refused,
        `on_progress(stage, done, total)` how far it is."""
        self._engine, self._on_busy, self._on_error, self._on_progress = engine, on_busy, on_error, on_progress
        self._waiting = []  # (question, arguments, then, otherwise, spare)
        self._is_running = False
        self._held = 0
        self._photo = None
        self.revive = None
        """Awaited where the worker was ended with the photo in it; gives whether it has the photo again."""

    @property
    def is_idle(self):
        """Whether nothing is asked or waiting."""
        return not self._is_running

    def ask(self, question, *arguments, then=None, otherwise=None, spare=False):
        """Ask in turn; `then(answer)` gets the answer, `otherwise()` is called where it was refused.

        Nobody waits for a `spare` one: it is dropped when another photo comes.
        """
        self._waiting.append((question, arguments, then, otherwise, spare))
        self._run()

    def ask_latest(self, question, *arguments, then=None, otherwise=None):
        """Like `ask`, in place of the same question that still waits."""
        self._waiting = [entry for entry in self._waiting if entry[0] != question]
        self.ask(question, *arguments, then=then, otherwise=otherwise)

    def hold(self):
        """Ask nothing until `go_on` but what waits already: another photo is about to be opened, once that is answered
        (`drained`), and must not get what is meant for this one. Spare questions that wait are dropped."""
        self._held += 1
        spares = [entry for entry in self._waiting if entry[4]]
        self._waiting = [entry for entry in self._waiting if not entry[4]]
        for question, arguments, then, otherwise, spare in spares:
            if otherwise:
                otherwise()

    def go_on(self):
        """Ask again, once for each `hold`."""
        self._held -= 1
        if self._waiting:
            self._run()

    def drop(self):
        """Forget what waits, and the answer to what is being asked."""
        self._waiting = []
        self._photo = object()

    def _run(self):
        if not self._is_running and not self._held:
            self._is_running = True
            asyncio.create_task(self._work())

    async def drained(self):
        """Wait until everything is answered."""
        while self._is_running:
            await asyncio.sleep(0.02)

    async def _work(self):
        try:
            await self._ask_all()
        finally:
            self._is_running = False
            self._on_busy(None)

    async def _ask_all(self):
        while self._waiting:
            question, arguments, then, otherwise, spare = self._waiting.pop(0)
            photo = self._photo
            self._on_busy(SPARE if spare else question)
            try:
                answer = await self._answer(question, arguments)
            except EngineError as error:
                if photo is self._photo:
                    if otherwise:
                        otherwise()
                    self._on_error(error)
                continue
            if photo is not self._photo:
                close_bitmaps(answer)
            elif then:
                then(answer)

    async def _answer(self, question, arguments):
        try:
            return await self._engine.work(question, *arguments, listener=self._on_progress)
        except EngineError as error:
            if error.name != "NothingOpenError" or not self.revive or not await self.revive():
                raise
        return await self._engine.work(question, *arguments, listener=self._on_progress)
