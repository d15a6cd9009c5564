"""A batch on its way: a few photos at a time; what is paused, left out, tried again; what an error means."""

import pytest
from core.worker_client import EngineError

from tests.page.batch.samples import Page
from tests.page.fakes import asynchronous, heard, refuse, settle

NAMES = [f"{number}.jpg" for number in range(1, 7)]


@asynchronous
async def test_three_photos_are_in_the_worker_at_a_time_and_each_gets_the_look():
    page = Page(*NAMES)
    await settle()
    assert page.in_work == [1, 2, 3] and page.states == ["working"] * 3 + ["waiting"] * 3
    assert page.call(1).arguments == (
        "b1",
        1,
        page.batch.photos[0].file,
        "1.jpg",
        page.batch.look,
        {"model": "fast", "backend": "auto"},
    )
    await page.answer(2)
    assert page.in_work == [1, 3, 4] and page.states[1] == "done"
    assert page.batch.photos[1].result == {
        "width": 400,
        "height": 300,
        "bytes": 1234,
        "extension": "png",
        "is_unsure": False,
        "reduced_to": 0,
        "enlarged": [],
        "missing": [],
        "model": "fast",
    }
    for number in (1, 3, 4, 5, 6):
        await page.answer(number)
    assert page.states == ["done"] * 6 and page.in_work == [] and not page.batch.is_going
    assert len(page.urls.open) == 6


@asynchronous
async def test_a_photo_that_cannot_be_cut_out_is_refused_and_the_others_go_on():
    page = Page(*NAMES[:2])
    await settle()
    await refuse(page.call(1), "NotAnImageError")
    await page.answer(2)
    assert page.states == ["refused", "done"] and page.batch.photos[0].error.name == "NotAnImageError"
    page.batch.retry(page.batch.photos[0])
    await page.answer(1)
    assert page.states == ["done", "done"] and page.batch.photos[0].error is None


@asynchronous
async def test_a_bug_refuses_one_photo_only(logged):
    logged.append("A photo of a batch failed")
    page = Page(*NAMES[:2], process_photo=lambda batch, number, *rest: ValueError() if number == 1 else 1 / 0)
    logged.append("A photo of a batch failed")
    await settle()
    assert page.states == ["refused", "refused"] and page.batch.photos[0].error.name == "InternalError"


@asynchronous
async def test_a_pause_lets_what_is_in_work_be_finished():
    page = Page(*NAMES)
    await settle()
    page.batch.pause(True)
    for number in (1, 2, 3):
        await page.answer(number)
    assert page.states == ["done"] * 3 + ["waiting"] * 3 and page.in_work == []
    page.batch.pause(False)
    await settle()
    assert page.in_work == [4, 5, 6]


@asynchronous
async def test_it_waits_while_something_else_holds_it():
    page = Page(*NAMES[:4])
    page.runner.hold("editor")
    await settle()
    held = page.in_work
    await page.answer(1)
    assert held == [1, 2, 3] and page.states[3] == "waiting"  # those in work before are finished
    page.runner.let_go("editor")
    await settle()
    assert page.in_work == [2, 3, 4]


@asynchronous
async def test_a_photo_left_out_in_work_stays_left_out_when_its_answer_comes():
    page = Page(*NAMES[:2])
    await settle()
    page.batch.cancel(page.batch.photos[0])
    await page.answer(1)
    assert page.states == ["cancelled", "working"] and page.urls.open == []
    page.batch.cancel_all()
    await page.answer(2)
    assert page.states == ["cancelled", "cancelled"] and not page.batch.is_going
    page.batch.retry_all()
    await page.answer(1)
    await page.answer(2)
    assert page.states == ["done", "done"]


@asynchronous
async def test_another_look_makes_all_again_except_for_edited_ones_and_no_photo_is_in_work_twice():
    page = Page(*NAMES[:3])
    await page.answer(1)
    await page.answer(2)
    page.batch.note_returned(page.batch.photos[1], {"width": 1}, page.urls.create(None), "work-2")
    look = dict(page.batch.look, format="jpeg")
    page.batch.use_look(look)
    await settle()
    assert page.states == ["working", "done", "waiting"]
    assert [call.arguments[4]["format"] for call in page.worker.of("process_photo")] == ["png", "png", "png", "jpeg"]
    await page.answer(3, extension="png")  # with the look before: it does not count
    assert page.states == ["working", "done", "working"] and page.call(3).arguments[4] == look
    await page.answer(3, extension="jpg")
    await page.answer(1, extension="jpg")
    assert [one.result.get("extension") for one in page.batch.photos] == ["jpg", None, "jpg"]
    assert len(page.urls.open) == 4  # one each, and that of photo 2 from before it was edited


@asynchronous
async def test_what_no_photo_is_to_blame_for_pauses_the_batch_and_is_said_once():
    page = Page(*NAMES)
    failed = heard(page.runner.failed)
    await settle()
    await refuse(page.call(1), "ModelDownloadError")
    await refuse(page.call(2), "ModelDownloadError")
    await page.answer(3)
    assert page.states == ["waiting", "waiting", "done"] + ["waiting"] * 3 and page.batch.is_paused
    assert [error.name for (error,) in failed] == ["ModelDownloadError"]
    page.batch.pause(False)
    await settle()
    assert page.in_work == [1, 2, 4]


@asynchronous
async def test_photos_that_were_in_a_stopped_worker_are_tried_again_but_not_for_ever():
    page = Page("1.jpg", process_photo=EngineError("EngineStoppedError", "stopped"))
    await settle()
    assert len(page.worker.of("process_photo")) == 3
    assert page.states == ["refused"] and page.batch.photos[0].error.name == "EngineStoppedError"


@asynchronous
async def test_of_the_photos_a_worker_has_ended_with_each_is_tried_alone_and_only_the_one_to_blame_is_refused():
    page = Page("1.jpg", "2.jpg", "3.jpg")
    await settle()
    for number in (1, 2, 3):
        await refuse(page.call(number), "EngineDiedError")
    tried = []
    for _ in range(3):
        (call,) = [call for call in page.worker.of("process_photo") if not call.future.done()]
        tried.append(call.arguments[1])
        if call.arguments[1] == 2:
            await refuse(call, "EngineDiedError")
        else:
            await page.answer(call.arguments[1])
    assert sorted(tried) == [1, 2, 3] and page.states == ["done", "refused", "done"]


@asynchronous
async def test_nothing_comes_of_photos_of_a_batch_that_was_closed():
    page = Page("1.jpg")
    await settle()
    page.batch.begin("")
    await page.answer(1)
    assert page.urls.open == [] and page.batch.photos == []


@asynchronous
async def test_the_stage_of_a_photo_in_work_is_known():
    page = Page("1.jpg")
    await settle()
    changes = heard(page.batch.photo_changed)
    for stage in ("decode", "infer", "infer"):
        page.call(1).on_progress(stage, 0, 0)
    assert len(changes) == 2 and page.batch.photos[0].stage == "infer"


@pytest.mark.parametrize("file", [None, "there"])
@asynchronous
async def test_a_photo_without_its_file_is_read_from_the_copy(file):
    page = Page()
    page.batch.add([])
    page.batch.restore("b2", RESTORED, ["photo-1"], {}, None)
    page.batch.photos[0].file = file
    page.batch.pause(False)
    await settle()
    assert page.call(1).arguments[:3] == ("b2", 1, file)


RESTORED = (
    '{"format": 1, "last": 1, "look": {"format": "png"}, "paused": false, "saved": false,'
    ' "photos": [{"number": 1, "name": "1.jpg", "state": "waiting"}]}'
)


@asynchronous
async def test_photos_that_are_done_are_improved_after_the_others_once_a_finer_network_is_there():
    page = Page(*NAMES[:5])
    await page.answer(1)
    await page.answer(2)
    page.batch.note_returned(page.batch.photos[1], page.batch.photos[0].result, "", "work")
    page.model = "best"
    page.upgraded.emit()
    await settle()
    assert page.states[:2] == ["waiting", "done"] and page.in_work == [3, 4, 5]  # the second one was edited
    assert len(page.batch.finished()) == 2
    await page.answer(3)  # still from the fast network
    assert page.states[2] == "waiting" and page.in_work == [4, 5, 1]
    await page.answer(4, model="best")
    await page.answer(5, model="best")
    assert page.in_work == [1, 3]
    page.batch.cancel(page.batch.photos[0])  # its first result stays
    await refuse(page.call(3), "InferenceError")
    assert page.states == ["done"] * 5 and not page.batch.is_going


@asynchronous
async def test_a_picture_that_no_network_looked_at_is_not_improved():
    page = Page(*NAMES[:1])
    await page.answer(1, notices=["own-shape"])
    page.model = "best"
    page.upgraded.emit()
    assert page.states == ["done"]
