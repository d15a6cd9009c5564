"""Stand-ins for what the page's logic is given: a worker that answers on request, a clock that does not wait."""

import asyncio
import functools
from types import SimpleNamespace

from core.signals import Signal
from core.worker_client import EngineError


def asynchronous(test):
    """Run an asynchronous test."""

    @functools.wraps(test)
    def run(*arguments, **named):
        asyncio.run(test(*arguments, **named))

    return run


class FakeClock:
    """Time that passes when a test says so."""

    def __init__(self, seconds: float = 100.0) -> None:
        self.seconds = seconds

    def now(self) -> float:
        return self.seconds


class Call:
    """One request that the page has sent."""

    def __init__(self, name: str, arguments: tuple, on_progress) -> None:
        self.name, self.arguments, self.on_progress = name, arguments, on_progress
        self.future: asyncio.Future = asyncio.get_running_loop().create_future()


class FakeWorker:
    """Has every method of `WorkerClient`.

    A call is answered at once by `answers[name]`, a value or a function of the arguments (an exception is raised), or
    else when a test calls `answer` or `refuse`.
    """

    def __init__(self, **answers) -> None:
        self.answers = answers
        self.calls: list[Call] = []
        self.work_reported = Signal()
        self.is_running, self.has_ended = True, False
        self.stops = 0

    def __getattr__(self, name: str):
        if name.startswith("_"):
            raise AttributeError(name)
        method = _Method(self, name)
        self.__dict__[name] = method  # the same object each time, as a bound method is equal to itself
        return method

    def stop(self) -> None:
        """Every request that waits is refused, as by `WorkerClient.stop`."""
        self.stops += 1
        self.is_running = False
        for call in self.calls:
            if not call.future.done():
                call.future.set_exception(refusal("EngineStoppedError"))

    @property
    def names(self) -> list[str]:
        return [call.name for call in self.calls]

    def of(self, name: str) -> list[Call]:
        return [call for call in self.calls if call.name == name]

    def waiting(self, name: str) -> Call:
        """The oldest request of that name without an answer."""
        return next(call for call in self.of(name) if not call.future.done())


class _Method:
    def __init__(self, worker: FakeWorker, name: str) -> None:
        self.worker, self.name = worker, name

    async def __call__(self, *arguments, on_progress=None):
        call = Call(self.name, arguments, on_progress)
        self.worker.calls.append(call)
        if self.name in self.worker.answers:
            answer = self.worker.answers[self.name]
            if callable(answer):
                answer = answer(*arguments)
            if isinstance(answer, Exception):
                call.future.cancel()
                raise answer
            call.future.set_result(answer)
        return await call.future


async def answer(call: Call, response=None) -> None:
    """Answer a request, and let the page go on."""
    call.future.set_result(response)
    await settle()


async def refuse(call: Call, name: str) -> None:
    """Refuse a request, and let the page go on."""
    call.future.set_exception(refusal(name))
    await settle()


async def settle() -> None:
    """Let all tasks go on until each waits for something."""
    for _ in range(30):
        await asyncio.sleep(0)


def refusal(name: str) -> EngineError:
    return EngineError(name, f"The message of {name}.")


class Bitmap:
    """An `ImageBitmap`."""

    def __init__(self) -> None:
        self.width, self.height = 4, 3
        self.is_closed = False

    def close(self) -> None:
        self.is_closed = True


def photo(path: str) -> SimpleNamespace:
    """A file, chosen by itself or, where the path has one, in a folder."""
    return SimpleNamespace(name=path.rpartition("/")[2], webkitRelativePath=path if "/" in path else "")


def opened(model: str = "fast", infer: float = 1.0, backend: str = "wasm", **more) -> SimpleNamespace:
    """The response of `open_photo`."""
    fields = {
        "photo": Bitmap(),
        "alpha": Bitmap(),
        "cutout": Bitmap(),
        "width": 400,
        "height": 300,
        "model": model,
        "title": model.capitalize(),
        "backend": backend,
        "threads": 2,
        "notices": [],
        "seconds": SimpleNamespace(decode=0.1, infer=infer, compose=0.2),
    }
    return SimpleNamespace(**{**fields, **more})


def info(**more) -> SimpleNamespace:
    """The response of `info`."""
    fields = {
        "title": "Fast",
        "backend": "wasm",
        "threads": 4,
        "gpu": "",
        "low_memory": False,
        "max_pixels": 20_000_000,
        "storage_problem": "",
    }
    return SimpleNamespace(**{**fields, **more})


class FakeSelect:
    """A list to choose from."""

    def __init__(self, remembered: str | None = None) -> None:
        self.remembered, self.value, self.is_shown = remembered, None, None
        self.values: list[str] = []
        self.labels: list[str] = []
        self.changed = Signal()

    def offer(self, values, default, label, actions=None) -> None:
        self.actions = actions or {}
        self.values, self.labels = list(values), [label(value) for value in values]
        self.value = self.remembered if self.remembered in values else default

    def show(self, is_shown: bool) -> None:
        self.is_shown = is_shown

    def choose(self, value: str) -> None:
        self.value = value
        self.changed.emit()


class FakeNotice:
    """Notes what a person is shown and what is read out."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, str]] = []
        self.announced: list[str] = []
        self.action: tuple | None = None  # of the last toast: its label and callback
        self.again = None  # what the last error's button calls

    def error(self, text: str, error=None, again=None) -> None:
        self.shown.append(("error", text))
        self.again = again

    def info(self, text: str) -> None:
        self.shown.append(("info", text))

    def toast(self, text: str, action=None) -> None:
        self.shown.append(("toast", text))
        self.announced.append(text)
        self.action = action

    def drop_toast(self) -> None:
        self.shown.append(("toast", ""))
        self.action = None

    def announce(self, text: str) -> None:
        self.announced.append(text)

    def clear(self) -> None:
        self.shown.append(("clear", ""))


def heard(signal: Signal) -> list[tuple]:
    """A list that gets what a signal emits."""
    found: list[tuple] = []
    signal.connect(lambda *arguments: found.append(arguments))
    return found
