"""A worker that holds much more memory than the open photo needs is replaced while the page is idle."""

import asyncio
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
        self.opened, self.idle = 0, asyncio.Event()
        self.idle.set()
        self.worker.wait_idle = self.idle.wait
        self.memory = MemoryReturn(self.worker, self.queue, lambda: self.may_replace, self.reopen)

    def reopen(self) -> None:
        self.opened += 1

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
    assert page.worker.stops == page.opened == 1 and page.worker.names == ["undo", "spare_memory"]


@asynchronous
async def test_once_for_each_photo():
    page = Page(SPARE_BYTES)
    await page.work()
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


@asynchronous
async def test_when_the_rest_of_a_batch_is_left_out_it_waits_for_what_is_still_in_work():
    page = Page(SPARE_BYTES)
    page.idle.clear()
    page.memory.batch_over()
    await settle()
    assert page.worker.stops == 0 and page.worker.names == []
    page.idle.set()
    await settle()
    assert page.worker.stops == page.opened == 1


@asynchronous
async def test_a_batch_that_is_over_has_it_looked_at_again_with_the_same_photo_open():
    page = Page(SPARE_BYTES)
    await page.work()
    page.worker.is_running = True
    page.memory.batch_over()
    await settle()
    assert page.worker.stops == 2
