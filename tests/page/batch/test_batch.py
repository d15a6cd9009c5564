"""The list of a batch: what it says, and that a reload brings all of it back."""

from types import SimpleNamespace

from batch import texts
from batch.batch import Batch
from batch.results import BatchResults, names_of
from batch.runner import result_of
from core.preferences import Preferences
from core.tasks import spawn
from core.worker_client import EngineError
from export.naming import Naming

from tests.page.batch.samples import Page, made
from tests.page.fakes import FakeWorker, answer, asynchronous, heard, photo, refuse, settle

RESULT = {"width": 400, "height": 300, "bytes": 221_400, "extension": "png"}
GONE = EngineError("BatchGoneError", "gone")
NAMING = Naming(Preferences({}, lambda name, value: None))


def finished(*names: str, **result) -> Batch:
    """A batch whose photos are all done."""
    batch = Batch()
    batch.begin("b1")
    batch.add([photo(name) for name in names])
    for one in batch.photos:
        batch.finish(one, batch.start(one), RESULT | result, f"blob:{one.name}")
    return batch


def test_a_reload_brings_the_batch_back_and_what_was_in_work_waits_again():
    batch = finished("a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg")
    a, b, c, d, e = batch.photos
    batch.retry(b)
    batch.use_look(dict(batch.look, shadow="drop"))
    batch.finish(a, batch.start(a), RESULT, "blob:a")
    batch.note_returned(d, RESULT, "blob:d", "work-d")
    batch.start(b)
    batch.refuse(c, c.attempt, EngineError("NotAnImageError", "It is a diary.", "", "text", "text"))
    batch.cancel(e)
    batch.pause(True)

    again = Batch()
    kept = [f"photo-{number}" for number in range(1, 6)] + ["result-1", "result-4"]
    again.restore("b1", batch.plain(), kept, {1: "blob:1", 4: "blob:4"}, GONE)
    assert [one.state for one in again.photos] == ["done", "waiting", "refused", "done", "cancelled"]
    assert (again.id, again.look["shadow"], again.is_paused) == ("b1", "drop", True)
    assert again.photos[0].result == RESULT and again.photos[0].thumbnail == "blob:1"
    assert again.photos[3].is_edited and again.photos[3].work == "work-d"
    error = again.photos[2].error
    assert (error.name, error.message, error.reason) == ("NotAnImageError", "It is a diary.", "text")
    again.add([photo("f.jpg")])
    assert again.photos[-1].number == 6


def test_what_is_missing_after_a_reload_is_made_again_or_said():
    batch = finished("a.jpg", "b.jpg")
    again = Batch()
    again.restore("b1", batch.plain(), ["photo-1"], {}, GONE)
    assert [one.state for one in again.photos] == ["waiting", "refused"] and again.photos[1].error is GONE
    batch = finished("a.jpg")
    batch.use_look(dict(batch.look, shadow="drop"))
    again.restore("b1", batch.plain(), [], {}, GONE)
    assert again.photos[0].state == "refused"


def test_photos_that_a_reload_has_cost_their_files_get_them_back_when_they_are_chosen_again():
    batch = finished("a.jpg", "b.jpg", "b.jpg")
    for _ in range(2):  # also after a second reload
        again = Batch()
        again.restore("b1", batch.plain(), ["photo-1", "result-1"], {}, GONE)
        batch = again
    files = [photo(name) for name in ("a.jpg", "b.jpg", "c.jpg")]
    again.add(files)
    assert [(one.name, one.state) for one in again.photos] == [
        ("a.jpg", "done"),
        ("b.jpg", "waiting"),
        ("b.jpg", "refused"),
        ("c.jpg", "waiting"),
    ]
    again.add([photo("a.jpg")])  # nothing is brought back by it: another photo of that name
    assert again.photos[-1].name == "a.jpg" and again.photos[1].file is files[1]
    assert not again.photos[1].is_kept and again.photos[1].error is None


def test_a_photo_that_is_being_improved_is_done_after_a_reload_too_and_leaving_out_the_rest_keeps_it():
    batch = finished("a.jpg", "b.jpg")
    batch.add([photo("c.jpg")])
    batch.improve(batch.photos)
    assert texts.status(batch, False) == "2 done · 1 left · edges to improve: 2"
    assert texts.state(batch.photos[0]) == "Done; the edges get better soon"
    assert [number for number, name in names_of(batch, NAMING)] == [1, 2]
    again = Batch()
    again.restore("b1", batch.plain(), ["photo-1", "photo-2", "photo-3", "result-1"], {1: "blob:1"}, GONE)
    assert [one.state for one in again.photos] == ["waiting"] * 3 and again.finished() == [again.photos[0]]
    assert again.next() == again.photos[1:] + again.photos[:1]
    batch.cancel_all()
    assert [one.state for one in batch.photos] == ["done", "done", "cancelled"]
    batch.improve(batch.photos)
    batch.use_look(dict(batch.look, shadow="drop"))
    assert batch.finished() == [] and batch.count("waiting") == 2


def test_results_are_named_after_their_photos_and_no_name_comes_twice():
    batch = finished("Cat.jpg", "cat.png", "cat.webp", "dog.jpg")
    assert names_of(batch, NAMING) == [
        (1, "Cat-cutout.png"),
        (2, "cat-cutout-2.png"),
        (3, "cat-cutout-3.png"),
        (4, "dog-cutout.png"),
    ]
    batch.look = dict(batch.look, background={"kind": "colour", "colour": "#ffffff"})
    batch.remove(batch.photos[0])
    assert names_of(batch, NAMING)[0] == (2, "cat-white.png")
    jpeg = finished("cat.png", extension="jpg")
    jpeg.look = dict(jpeg.look, format="jpeg")
    assert names_of(jpeg, NAMING) == [(1, "cat-white.jpg")]


def test_results_lie_in_the_folders_that_their_photos_were_chosen_in():
    batch = finished("shop/shoes/red.jpg", "shop/shoes/Red.png", "shop/bags/red.jpg", "shop/red.jpg")
    tree = [
        (1, "shoes/red-cutout.png"),
        (2, "shoes/Red-cutout-2.png"),
        (3, "bags/red-cutout.png"),
        (4, "red-cutout.png"),
    ]
    assert names_of(batch, NAMING) == tree
    again = Batch()
    again.restore("b1", batch.plain(), [f"result-{number}" for number in (1, 2, 3, 4)], {}, GONE)
    assert names_of(again, NAMING) == tree
    again.add([photo("alone.jpg")])  # nothing is common to all of them any more
    assert names_of(again, NAMING)[2] == (3, "shop/bags/red-cutout.png")
    flat = finished("shop/a.jpg", "shop/b.jpg")
    assert names_of(flat, NAMING) == [(1, "a-cutout.png"), (2, "b-cutout.png")]
    odd = finished("a/../con/ :x/1.jpg", "2.jpg")
    assert names_of(odd, NAMING)[0] == (1, "a/_con/_x/1-cutout.png")


def test_photos_of_the_same_name_get_their_files_back_by_their_folders():
    batch = finished("shop/a/1.jpg", "shop/b/1.jpg", "shop/2.jpg")
    again = Batch()
    again.restore("b1", batch.plain(), ["photo-3", "result-3"], {}, GONE)
    files = [photo(path) for path in ("shop/b/1.jpg", "shop/2.jpg", "shop/a/1.jpg", "shop/c/1.jpg")]
    again.add(files)
    assert [(one.path, one.file) for one in again.photos] == [
        ("shop/a/1.jpg", files[2]),
        ("shop/b/1.jpg", files[0]),
        ("shop/2.jpg", None),
        ("shop/c/1.jpg", files[3]),
    ]
    old = Batch()  # of a list from before folders were kept
    old.restore("b1", batch.plain().replace('"folder"', '"other"'), [], {}, GONE)
    old.add(files[:1])
    assert old.photos[0].file is files[0]


def test_a_pattern_counts_all_photos_so_that_no_number_changes_while_they_are_cut_out():
    batch = finished("a.jpg", "b.jpg", "c.jpg")
    naming = Naming(Preferences({"names": "item-[number]"}, lambda name, value: None))
    assert names_of(batch, naming) == [(1, "item-1.png"), (2, "item-2.png"), (3, "item-3.png")]
    batch.photos[0].is_current = False
    assert names_of(batch, naming) == [(2, "item-2.png"), (3, "item-3.png")]
    naming.use("shop")
    assert names_of(batch, naming) == [(2, "shop.png"), (3, "shop-2.png")]


def test_only_what_there_is_is_counted():
    batch = finished("a.jpg", "b.jpg", "c.jpg")
    assert texts.status(batch, False) == "3 done" and texts.title(batch) == "3 photos"
    assert texts.summary(batch) == "Finished: 3 of 3 photos are cut out."
    batch.add([photo("d.jpg"), photo("e.jpg")])
    batch.cancel(batch.photos[3])
    assert texts.status(batch, False) == "3 done · 1 left · 1 left out" and texts.summary(batch) == ""
    batch.pause(True)
    assert texts.status(batch, False) == "Paused · 3 done · 1 left · 1 left out"
    batch.refuse(batch.photos[4], 0, EngineError("NotAnImageError", "It is a diary."))
    assert texts.status(batch, True) == "3 done · 1 refused · 1 left out"
    assert texts.summary(batch) == "Finished: 3 of 5 photos are cut out. Refused: 1."


def test_each_photo_says_what_is_known_of_it():
    batch = finished("a.jpg", "b.jpg")
    a, b = batch.photos
    assert texts.state(a) == "400 × 300 px · 221 kB"
    batch.note_returned(a, RESULT, "", "work")
    assert texts.state(a) == "Edited · 400 × 300 px · 221 kB"
    batch.use_look(dict(batch.look, shadow="drop"))
    assert texts.state(b) == "Waiting"
    batch.start(b)
    assert texts.state(b) == "Beginning…"
    batch.note_stage(b, b.attempt, "infer")
    assert texts.state(b) == "Finding the subject"
    batch.refuse(b, b.attempt, EngineError("NotAnImageError", "It is a diary."))
    assert texts.state(b) == "It is a diary."


class Browser:
    """Notes what leaves the page."""

    def __init__(self) -> None:
        self.saved: list[tuple] = []
        self.folder: str | None = "folder"
        self.trouble: dict[str, str] = {}
        """Why a file cannot be written, by its name, once."""

    def download(self, file, name):
        self.saved.append((file, name))

    async def choose_folder(self):
        return self.folder

    async def is_same(self, folder, other):
        return folder == other

    async def write(self, folder, name, file):
        if self.trouble.get(name) is not None:
            raise EngineError("FolderError", "", "", self.trouble.pop(name))
        self.saved.append((folder, name, file))


class Saving:
    def __init__(self, *names: str, **answers) -> None:
        usual = {"keep_folder": None, "kept_folder": SimpleNamespace(folder="folder")}
        self.batch, self.worker, self.browser = finished(*names), FakeWorker(**usual | answers), Browser()
        self.results = BatchResults(self.batch, self.worker, self.browser, NAMING)
        self.saved, self.failed = heard(self.results.saved), heard(self.results.failed)


class File:
    def __init__(self, file) -> None:
        self.file = file


@asynchronous
async def test_all_results_are_saved_as_one_zip_while_its_progress_is_known():
    page = Saving("a.jpg", "b.jpg")
    spawn(page.results.save_zip("cutouts.zip"))
    await settle()
    call = page.worker.waiting("write_zip")
    assert call.arguments == ("b1", [[1, "a-cutout.png"], [2, "b-cutout.png"]])
    call.on_progress("zip", 1, 2)
    assert (page.results.is_saving, page.results.done, page.results.total) == (True, 1, 2)
    await page.results.save_zip("cutouts.zip")  # pressed again
    assert len(page.worker.calls) == 1
    await answer(call, File("zip"))
    assert page.browser.saved == [("zip", "cutouts.zip")] and page.saved == [(2, "zip")]
    assert page.batch.is_saved and not page.results.is_saving
    page.batch.use_look(dict(page.batch.look, shadow="drop"))
    page.batch.finish(page.batch.photos[0], page.batch.start(page.batch.photos[0]), RESULT, "")
    assert not page.batch.is_saved


@asynchronous
async def test_what_prevents_a_zip_is_said():
    page = Saving("a.jpg")
    spawn(page.results.save_zip("cutouts.zip"))
    await settle()
    await refuse(page.worker.waiting("write_zip"), "NoRoomError")
    assert [error.name for (error,) in page.failed] == ["NoRoomError"]
    assert page.browser.saved == [] and not page.batch.is_saved and not page.results.is_saving


@asynchronous
async def test_a_bug_while_results_are_saved_is_said_and_the_next_saving_is_possible(logged):
    page = Saving("a.jpg", write_zip=File("zip"))
    page.browser.download = lambda file, name: 1 / 0
    await page.results.save_zip("cutouts.zip")
    assert [error.name for (error,) in page.failed] == ["InternalError"] and not page.results.is_saving
    logged.append("The results were not saved")


@asynchronous
async def test_results_are_written_into_a_folder_one_after_the_other():
    page = Saving("a.jpg", "b.jpg", result_file=lambda batch, number: File(f"result-{number}"))
    await page.results.save_to_folder()
    assert page.browser.saved == [("folder", "a-cutout.png", "result-1"), ("folder", "b-cutout.png", "result-2")]
    assert page.saved == [(2, "folder")] and page.batch.is_saved


@asynchronous
async def test_a_folder_that_was_interrupted_by_a_reload_gets_the_rest_when_it_is_chosen_again():
    for folder, written in (("folder", ["b-cutout.png"]), ("another", ["a-cutout.png", "b-cutout.png"])):
        page = Saving("a.jpg", "b.jpg", result_file=lambda batch, number: File(f"result-{number}"))
        page.browser.trouble["b-cutout.png"] = "denied"
        await page.results.save_to_folder()
        assert page.worker.of("keep_folder")[0].arguments == ("b1", "folder")
        kept, page.batch = page.batch.plain(), Batch()
        page.batch.restore("b1", kept, ["result-1", "result-2"], {}, GONE)
        page.results = BatchResults(page.batch, page.worker, page.browser, NAMING)
        page.browser.folder = folder
        page.browser.saved.clear()
        await page.results.save_to_folder()
        assert [name for _, name, _ in page.browser.saved] == written
        # All are written, so the next save writes all.
        assert not any(one.result.get("in_folder") for one in page.batch.photos)


@asynchronous
async def test_a_folder_that_is_not_chosen_or_cannot_be_written_saves_nothing():
    page = Saving("a.jpg", result_file=lambda batch, number: File(f"result-{number}"))
    page.browser.trouble["a-cutout.png"] = ""
    page.browser.folder = None
    await page.results.save_to_folder()
    assert page.worker.calls == [] and page.failed == []
    page.browser.folder = "folder"
    await page.results.save_to_folder()
    assert [error.name for (error,) in page.failed] == ["FolderError"] and not page.batch.is_saved
    assert page.failed[0][0].message.startswith("The pictures could not all be written")


@asynchronous
async def test_a_folder_that_cannot_take_everything_gets_the_rest_when_it_is_chosen_again():
    page = Saving("a.jpg", "b.jpg", "c.jpg", result_file=lambda batch, number: File(f"result-{number}"))
    page.browser.trouble["b-cutout.png"] = "denied"
    await page.results.save_to_folder()
    assert "1 of 3 pictures are in it" in page.failed[0][0].message and not page.results.is_saving
    a = page.batch.photos[0]
    await page.results.save_to_folder()
    assert [name for _, name, _ in page.browser.saved] == ["a-cutout.png", "b-cutout.png", "c-cutout.png"]
    assert page.saved == [(3, "folder")] and page.batch.is_saved

    page.browser.trouble["c-cutout.png"] = "gone"
    await page.results.save_to_folder()
    page.batch.note_returned(a, dict(RESULT), "", "work")  # another result since
    page.browser.saved.clear()
    await page.results.save_to_folder()
    assert [name for _, name, _ in page.browser.saved] == ["a-cutout.png", "c-cutout.png"]
    page.browser.trouble["c-cutout.png"] = "gone"
    await page.results.save_to_folder()
    page.browser.saved.clear()
    page.browser.folder = "another"
    await page.results.save_to_folder()
    assert len(page.browser.saved) == 3


@asynchronous
async def test_a_full_disk_pauses_the_batch():
    page = Saving("a.jpg", result_file=lambda batch, number: File(f"result-{number}"))
    page.browser.trouble["a-cutout.png"] = "denied"
    await page.results.save_to_folder()
    page.batch.add([photo("b.jpg")])
    assert not page.batch.is_paused
    page.browser.trouble["a-cutout.png"] = "full"
    await page.results.save_to_folder()
    assert page.batch.is_paused and page.batch.count("waiting") == 1
    assert page.failed[1][0].message.startswith("There is no room left where this folder is. 0 of 1")


@asynchronous
async def test_one_result_is_saved_alone_under_the_name_it_has_among_the_others():
    page = Saving("a.jpg", "a.png", result_file=lambda batch, number: File(f"result-{number}"))
    await page.results.save_one(page.batch.photos[1])
    assert page.browser.saved == [("result-2", "a-cutout-2.png")]


@asynchronous
async def test_nothing_is_saved_of_a_batch_without_results():
    page = Page("a.jpg")
    results = BatchResults(page.batch, page.worker, Browser(), NAMING)
    await results.save_zip("cutouts.zip")
    assert page.worker.of("write_zip") == [] and not results.is_saving


def test_photos_of_which_the_network_is_unsure_are_named_at_the_end_until_a_person_has_changed_them():
    batch = finished("a.jpg", "b.jpg", "c.jpg")
    a, b, _ = batch.photos
    for one in (a, b):
        batch.retry(one)
        batch.finish(one, one.attempt, RESULT | {"is_unsure": True}, "blob:x")
    assert batch.unsure() == [a, b]
    assert texts.state(a).startswith("Worth a look · 400")
    assert texts.summary(batch) == "Finished: 3 of 3 photos are cut out. Worth a look before you save them: 2."
    batch.note_returned(a, RESULT | {"is_unsure": False}, "blob:a", "")  # looked at, and found right
    assert batch.unsure() == [b]
    batch.note_returned(b, RESULT | {"is_unsure": False}, "blob:b", "work-b")
    assert batch.unsure() == [] and texts.summary(batch) == "Finished: 3 of 3 photos are cut out."


def test_a_reload_keeps_what_is_worth_a_look_and_takes_lists_from_before_there_was_such_a_mark():
    batch = finished("a.jpg", "b.jpg")
    batch.photos[0].result = RESULT | {"is_unsure": True}
    again = Batch()
    again.restore("b1", batch.plain(), ["result-1", "result-2"], {}, GONE)
    assert [one.is_unsure for one in again.photos] == [True, False]


def test_a_picture_with_more_pixels_than_its_photo_is_said_not_to_be_sharp():
    response = made(notices=["own-shape", "enlarged-subject 270 480"])
    assert result_of(response)["enlarged"] == [270, 480] and result_of(made())["enlarged"] == []
    missing = finished("a.jpg", **result_of(made(notices=["no-subject", "no-face"]))).photos[0]
    assert missing.is_unsure and texts.state(missing).startswith(
        "Worth a look · No face found · Nothing found · 400 × 300 px"
    )
    (small,) = finished("a.jpg", **result_of(response)).photos
    assert texts.state(small).startswith("Not sharp: 270 of 480 px · 400 × 300 px")
    assert texts.state(finished("a.jpg").photos[0]).startswith("400 × 300 px")  # of a batch from before
