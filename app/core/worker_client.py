"""The page's end of the engine: starts the worker, asks it things, passes its progress on, ends it."""

import asyncio

import js
from pyscript.ffi import create_proxy

from core.dom import document
from core.i18n import t

_IDLE = 300
"""Seconds without work after which the worker ends, unless `offcut.idle` says otherwise: it holds hundreds of megabytes."""

_LOOK = 5
"""Seconds between two looks at whether that time is over."""


class EngineError(Exception):
    """What the engine refused or could not do: a stable name and a sentence."""

    def __init__(self, name, message):
        super().__init__(message)
        self.name = name
        self.message = message


class WorkerClient:
    """One worker and the questions asked of it."""

    def __init__(self, script, may_end):
        """`script` is the worker's `<script>` element, which PyScript starts by itself.

        `may_end()` is asked before an idle worker is ended: whether nothing in it would be lost.
        """
        self._script = script
        self._worker = None
        self._starting = None
        self._listeners = {}
        self._sent = {}  # answers that came as messages, by their numbers
        self._jobs = 0
        self._asked = 0  # questions without an answer yet
        self._rested = 0  # when there was last one, in milliseconds of performance.now()
        self._ended, self._end = _rejectable()
        self._on_message = create_proxy(self._hear)
        self._may_end = may_end

    async def start(self):
        """Have the worker up. However often it is asked, it starts once. Raises EngineError."""
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
        starting = self._starting
        try:
            await starting
        except EngineError:
            if starting is self._starting:
                self.stop()  # the next photo tries again with a fresh worker
            raise

    async def ask(self, question, *arguments):
        """The worker's answer to one of its exports that needs no job (`worker/main.py`). Raises EngineError."""
        await self.start()
        return await self._ask(question, *arguments)

    async def work(self, question, *arguments, listener=None):
        """The answer to one that has a job, and may tell its progress to `listener(stage, done, total)`. Raises EngineError."""
        self._jobs += 1
        job = self._jobs
        if listener:
            self._listeners[job] = listener
        self._asked += 1  # from here on, so that a worker that has just come up is not taken for an idle one
        try:
            return await self.ask(question, job, *arguments)
        finally:
            self._asked -= 1
            self._listeners.pop(job, None)

    def stop(self):
        """End the worker, which is the only way to give WebAssembly memory back. The next question starts a new one."""
        if self._worker is not None:
            self._worker.terminate()
        self._end(js.Error.new(t("error.EngineStoppedError")))
        self._ended, self._end = _rejectable()
        if self._script is not None:
            self._recipe = self._script.cloneNode(True)
            self._script.remove()
        self._script, self._worker, self._starting = None, None, None
        self._sent.clear()

    async def _start(self):
        ended = self._ended
        if self._script is None:
            self._jobs += 1
            self._recipe.setAttribute(
                "name", f"engine-{self._jobs}"
            )  # PyScript wants a name of its own for each worker
            self._script = self._recipe
            document.body.append(self._script)
        while not hasattr(self._script, "xworker"):  # set once PyScript has seen the element
            await asyncio.sleep(0.01)
            self._check_not_stopped(ended)
        try:
            self._worker = self._script.xworker
            self._worker.addEventListener("message", self._on_message)
            await js.Promise.race([self._worker.ready, ended])
        except Exception as error:
            self._check_not_stopped(ended)
            raise EngineError("EngineStartError", t("error.EngineStartError", detail=_gist(error)))
        await self._ask("start", js.URL.new("./", document.baseURI).href, js.navigator.maxTouchPoints)
        asyncio.create_task(self._end_when_idle(self._worker))

    async def _ask(self, question, *arguments):
        ended = self._ended
        self._asked += 1
        try:
            asked = getattr(self._worker.sync, question)(*arguments)
            answer = await js.Promise.race([asked, ended])
            if hasattr(answer, "sent"):
                answer = await self._sent_as(answer.sent, ended)
        except Exception as error:
            self._check_not_stopped(ended)
            self.stop()  # an error nobody foresaw may have left the worker broken
            raise EngineError("InternalError", t("error.InternalError", detail=_gist(error)))
        finally:
            self._asked -= 1
            self._rested = js.performance.now()
        if hasattr(answer, "error"):
            raise EngineError(answer.error.name, answer.error.message)
        return answer

    def _check_not_stopped(self, ended):
        """Raise EngineError if the worker was ended since `ended` was the promise for that."""
        if ended is not self._ended:
            raise EngineError("EngineStoppedError", t("error.EngineStoppedError"))

    async def _sent_as(self, number, ended):
        """The answer that came, or is about to come, as a message: one may overtake the other. KeyError if the worker ends."""
        while number not in self._sent and ended is self._ended:
            await asyncio.sleep(0.001)
        return self._sent.pop(number)

    async def _end_when_idle(self, worker):
        """End this worker once nothing was asked of it for a while. The next question starts another."""
        while self._worker is worker:
            idle = getattr(js.offcut, "idle", _IDLE)
            left = idle - (js.performance.now() - self._rested) / 1000
            if idle and left <= 0 and not self._asked and self._may_end():
                self.stop()
                return
            await asyncio.sleep(min(left, _LOOK) if idle and left > 0 else _LOOK)

    def _hear(self, event):
        """What the worker sends of itself (`offcut.browser.rpc`)."""
        told = event.data
        if hasattr(told, "progress"):
            job, stage, done, total = told.progress
            listener = self._listeners.get(job)
            if listener:
                listener(stage, done, total)
        elif hasattr(told, "answer"):
            number, answer = told.answer
            self._sent[number] = answer
        elif hasattr(told, "blocked"):
            js.offcut.attempted(*told.blocked)


def as_js_error(error):
    """The JavaScript `Error` of an exception, with its stable name."""
    result = js.Error.new(getattr(error, "message", str(error)))
    result.name = getattr(error, "name", "InternalError")
    return result


def _rejectable():
    """A JavaScript promise that is never kept, and the function that breaks it."""
    settle = []
    promise = js.Promise.new(create_proxy(lambda resolve, reject: settle.append(reject)))
    promise.catch(create_proxy(lambda error: None))  # breaking it unheard is no fault
    return promise, settle[0]


def _gist(error):
    """The last line of what a JavaScript error or a Python traceback says."""
    said = str(error.args[-1]) if error.args else type(error).__name__
    return [line for line in said.split("\n") if line.strip()][-1]
