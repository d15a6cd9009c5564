"""A worker that holds much more memory than the open photo needs is replaced while the page is idle."""

from types import SimpleNamespace

import pytest
from core.memory_return import SPARE_BYTES, MemoryReturn
from core.request_queue import RequestQueue
from core.timing import timing

from tests.page.fakes import FakeWorker, answer, asynchronous, settle


class Page:
    """A page whose worker has so many bytes to spare."""

    def __init__(self, spare: int, may_replace: bool = True) -> None:
        self.worker, self.queue = FakeWorker(spare_memory=SimpleNamespace(bytes=spare)), RequestQueue()
        self.worker.is_running = self.worker.is_idle = True
        self.may_replace = may_replace
        self.memory = MemoryReturn(self.worker, self.queue, lambda: self.may_replace)

    async def work(self) -> None:
        self.queue.submit(self.worker.undo)
        await settle()
        await answer(self.worker.waiting("undo"))
        await settle()


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(timing, "memory_pause", 0)


@asynchronous
async def test_the_worker_is_replaced_and_opens_the_photo_again():
    page = Page(SPARE_BYTES)
    await page.work()
    assert page.worker.stops == 1 and page.worker.names == ["undo", "spare_memory", "list_colours"]


@asynchronous
async def test_once_for_each_photo():
    page = Page(SPARE_BYTES)
    await page.work()
    await answer(page.worker.waiting("list_colours"))
    page.worker.is_running = True
    await page.work()
    assert page.worker.stops == 1
    page.memory.photo_shown()
    await page.work()
    assert page.worker.stops == 2


@asynchronous
@pytest.mark.parametrize(("spare", "may_replace"), [(SPARE_BYTES - 1, True), (2 * SPARE_BYTES, False)])
async def test_it_stays_where_little_is_spare_or_something_would_be_lost(spare, may_replace):
    page = Page(spare, may_replace)
    await page.work()
    assert page.worker.stops == 0


@asynchronous
async def test_it_stays_where_work_has_begun_meanwhile():
    page = Page(2 * SPARE_BYTES)
    page.queue.submit(page.worker.undo)
    await settle()
    page.worker.waiting("undo").future.set_result(None)
    page.queue.submit(page.worker.redo)
    await settle()
    assert page.worker.names == ["undo", "redo"] and page.worker.stops == 0
