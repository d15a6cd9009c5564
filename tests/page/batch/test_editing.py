"""A photo of a batch in the editor, and its way back into the list."""

from types import SimpleNamespace

from batch.batch import Batch
from batch.editing import BatchEditing
from batch.runner import BatchRunner
from core.request_queue import RequestQueue
from core.signals import Signal
from core.tasks import spawn
from photo.photo_flow import PhotoFlow

from tests.page.batch.samples import Urls, made
from tests.page.fakes import FakeWorker, answer, asynchronous, heard, opened, photo, refusal, refuse, settle


class Page:
    """A batch of two photos that are done, and what belongs to the editor."""

    def __init__(self, chosen: str | None = "best", **answers) -> None:
        self.worker, self.urls, self.batch = FakeWorker(**answers), Urls(), Batch()
        self.chosen, self.upgraded = chosen, Signal()
        self.runner = BatchRunner(self.batch, self.worker, self, self.urls)
        self.flow = PhotoFlow(self.worker, RequestQueue(), self.choice, lambda: 1000, self.make_file, None)
        self.editor = SimpleNamespace(work="w1", has_steps=False, has_edits=False, settled=settle)
        self.editing = BatchEditing(
            self.batch, self.runner, self, self.flow, self.editor, self.worker, self.urls, self.make_file
        )
        self.failed = heard(self.editing.failed)
        self.batch.begin("b1")
        self.batch.pause(True)
        self.batch.add([photo("a.jpg"), photo("b.jpg")])
        for one in self.batch.photos:
            result = {"width": 4, "height": 3, "bytes": 9, "extension": "png"}
            self.batch.finish(one, self.batch.start(one), result, self.urls.create(one))
        self.first = self.batch.photos[0]

    async def choice(self):
        return "fast", "auto"

    def is_outdated(self, model: str) -> bool:
        return False

    def make_file(self, blob, name):
        return SimpleNamespace(blob=blob, name=name)

    async def open(self, response=None) -> None:
        spawn(self.editing.open(self.first))
        await settle()
        await answer(self.worker.waiting("open_photo"), response or opened())


@asynchronous
async def test_a_photo_is_opened_with_the_look_and_the_network_of_the_batch_which_waits_meanwhile():
    page = Page()
    await page.open()
    file, options, _ = page.worker.of("open_photo")[0].arguments
    assert file is page.first.file and options == {
        "model": "best",
        "backend": "auto",
        "look": page.batch.look,
        "reduce": True,
    }
    assert page.editing.photo is page.first and page.runner.is_held
    await page.editing.back()
    assert page.editing.photo is None and not page.runner.is_held and page.flow.current is None
    assert page.worker.of("return_photo") == [] and not page.first.is_edited  # nothing was done to it


@asynchronous
async def test_what_was_done_to_it_is_its_result_afterwards():
    page = Page()
    page.batch.look = dict(page.batch.look, format="jpeg", quality=80)
    await page.open()
    page.editor.has_steps = page.editor.has_edits = True
    spawn(page.editing.back())
    await settle()
    await settle()
    call = page.worker.waiting("return_photo")
    assert call.arguments == ("b1", 1, {"format": "jpeg", "quality": 80}) and page.editing.photo is page.first
    await answer(call, made(bytes=77))
    assert page.first.result["bytes"] == 77 and page.first.is_edited and page.first.work == "w1"
    assert page.editing.photo is None and len(page.urls.open) == 2


@asynchronous
async def test_a_finer_result_alone_is_taken_but_counts_as_no_edit():
    page = Page(return_photo=made(bytes=77))
    await page.open()
    page.editor.has_steps = True
    await page.editing.back()
    assert page.first.result["bytes"] == 77 and not page.first.is_edited


@asynchronous
async def test_an_edited_photo_is_opened_with_everything_that_was_done_to_it():
    page = Page(restore_work=opened(name="a.jpg", file=None, work="w1"))
    page.first.work = "w1"
    await page.editing.open(page.first)
    assert page.worker.of("open_photo") == [] and page.editing.photo is page.first and page.runner.is_held


@asynchronous
async def test_where_its_work_is_gone_it_is_opened_anew():
    page = Page(restore_work=refusal("WorkDamagedError"))
    page.first.work = "w1"
    await page.open()
    assert page.editing.photo is page.first and page.runner.is_held and len(page.worker.of("open_photo")) == 1


@asynchronous
async def test_after_a_reload_the_copy_of_the_photo_is_opened():
    page = Page(photo_file=SimpleNamespace(file="copy"))
    page.first.file = None
    await page.open()
    file = page.worker.of("open_photo")[0].arguments[0]
    assert (file.blob, file.name) == ("copy", "a.jpg") and page.editing.photo is page.first


@asynchronous
async def test_a_photo_that_is_not_opened_or_not_returned_leaves_the_list_as_it_was():
    page = Page(photo_file=refusal("BatchGoneError"))
    page.first.file = None
    await page.editing.open(page.first)
    assert [error.name for (error,) in page.failed] == ["BatchGoneError"]
    assert page.editing.photo is None and not page.runner.is_held

    page = Page()
    spawn(page.editing.open(page.first))
    await settle()
    await refuse(page.worker.waiting("open_photo"), "OutOfMemoryError")
    assert page.editing.photo is None and not page.runner.is_held

    page = Page(return_photo=refusal("NoRoomError"))
    await page.open()
    page.editor.has_steps = page.editor.has_edits = True
    await page.editing.back()
    assert [error.name for (error,) in page.failed] == ["NoRoomError"] and page.editing.photo is page.first
    assert page.first.result["bytes"] == 9


@asynchronous
async def test_another_photo_in_its_place_returns_nothing():
    page = Page()
    await page.open()
    page.flow.choose(photo("other.jpg"))
    await settle()
    assert page.editing.photo is None and not page.runner.is_held
    await page.editing.back()
    assert page.worker.of("return_photo") == []


@asynchronous
async def test_its_own_work_that_is_opened_again_keeps_its_way_back():
    page = Page(return_photo=made(bytes=77))
    await page.open(opened(work="w1"))
    spawn(page.flow.restore("w1"))  # the worker had lost it
    await settle()
    assert page.editing.photo is page.first
    await answer(page.worker.waiting("restore_work"), opened(name="a.jpg", file=None, work="w1"))
    page.editor.has_steps = page.editor.has_edits = True
    await page.editing.back()
    assert page.first.work == "w1" and page.first.result["bytes"] == 77


@asynchronous
async def test_other_work_in_its_place_returns_nothing():
    page = Page()
    await page.open(opened(work="w1"))
    spawn(page.flow.restore("w2"))
    await settle()
    assert page.editing.photo is None
