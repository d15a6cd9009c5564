"""What the device keeps of a batch: its list, and copies of its photos."""

import asyncio
from types import SimpleNamespace

from batch.batch import Batch
from batch.keeping import BatchKeeper
from core.tasks import spawn
from core.worker_client import EngineError

from tests.page.fakes import FakeWorker, answer, asynchronous, heard, photo, refuse, settle

LASTING = SimpleNamespace(is_lasting=True)


class Page:
    def __init__(self, *names: str, **answers) -> None:
        self.batch, self.worker = Batch(), FakeWorker(**answers)
        self.waits: list[float] = []
        self.keeper = BatchKeeper(self.batch, self.worker, self.sleep)
        self.refused = heard(self.keeper.refused)
        self.batch.begin("b1")
        self.batch.add([photo(name) for name in names])

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)

    @property
    def copied(self) -> list[int]:
        return [call.arguments[1] for call in self.worker.of("keep_photo")]


@asynchronous
async def test_photos_are_copied_one_after_the_other_and_those_that_come_later_too():
    page = Page("a.jpg", "b.jpg", keep_batch=None)
    await settle()
    assert page.copied == [1] and not page.batch.photos[0].is_kept
    await answer(page.worker.waiting("keep_photo"), LASTING)
    page.batch.add([photo("c.jpg")])
    await answer(page.worker.waiting("keep_photo"), LASTING)
    await answer(page.worker.waiting("keep_photo"), LASTING)
    assert page.copied == [1, 2, 3] and all(one.is_kept for one in page.batch.photos)


@asynchronous
async def test_the_list_is_written_after_changes_but_only_one_time_at_a_time():
    page = Page("a.jpg", keep_photo=LASTING)
    await settle()
    assert len(page.worker.of("keep_batch")) == 1
    for _ in range(5):
        page.batch.pause(not page.batch.is_paused)
    await settle()
    assert len(page.worker.of("keep_batch")) == 1
    await answer(page.worker.waiting("keep_batch"))
    calls = page.worker.of("keep_batch")
    assert len(calls) == 2 and calls[1].arguments == ("b1", page.batch.plain()) and page.batch.is_paused


@asynchronous
async def test_a_photo_that_cannot_be_read_does_not_keep_the_others_from_being_copied():
    page = Page("a.jpg", "b.jpg", keep_batch=None)
    await settle()
    await refuse(page.worker.waiting("keep_photo"), "UnreadableFileError")
    await answer(page.worker.waiting("keep_photo"), LASTING)
    assert page.copied == [1, 2] and page.refused == []


@asynchronous
async def test_where_nothing_can_be_kept_that_is_said_once():
    page = Page("a.jpg", "b.jpg", keep_batch=None, keep_photo=SimpleNamespace(is_lasting=False))
    await settle()
    assert page.refused == [(None,)] and page.copied == [1]
    page = Page("a.jpg", "b.jpg", keep_batch=None, keep_photo=EngineError("NoRoomError", "full"))
    await settle()
    assert [error.name for (error,) in page.refused] == ["NoRoomError"] and page.copied == [1]


@asynchronous
async def test_a_closed_batch_is_deleted_after_its_list_was_written():
    page = Page("a.jpg", keep_photo=LASTING, discard_batch=None)
    await settle()
    page.batch.begin("")
    spawn(page.keeper.discard("b1"))
    await settle()
    assert page.worker.of("discard_batch") == []
    await answer(page.worker.waiting("keep_batch"))
    assert page.worker.of("discard_batch")[0].arguments == ("b1",)
    assert len(page.worker.of("keep_batch")) == 1


@asynchronous
async def test_a_worker_that_was_stopped_keeps_no_photo_and_no_change_of_the_list_from_being_kept():
    page = Page("a.jpg", "b.jpg")
    await settle()
    await refuse(page.worker.waiting("keep_photo"), "EngineStoppedError")
    await refuse(page.worker.waiting("keep_batch"), "EngineStoppedError")
    for _ in range(2):
        await answer(page.worker.waiting("keep_photo"), LASTING)
    await answer(page.worker.waiting("keep_batch"))
    assert page.copied == [1, 1, 2] and page.refused == []
    assert all(one.is_kept for one in page.batch.photos)


@asynchronous
async def test_copying_gives_up_after_some_failures_and_goes_on_when_more_photos_come():
    page = Page("a.jpg", keep_batch=None)
    await settle()
    for _ in range(3):
        await refuse(page.worker.waiting("keep_photo"), "EngineDiedError")
    assert page.copied == [1, 1, 1]
    page.batch.add([photo("b.jpg")])
    await settle()
    assert page.copied == [1, 1, 1, 1] and page.refused == []
