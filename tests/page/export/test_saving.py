"""Saving: which file the button leads to, what is asked of the worker, and what the labels say."""

from types import SimpleNamespace

import pytest
from core.request_queue import RequestQueue
from export.saving import Saving, cutout_name

from tests.page.editor.fakes import FakeControls
from tests.page.fakes import FakeNotice, FakeWorker, answer, asynchronous, heard, refuse, settle


class Urls:
    def __init__(self) -> None:
        self.open: list[str] = []

    def create(self, blob: str) -> str:
        self.open.append("blob:" + blob)
        return self.open[-1]

    def revoke(self, url: str) -> None:
        self.open.remove(url)


class Page:
    """A photo that was just opened."""

    def __init__(self, is_new: bool = True) -> None:
        self.worker, self.queue, self.notice, self.urls = FakeWorker(), RequestQueue(), FakeNotice(), Urls()
        self.controls, self.is_untouched, self.canvas = FakeControls(), True, (400, 300)
        self.saving = Saving(
            self.controls,
            self.worker,
            self.queue,
            self.notice,
            self.urls,
            lambda: self.is_untouched,
            lambda: self.canvas,
        )
        self.ready = heard(self.saving.file_ready)
        self.saving.open("cat.jpg", is_new)


def file(blob: str = "made", extension: str = "png") -> SimpleNamespace:
    return SimpleNamespace(blob=blob, extension=extension, width=400, height=300)


@asynchronous
async def test_the_file_of_a_new_photo_is_made_ahead():
    page = Page()
    assert page.saving.is_preparing and not page.saving.use_ready_file()
    await settle()
    assert page.worker.calls[0].arguments == ({"format": "png"},)
    await answer(page.worker.waiting("save_picture"), file("ahead"))
    assert not page.saving.is_preparing and page.saving.use_ready_file()
    assert (page.saving.url, page.saving.filename) == ("blob:ahead", "cat-cutout.png")


@asynchronous
async def test_restored_work_is_made_into_a_file_only_when_it_is_wanted():
    page = Page(is_new=False)
    await settle()
    assert page.worker.calls == [] and not page.saving.is_preparing and not page.saving.use_ready_file()


@pytest.mark.parametrize("change", ["edited", ("save.format", "webp"), ("save.output", "mask"), ("save.size", "1024")])
@asynchronous
async def test_the_ready_file_is_used_only_where_it_is_what_would_be_saved(change):
    page = Page()
    await settle()
    await answer(page.worker.waiting("save_picture"), file("ahead"))
    if change == "edited":
        page.is_untouched = False
    else:
        page.controls.move(*change)
    assert not page.saving.use_ready_file()


@asynchronous
async def test_a_photo_that_comes_before_the_file_is_made_drops_it():
    page = Page()
    page.queue.submit(page.worker.finish_photo)
    page.saving.open("dog.jpg", True)
    page.queue.pause()
    assert not page.saving.is_preparing
    page.queue.resume()


@asynchronous
async def test_a_refused_file_is_not_waited_for():
    page = Page()
    await settle()
    await refuse(page.worker.waiting("save_picture"), "MemoryLimitError")
    assert not page.saving.is_preparing and not page.saving.use_ready_file()


@asynchronous
async def test_what_was_chosen_is_requested_saved_and_announced():
    page = Page(is_new=False)
    page.controls.values |= {"save.format": "webp", "save.output": "composed", "save.quality": 80.0}
    page.controls.values |= {"save.size": "own", "save.side": 640.4}
    page.saving.request()
    await settle()
    options = {"format": "webp", "quality": 80, "output": "composed", "longest": 640}
    assert page.worker.calls[0].arguments == (options,)
    await answer(page.worker.waiting("save_picture"), file(extension="webp"))
    assert page.ready == [()] and (page.saving.url, page.saving.filename) == ("blob:made", "cat-cutout.webp")
    assert "400" in page.notice.announced[0] and "300" in page.notice.announced[0]


@asynchronous
async def test_a_file_for_elsewhere_is_the_one_that_would_be_saved():
    page, files, refused = Page(), [], []
    await settle()
    await answer(page.worker.waiting("save_picture"), file("ahead"))
    page.saving.make_file(files.append)
    assert (files[0].blob, files[0].name) == ("ahead", "cat-cutout.png") and page.saving.ready_file() is files[0]
    page.controls.move("save.format", "webp")
    assert page.saving.ready_file() is None and page.saving.ready_file("png") is files[0]
    page.saving.make_file(files.append, lambda: refused.append("webp"))
    await settle()
    await answer(page.worker.waiting("save_picture"), file(extension="webp"))
    assert files[1].name == "cat-cutout.webp" and (files[1].width, files[1].height) == (400, 300)
    page.saving.make_file(files.append, lambda: refused.append("webp"))
    await settle()
    await refuse(page.worker.waiting("save_picture"), "MemoryLimitError")
    assert refused == ["webp"] and len(files) == 2 and page.ready == []


@asynchronous
async def test_full_size_asks_for_no_size():
    page = Page(is_new=False)
    page.saving.request()
    await settle()
    assert page.worker.calls[0].arguments == ({"format": "png", "quality": 90, "output": "cutout"},)


@asynchronous
async def test_the_memory_of_files_is_freed():
    page = Page()
    await settle()
    await answer(page.worker.waiting("save_picture"), file("ahead"))
    page.is_untouched = False
    for name in ("first", "second"):
        page.saving.request()
        await settle()
        await answer(page.worker.waiting("save_picture"), file(name))
    assert page.urls.open == ["blob:ahead", "blob:second"]
    page.saving.open("dog.jpg", False)
    assert page.urls.open == [] and page.saving.url == "#"


@pytest.mark.parametrize(
    ("size", "side", "shown"),
    [
        ("full", 0, ("400", "300")),
        ("200", 0, ("200", "150")),
        ("own", 100.0, ("100", "75")),
        ("4000", 0, ("400", "300")),
    ],
)
def test_labels_say_format_and_size(size, side, shown):
    page = Page(is_new=False)
    changed = heard(page.saving.options_changed)
    page.controls.values["save.side"] = side
    page.controls.move("save.size", size)
    page.controls.move("save.format", "jpeg")
    assert len(changed) == 2 and page.saving.button_label == "Save JPEG"
    assert all(number in page.saving.size_label for number in shown)


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("photo.jpg", "photo-cutout.png"),
        ("a.b.jpg", "a.b-cutout.png"),
        ("photo", "photo-cutout.png"),
        (".jpg", ".jpg-cutout.png"),
        ("", "photo-cutout.png"),
    ],
)
def test_the_saved_file_is_named_after_the_photo(name, saved):
    assert cutout_name(name, "png") == saved
