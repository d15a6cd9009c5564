"""The page's end of the engine: starts the worker, asks it things, passes its progress on, ends it."""

import asyncio

import js
from dom import document
from pyscript.ffi import create_proxy
from words import say


class EngineError(Exception):
    """What the engine refused or could not do: a stable name and a sentence."""

    def __init__(self, name, message):
        super().__init__(message)
        self.name = name
        self.message = message


class Engine:
    """One worker and the questions asked of it."""

    def __init__(self, script):
        """`script` is the worker's `<script>` element, which PyScript starts by itself."""
        self._script = script
        self._worker = None
        self._starting = None
        self._listeners = {}
        self._jobs = 0
        self._ended, self._end = _rejectable()
        self._on_progress = create_proxy(self._pass_on)

    async def start(self):
        """Have the worker up. However often it is asked, it starts once. Raises EngineError."""
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
        try:
            await self._starting
        except EngineError:
            self.stop()  # the next photo tries again with a fresh worker
            raise

    async def load(self, listener, model=None):
        """Load a model ahead of the first photo. Answers like `info`."""
        return await self._work("load", listener, model)

    async def remove(self, file, options=None, listener=None):
        """Cut out a Blob. Gives the worker's answer (`worker/main.py`); raises EngineError.

        `listener(stage, done, total)` is told of the progress.
        """
        return await self._work("remove", listener, file, options)

    async def work(self, question, *arguments, listener=None):
        """Ask for a piece of work that may tell its progress (`worker/main.py`). Gives the answer; raises EngineError."""
        return await self._work(question, listener, *arguments)

    async def info(self):
        """What runs, as a JavaScript object."""
        return await self.ask("info")

    async def keep(self, model, listener=None):
        """Have a model on the device for later."""
        return await self._work("model_keep", listener, model)

    async def ask(self, question, *arguments):
        """The worker's answer to one of its exports that needs no job (worker/main.py). Raises EngineError."""
        await self.start()
        return await self._ask(question, *arguments)

    def stop(self):
        """End the worker, which is the only way to give WebAssembly memory back. The next question starts a new one."""
        if self._worker is not None:
            self._worker.terminate()
        self._end(js.Error.new(say("error.EngineStoppedError")))
        self._ended, self._end = _rejectable()
        if self._script is not None:
            self._recipe = self._script.cloneNode(True)
            self._script.remove()
        self._script, self._worker, self._starting = None, None, None

    async def _start(self):
        if self._script is None:
            self._jobs += 1
            self._recipe.setAttribute("name", f"engine-{self._jobs}")  # PyScript wants a name of its own for each worker
            self._script = self._recipe
            document.body.append(self._script)
        while not hasattr(self._script, "xworker"):  # set once PyScript has seen the element
            await asyncio.sleep(0.01)
        try:
            self._worker = self._script.xworker
            self._worker.sync.progress = self._on_progress
            self._worker.sync.blocked = js.offcut.attempted
            await js.Promise.race([self._worker.ready, self._ended])
        except Exception as error:
            raise EngineError("EngineStartError", say("error.EngineStartError", detail=_gist(error)))
        await self._ask("start", js.URL.new("./", document.baseURI).href)

    async def _work(self, question, listener, *arguments):
        await self.start()
        self._jobs += 1
        job = self._jobs
        if listener:
            self._listeners[job] = listener
        try:
            return await self._ask(question, job, *arguments)
        finally:
            self._listeners.pop(job, None)

    async def _ask(self, question, *arguments):
        ended = self._ended
        try:
            asked = getattr(self._worker.sync, question)(*arguments)
            answer = await js.Promise.race([asked, ended])
        except Exception as error:
            if ended is not self._ended:
                raise EngineError("EngineStoppedError", say("error.EngineStoppedError"))
            self.stop()  # an error nobody foresaw may have left the worker broken
            raise EngineError("InternalError", say("error.InternalError", detail=_gist(error)))
        if hasattr(answer, "error"):
            raise EngineError(answer.error.name, answer.error.message)
        return answer

    def _pass_on(self, job, stage, done, total):
        listener = self._listeners.get(job)
        if listener:
            listener(stage, done, total)


def as_js_error(error):
    """The JavaScript `Error` of an exception, with its stable name."""
    result = js.Error.new(getattr(error, "message", str(error)))
    result.name = getattr(error, "name", "InternalError")
    return result


def _rejectable():
    """A JavaScript promise that is never kept, and the function that breaks it."""
    settle = []
    promise = js.Promise.new(create_proxy(lambda resolve, reject: settle.append(reject)))
    getattr(promise, "catch")(create_proxy(lambda error: None))  # breaking it unheard is no fault
    return promise, settle[0]


def _gist(error):
    """The last line of what a JavaScript error or a Python traceback says."""
    said = str(error.args[-1]) if error.args else type(error).__name__
    return [line for line in said.split("\n") if line.strip()][-1]
