"""Batches with a worker that answers when a test says so."""

from types import SimpleNamespace

from batch.batch import Batch
from batch.runner import BatchRunner
from core.signals import Signal

from tests.page.fakes import FakeWorker, answer, photo, settle


class Urls:
    """Addresses of files, and which of them are still held."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self._last = 0

    def create(self, blob) -> str:
        self._last += 1
        self.open.append(f"blob:{self._last}")
        return self.open[-1]

    def revoke(self, url: str) -> None:
        if url:
            self.open.remove(url)


def made(**more) -> SimpleNamespace:
    """The response of `process_photo`."""
    fields = {"width": 400, "height": 300, "bytes": 1234, "extension": "png", "is_unsure": False, "thumbnail": object()}
    fields |= {"model": "fast", "notices": [], "reduced_to": 0}
    return SimpleNamespace(**fields | more)


class Page:
    """A batch that is cut out."""

    def __init__(self, *names: str, **answers) -> None:
        self.worker, self.urls, self.batch = FakeWorker(**answers), Urls(), Batch()
        self.upgraded, self.model = Signal(), "fast"
        self.runner = BatchRunner(self.batch, self.worker, self, self.urls)
        self.batch.begin("b1")
        self.batch.add([photo(name) for name in names])

    async def use(self, process):
        """Every photo goes to the same network."""
        return await process(self.model, "auto")

    def is_outdated(self, model: str) -> bool:
        """Whether another one is there by now."""
        return model not in ("", self.model)

    @property
    def states(self) -> list[str]:
        return [one.state for one in self.batch.photos]

    @property
    def in_work(self) -> list[int]:
        """Numbers of the photos that the worker has."""
        return [call.arguments[1] for call in self.worker.of("process_photo") if not call.future.done()]

    def call(self, number: int):
        """The request for a photo that the worker has."""
        calls = self.worker.of("process_photo")
        return next(call for call in calls if call.arguments[1] == number and not call.future.done())

    async def answer(self, number: int, **more) -> None:
        await settle()
        await answer(self.call(number), made(**more))
