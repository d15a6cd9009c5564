"""Saving: which file the button leads to, what is asked of the worker, and what the labels say."""

from types import SimpleNamespace

import pytest
from core import i18n
from core.preferences import Preferences
from core.request_queue import RequestQueue
from export.naming import Naming
from export.saving import Saving, bytes_text

from tests.page.editor.fakes import FakeControls, Timers
from tests.page.fakes import FakeNotice, FakeWorker, answer, asynchronous, heard, refuse, settle


class Blob:
    """A file in memory."""

    def __init__(self, text: str, size: int = 221_400) -> None:
        self.text, self.size = text, size


class Urls:
    def __init__(self) -> None:
        self.open: list[str] = []

    def create(self, blob: Blob) -> str:
        self.open.append("blob:" + blob.text)
        return self.open[-1]

    def revoke(self, url: str) -> None:
        self.open.remove(url)


class Page:
    """A photo that was just opened."""

    def __init__(self, is_new: bool = True, name: str = "cat.jpg", **controls) -> None:
        self.worker, self.queue, self.notice, self.urls = FakeWorker(), RequestQueue(), FakeNotice(), Urls()
        self.controls, self.canvas, self.timers = FakeControls(), (400, 300), Timers()
        self.controls.values |= controls
        self.background = {"kind": "transparent"}
        self.naming = Naming(Preferences({}, lambda name, value: None))
        self.saving = Saving(
            self.controls,
            self.worker,
            self.queue,
            self.notice,
            self.urls,
            self.timers.make_timer,
            lambda: self.background,
            lambda: self.canvas,
            self.naming,
        )
        self.ready = heard(self.saving.file_ready)
        self.saving.open(name, is_new)

    async def answer(self, blob: str = "made", **more) -> None:
        """The worker has made the file that it was asked for."""
        await settle()
        call = self.worker.waiting("save_picture")
        extension = {"jpeg": "jpg"}.get(call.arguments[0]["format"], call.arguments[0]["format"])
        width, height = more.pop("size", (400, 300))
        await answer(call, SimpleNamespace(blob=Blob(blob, **more), extension=extension, width=width, height=height))

    async def elapse(self) -> None:
        """A moment goes by in which nothing is chosen."""
        self.timers.elapse()
        await settle()

    @property
    def asked(self) -> list[dict]:
        return [call.arguments[0] for call in self.worker.of("save_picture")]


PNG = {"format": "png", "output": "cutout"}


@asynchronous
async def test_the_file_of_a_new_photo_is_made_ahead():
    page = Page()
    assert page.saving.is_preparing and not page.saving.use_ready_file()
    await page.answer("ahead")
    assert page.asked == [PNG]
    assert not page.saving.is_preparing and page.saving.use_ready_file()
    assert (page.saving.url, page.saving.filename) == ("blob:ahead", "cat-cutout.png")
    assert page.notice.shown == [("toast", "Saved cat-cutout.png, 400 × 300 pixels.")]


@asynchronous
async def test_the_file_that_is_made_ahead_is_of_the_type_kept_from_the_last_photo():
    page = Page(**{"save.format": "jpeg"})
    await page.answer("ahead")
    assert page.asked == [{"format": "jpeg", "output": "cutout", "quality": 90}]
    assert page.saving.use_ready_file() and page.saving.filename == "cat-white.jpg"
    assert page.saving.note == "Transparent parts become white."


@asynchronous
async def test_restored_work_is_made_into_a_file_only_when_it_is_wanted():
    page = Page(is_new=False)
    await settle()
    assert page.worker.calls == [] and not page.saving.is_preparing and not page.saving.use_ready_file()


@pytest.mark.parametrize("change", ["edited", ("save.format", "webp"), ("save.output", "mask"), ("save.size", "1024")])
@asynchronous
async def test_the_ready_file_is_used_only_where_it_is_what_would_be_saved(change):
    page = Page()
    await page.answer("ahead")
    if change == "edited":
        page.saving.outdate()
    else:
        page.controls.move(*change)
    assert not page.saving.use_ready_file()


@asynchronous
async def test_a_quality_that_the_file_type_does_not_have_changes_nothing():
    page = Page()
    await page.answer("ahead")
    page.controls.move("save.quality", 40.0)
    assert page.saving.use_ready_file()


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
async def test_what_was_chosen_is_requested_saved_and_said():
    page = Page(is_new=False)
    page.controls.values |= {"save.format": "webp", "save.output": "mask", "save.quality": 80.0}
    page.controls.values |= {"save.size": "own", "save.side": 640.4}
    page.saving.request()
    await page.answer()
    assert page.asked == [{"format": "webp", "quality": 80, "output": "mask", "longest": 640}]
    assert page.ready == [()] and (page.saving.url, page.saving.filename) == ("blob:made", "cat-mask.webp")
    assert page.notice.shown == [("toast", "Saved cat-mask.webp, 400 × 300 pixels.")]


@asynchronous
async def test_a_file_for_elsewhere_is_the_one_that_would_be_saved():
    page, files, refused = Page(), [], []
    await page.answer("ahead")
    page.saving.make_file(files.append)
    assert (files[0].blob.text, files[0].name) == ("ahead", "cat-cutout.png") and page.saving.ready_file() is files[0]
    page.controls.move("save.format", "webp")
    assert page.saving.ready_file() is None and page.saving.ready_file("png") is files[0]
    page.saving.make_file(files.append, lambda: refused.append("webp"))
    await page.answer()
    assert files[1].name == "cat-cutout.webp" and (files[1].width, files[1].height) == (400, 300)
    page.saving.make_file(files.append, lambda: refused.append("webp"))
    await settle()
    await refuse(page.worker.waiting("save_picture"), "MemoryLimitError")
    assert refused == ["webp"] and len(files) == 2 and page.ready == []


@asynchronous
async def test_who_cannot_wait_for_the_file_that_is_being_made_gets_that_one():
    page = Page()
    page.saving.request()
    await page.answer("ahead")
    assert len(page.asked) == 1 and page.ready == [()] and page.saving.filename == "cat-cutout.png"
    page.saving.outdate()
    page.saving.request()
    await page.answer("edited")
    assert len(page.asked) == 2 and page.saving.url == "blob:edited"


@asynchronous
async def test_a_file_that_was_begun_before_an_edit_is_not_saved():
    page = Page()
    await settle()
    page.saving.outdate()
    page.saving.request()
    await page.answer("before")
    assert page.ready == [] and not page.saving.use_ready_file()
    await page.answer("after")
    assert page.ready == [()] and page.saving.url == "blob:after"


@asynchronous
async def test_while_the_options_are_shown_so_is_the_size_of_each_choice():
    page = Page()
    assert page.saving.size_label == "400 × 300 px"
    await page.answer("ahead")
    assert page.saving.size_label == "400 × 300 px · 221 kB"
    page.saving.watch(True)
    await page.elapse()
    assert len(page.asked) == 1
    page.controls.move("save.format", "webp", True)
    for quality in (80.0, 60.0, 50.0):  # only the last of them is worth making
        page.controls.move("save.quality", quality)
        assert page.saving.size_label == "400 × 300 px"
    await page.elapse()
    await page.answer("smaller", size=(400, 300))
    assert [asked.get("quality") for asked in page.asked] == [None, 50]
    assert page.saving.size_label == "400 × 300 px · 221 kB" and page.saving.use_ready_file()
    page.saving.watch(False)
    page.controls.move("save.quality", 40.0)
    await page.elapse()
    assert len(page.asked) == 2 and page.saving.size_label == "400 × 300 px"


@asynchronous
async def test_a_size_that_is_out_of_date_is_not_shown():
    page = Page(is_new=False)
    page.saving.watch(True)
    await page.elapse()
    page.controls.move("save.format", "jpeg")
    await page.answer("late")
    assert "kB" not in page.saving.size_label and page.urls.open == []
    await page.elapse()
    await page.answer("right", size=(400, 300))
    assert "kB" in page.saving.size_label and page.urls.open == ["blob:right"]


@asynchronous
async def test_a_choice_that_is_refused_is_not_tried_again_by_itself():
    page = Page(is_new=False)
    page.saving.watch(True)
    await page.elapse()
    await refuse(page.worker.waiting("save_picture"), "OptionError")
    await page.elapse()
    assert len(page.asked) == 1
    page.controls.move("save.size", "1024")
    await page.elapse()
    assert len(page.asked) == 2


@asynchronous
async def test_the_memory_of_files_is_freed():
    page = Page()
    await page.answer("ahead")
    for name in ("first", "second"):
        page.saving.outdate()
        page.saving.request()
        await page.answer(name)
    assert page.urls.open == ["blob:ahead", "blob:second"]
    page.saving.watch(True)
    await page.elapse()
    await page.answer("shown")
    assert page.urls.open == ["blob:second", "blob:shown"]
    page.saving.open("dog.jpg", False)
    assert page.urls.open == [] and page.saving.url == "#"


@pytest.mark.parametrize(
    ("size", "side", "shown"),
    [
        ("full", 0, "400 × 300 px"),
        ("200", 0, "200 × 150 px"),
        ("own", 100.0, "100 × 75 px"),
        ("4000", 0, "400 × 300 px"),
    ],
)
@asynchronous
async def test_labels_say_format_and_size(size, side, shown):
    page = Page(is_new=False)
    changed = heard(page.saving.options_changed)
    page.controls.values["save.side"] = side
    page.controls.move("save.size", size)
    page.controls.move("save.format", "jpeg")
    assert len(changed) == 2 and page.saving.button_label == "Save JPEG" and page.saving.size_label == shown
    page.controls.move("save.format", "webp")
    assert page.saving.button_label == "Save WebP"
    assert ("has 400 pixels on its longer side and is not enlarged" in page.saving.note) == (size == "4000")


@pytest.mark.parametrize(
    ("controls", "background", "note", "name"),
    [
        ({"save.format": "png"}, {"kind": "transparent"}, False, "cat-cutout.png"),
        ({"save.format": "jpeg"}, {"kind": "transparent"}, True, "cat-white.jpg"),
        ({"save.format": "jpeg"}, {"kind": "image", "fit": "contain"}, True, "cat-cutout.jpg"),
        ({"save.format": "jpeg"}, {"kind": "image", "fit": "cover"}, False, "cat-cutout.jpg"),
        ({"save.format": "jpeg"}, {"kind": "colour", "colour": "#FFFFFF"}, False, "cat-white.jpg"),
        ({"save.format": "png"}, {"kind": "colour", "colour": "#ffffff"}, False, "cat-white.png"),
        ({"save.format": "png"}, {"kind": "colour", "colour": "#fffffe"}, False, "cat-cutout.png"),
        ({"save.format": "jpeg", "save.output": "mask"}, {"kind": "transparent"}, False, "cat-mask.jpg"),
    ],
)
@asynchronous
async def test_the_name_says_what_was_made_and_the_note_what_jpeg_cannot_hold(controls, background, note, name):
    page = Page(is_new=False, **controls)
    page.background = background
    assert bool(page.saving.note) == note
    page.saving.request()
    await page.answer()
    assert page.saving.filename == name


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "1 kB"), (999, "1 kB"), (221_400, "221 kB"), (999_499, "999 kB"), (999_500, "1.0 MB"), (18_200_000, "18 MB")],
)
def test_sizes_are_rounded_as_people_read_them(count, text):
    assert bytes_text(count) == text


def test_a_size_has_the_units_of_the_language():
    i18n.set_language("fr")
    try:
        assert bytes_text(221_400) == "221 ko"
    finally:
        i18n.set_language("en")


@asynchronous
async def test_a_pattern_names_the_file_that_is_ready_too_and_what_it_is_a_mask_of():
    page = Page(name="cat.jpg")
    await page.answer()
    assert page.saving.filename == "cat-cutout.png"
    page.naming.use(" shop [name] [number] ")
    assert page.saving.filename == page.saving.ready_file().name == "shop cat 1.png"
    page.controls.put("save.output", "mask")
    page.saving.request()
    await page.answer()
    assert page.saving.filename == "shop cat 1-mask.png"
    page.naming.use("")
    page.saving.open("dog.jpg", is_new=False)
    assert page.saving.filename == "dog-mask.png"


def composed(guessed: bool = False, **enlarged) -> SimpleNamespace:
    """The response of `render_composition`."""
    response = SimpleNamespace(is_head_guessed=guessed)
    if enlarged:
        response.enlarged = SimpleNamespace(**enlarged)
    return response


@asynchronous
async def test_a_picture_with_more_pixels_than_the_photo_is_said_not_to_be_sharp():
    page = Page()
    page.canvas = (413, 531)
    page.saving.note_composition(composed(kind="head", pixels=133.0, zoom=3.0))
    assert page.saving.check.startswith("The head is 133 pixels high in your photo; this picture needs 399.")
    page.controls.put("save.size", "own")
    page.controls.put("save.side", 265)
    assert " needs 199." in page.saving.check
    page.controls.put("save.side", 200)
    assert page.saving.check == ""  # 1.13 times as large
    page.controls.put("save.size", "full")
    page.saving.note_composition(composed(kind="subject", pixels=300, zoom=2.0))
    assert "300 pixels on its longer side in your photo, and 600 in this picture." in page.saving.check
    page.controls.put("save.output", "mask")
    assert page.saving.check == ""
    page.controls.put("save.output", "cutout")
    page.saving.open("other.jpg", True)
    assert page.saving.check == ""


def test_a_head_without_a_face_is_said_to_be_guessed():
    page = Page(is_new=False)
    page.saving.note_composition(composed(guessed=True, kind="head", pixels=133, zoom=3.0))
    assert page.saving.check.startswith("No face was found: ") and "133 pixels high" in page.saving.check
    page.saving.note_composition(composed())
    assert page.saving.check == ""
