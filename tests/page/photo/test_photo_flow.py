"""Intake of photos: the newest is shown, in the order of choosing; after a refusal, the previous one again."""

import asyncio
from types import SimpleNamespace

from core.log import log
from core.request_queue import RequestQueue
from photo.photo_flow import PhotoFlow
from photo.reduction import Reduction

from tests.page.fakes import FakeNotice, FakeWorker, answer, asynchronous, heard, opened, photo, refuse, settle


class Page:
    """A page with a worker that answers when the test says so."""

    def __init__(self, **answers):
        self.worker, self.queue, self.choice = FakeWorker(**answers), RequestQueue(), ("fast", "auto")
        self.flow = PhotoFlow(
            self.worker,
            self.queue,
            self._choose,
            lambda: 1000,
            lambda blob, name: SimpleNamespace(name=name, blob=blob),
            self._may_reduce,
        )
        self.asked, self.may_reduce = [], True
        self.started, self.shown = heard(self.flow.started), heard(self.flow.shown)
        self.finished, self.refused = heard(self.flow.finished), heard(self.flow.refused)
        self.progress = heard(self.flow.progress)

    async def _choose(self):
        return self.choice

    async def _may_reduce(self, plan):
        self.asked.append(plan)
        return self.may_reduce

    @property
    def names(self):
        """Names of the photos that were shown, in order."""
        return [name for _, name, _ in self.shown]

    async def choose(self, *names):
        """Choose photos, one at once after the other."""
        for name in names:
            self.flow.choose(photo(name))
        await settle()


@asynchronous
async def test_a_photo_is_opened_with_the_chosen_options_shown_and_finished():
    page, response = Page(), opened()
    file = photo("cat.png")
    page.flow.choose(file)
    await settle()
    assert page.started == [(file,)] and page.flow.coming is file and page.flow.is_working
    call = page.worker.waiting("open_photo")
    assert call.arguments == (file, {"model": "fast", "backend": "auto", "reduce": False}, 1000)
    call.on_progress("infer", 0, 0)
    await answer(call, response)
    assert page.progress == [("infer", 0, 0, True)]
    assert page.names == ["cat.png"] and page.finished == [(response, file)] and page.refused == []
    assert page.flow.current is file and page.flow.coming is None and not page.flow.is_working


@asynchronous
async def test_only_the_newest_photo_is_shown():
    page, first, second = Page(), opened(), opened()
    await page.choose("astronaut.png")
    await page.choose("coffee.png")
    call = page.worker.waiting("open_photo")
    call.on_progress("infer", 0, 0)
    await answer(call, first)
    assert page.progress == [("infer", 0, 0, False)] and page.shown == []
    await answer(page.worker.waiting("open_photo"), second)
    assert page.names == ["coffee.png"] and [file.name for _, file in page.finished] == ["coffee.png"]
    assert first.photo.is_closed and first.alpha.is_closed and first.cutout.is_closed
    assert not second.photo.is_closed


@asynchronous
async def test_photos_are_opened_in_the_order_of_choosing():
    """What the worker opens last is what is edited and saved, so the newest must not be read before an older one."""
    page = Page()
    await page.choose("large.png", "small.png", "tiny.png")
    assert [call.arguments[0].name for call in page.worker.calls] == ["large.png"]
    await answer(page.worker.waiting("open_photo"), opened())
    await answer(page.worker.waiting("open_photo"), opened())
    await answer(page.worker.waiting("open_photo"), opened())
    assert [call.arguments[0].name for call in page.worker.calls] == ["large.png", "small.png", "tiny.png"]
    assert page.names == ["tiny.png"]


@asynchronous
async def test_a_refused_file_leaves_the_previous_photo():
    page = Page()
    await page.choose("cat.png")
    await answer(page.worker.waiting("open_photo"), opened())
    await page.choose("diary.txt")
    await refuse(page.worker.waiting("open_photo"), "NotAnImageError")
    assert page.names == ["cat.png"] and page.flow.current.name == "cat.png"
    assert [error.name for (error,) in page.refused] == ["NotAnImageError"]
    assert page.flow.coming is None and not page.flow.is_working
    await page.choose("astronaut.png")
    await answer(page.worker.waiting("open_photo"), opened())
    assert page.names == ["cat.png", "astronaut.png"]


@asynchronous
async def test_a_refused_first_file_leaves_nothing():
    page = Page()
    await page.choose("diary.txt")
    await refuse(page.worker.waiting("open_photo"), "NotAnImageError")
    assert page.shown == [] and page.flow.current is None and len(page.refused) == 1


@asynchronous
async def test_what_the_worker_has_open_is_shown_where_a_newer_photo_is_refused():
    """The worker has the second photo open by then, which was never shown; the third cannot be opened."""
    page, second = Page(), opened()
    await page.choose("cat.png")
    await answer(page.worker.waiting("open_photo"), opened())
    await page.choose("astronaut.png", "diary.txt")
    await answer(page.worker.waiting("open_photo"), second)
    assert page.names == ["cat.png"]
    await refuse(page.worker.waiting("open_photo"), "NotAnImageError")
    assert page.names == ["cat.png", "astronaut.png"] and page.shown[-1][0] is second
    assert not second.photo.is_closed and page.flow.current.name == "astronaut.png"
    assert len(page.refused) == 1 and len(page.finished) == 1


@asynchronous
async def test_a_refused_photo_that_was_overtaken_is_not_mentioned():
    page = Page()
    await page.choose("diary.txt", "cat.png")
    await refuse(page.worker.waiting("open_photo"), "NotAnImageError")
    await answer(page.worker.waiting("open_photo"), opened())
    assert page.refused == [] and page.names == ["cat.png"]


@asynchronous
async def test_requests_for_the_previous_photo_are_answered_before_the_next_is_opened():
    page = Page()
    page.queue.submit(page.worker.apply_operation, "stroke")
    await settle()
    await page.choose("cat.png")
    page.queue.submit(page.worker.undo)
    assert page.worker.names == ["apply_operation"]
    await answer(page.worker.waiting("apply_operation"))
    await answer(page.worker.waiting("undo"))
    await answer(page.worker.waiting("open_photo"), opened())
    page.queue.submit(page.worker.redo)
    await settle()
    assert page.worker.names == ["apply_operation", "undo", "open_photo", "redo"]


@asynchronous
async def test_a_request_made_while_a_photo_is_opened_is_not_sent_to_it():
    page = Page()
    page.flow.shown.connect(lambda *arguments: page.queue.cancel_all())  # as the editor does
    await page.choose("cat.png")
    page.queue.submit(page.worker.undo)
    await answer(page.worker.waiting("open_photo"), opened())
    assert page.worker.names == ["open_photo"] and page.queue.is_idle


@asynchronous
async def test_a_refusal_lets_the_queue_go_on():
    page = Page()
    await page.choose("diary.txt")
    page.queue.submit(page.worker.undo)
    await refuse(page.worker.waiting("open_photo"), "NotAnImageError")
    assert page.worker.names == ["open_photo", "undo"]


@asynchronous
async def test_saved_work_is_restored_under_its_name():
    page = Page(restore_work=opened(file="a blob", name="cat.png"))
    assert await page.flow.restore("w1")
    assert page.started == [(None,)] and page.names == ["cat.png"]
    assert page.worker.calls[0].arguments == ("w1", 1000)
    assert page.flow.current.blob == "a blob" and page.finished == []


@asynchronous
async def test_a_photo_that_was_closed_is_gone_and_so_is_one_on_its_way():
    page, first, second = Page(), opened(), opened()
    closed = heard(page.flow.closed)
    await page.choose("cat.png")
    await answer(page.worker.waiting("open_photo"), first)
    await page.choose("coffee.png")
    page.flow.close()
    assert closed == [()] and page.flow.current is None and not page.flow.is_working
    await answer(page.worker.waiting("open_photo"), second)
    assert page.names == ["cat.png"] and page.flow.current is None


@asynchronous
async def test_saved_work_that_cannot_be_opened_is_refused():
    page = Page()
    task = asyncio.create_task(page.flow.restore("w1"))
    await settle()
    await refuse(page.worker.waiting("restore_work"), "WorkDamagedError")
    assert await task is False and page.refused[0][0].name == "WorkDamagedError"


@asynchronous
async def test_a_photo_chosen_while_work_is_restored_is_the_one_that_is_shown():
    page, restored = Page(), opened(file="a blob", name="old.png")
    task = asyncio.create_task(page.flow.restore("w1"))
    await settle()
    await page.choose("cat.png")
    await answer(page.worker.waiting("restore_work"), restored)
    await answer(page.worker.waiting("open_photo"), opened())
    assert await task is False and page.names == ["cat.png"] and restored.photo.is_closed


@asynchronous
async def test_the_same_photo_can_be_opened_again_for_a_worker_that_has_lost_it():
    page, again = Page(), opened()
    await page.choose("cat.png")
    await answer(page.worker.waiting("open_photo"), opened())
    page.choice = "quality", "wasm"
    page.worker.answers["open_photo"] = again
    assert await page.shown[0][2]() is again
    assert page.worker.calls[-1].arguments == (
        page.flow.current,
        {"model": "quality", "backend": "wasm", "reduce": True},
        1000,
    )
    assert page.names == ["cat.png"]


@asynchronous
async def test_a_bug_is_shown_as_an_error_with_its_traceback_and_logged_without_the_name_of_the_file(logged):
    def broken(*arguments):
        raise ValueError("unforeseen")

    page = Page(open_photo=broken)
    await page.choose("secret.png")
    error = page.refused[0][0]
    assert error.name == "InternalError" and "ValueError: unforeseen" in error.message
    assert "Traceback" in error.details and "secret" not in log.report()
    assert not page.flow.is_working
    logged.append("A photo was not opened")


@asynchronous
async def test_a_photo_that_is_given_up_leaves_the_page_as_it_was_and_stops_the_worker():
    page = Page()
    await page.choose("cat.png")
    await answer(page.worker.waiting("open_photo"), opened())
    await page.choose("large.png")
    assert page.flow.can_cancel
    page.flow.cancel()
    assert page.flow.current.name == "cat.png" and page.flow.coming is None and not page.flow.is_working
    assert [error.name for (error,) in page.refused] == ["PhotoCancelledError"] and page.worker.stops == 1
    await settle()
    assert page.names == ["cat.png"] and len(page.refused) == 1 and page.queue.is_idle


@asynchronous
async def test_photos_that_wait_behind_one_that_is_given_up_never_reach_the_worker():
    page = Page()
    await page.choose("one.png", "two.png", "three.png")
    page.flow.cancel()
    await settle()
    assert [call.arguments[0].name for call in page.worker.of("open_photo")] == ["one.png"] and page.shown == []
    page.worker.is_running = True
    await page.choose("four.png")
    await answer(page.worker.waiting("open_photo"), opened())
    assert page.names == ["four.png"]


@asynchronous
async def test_a_photo_that_is_given_up_while_the_worker_starts_lets_it_start():
    page = Page()
    page.worker.is_running = False
    await page.choose("cat.png")
    page.flow.cancel()
    assert page.worker.stops == 0 and len(page.refused) == 1
    await answer(page.worker.waiting("start"))
    assert page.worker.of("open_photo") == [] and page.shown == []


@asynchronous
async def test_a_photo_that_the_worker_has_open_besides_is_given_up_with_the_one_on_its_way():
    """Otherwise the page would show one photo and edit another."""
    page, overtaken = Page(), opened()
    await page.choose("one.png")
    await page.choose("two.png")
    await answer(page.worker.waiting("open_photo"), overtaken)
    page.flow.cancel()
    await settle()
    assert page.worker.stops == 1 and overtaken.photo.is_closed and page.shown == [] and page.flow.current is None


@asynchronous
async def test_a_response_that_comes_after_all_is_dropped():
    page, late = Page(), opened()
    await page.choose("cat.png")
    call = page.worker.waiting("open_photo")
    call.future.set_result(late)
    page.flow.cancel()
    await settle()
    assert late.photo.is_closed and page.shown == [] and page.finished == []


@asynchronous
async def test_nothing_is_given_up_while_the_worker_alone_has_what_was_done_to_the_photo():
    page = Page()
    await page.choose("cat.png")
    await answer(page.worker.waiting("open_photo"), opened())
    page.worker.work_reported.emit("refused", "cat.png")
    await page.choose("large.png")
    assert not page.flow.can_cancel
    page.flow.cancel()
    assert page.worker.stops == 0 and page.flow.coming.name == "large.png" and page.refused == []


@asynchronous
async def test_there_is_nothing_to_cancel_without_a_photo_on_its_way():
    page = Page()
    page.flow.cancel()
    assert page.refused == [] and page.worker.stops == 0


def plan():
    """The worker's answer for a photo that it has not opened, as there is no memory for the whole."""
    numbers = {"width": 12_000, "height": 9_000, "opened_width": 9_237, "opened_height": 6_927, "pixels": 64_000_000}
    return SimpleNamespace(plan=SimpleNamespace(**numbers))


@asynchronous
async def test_a_photo_that_there_is_no_memory_for_is_opened_smaller_once_a_person_has_agreed():
    page, given = Page(), plan()
    await page.choose("large.jpg")
    call = page.worker.waiting("open_photo")
    assert call.arguments[1]["reduce"] is False
    await answer(call, given)
    assert page.asked == [given.plan] and page.shown == []
    call = page.worker.waiting("open_photo")
    assert call.arguments[1]["reduce"] is True
    await answer(call, opened())
    assert page.names == ["large.jpg"] and page.refused == []
    _, _, reopen = page.shown[0]
    again = asyncio.ensure_future(reopen())
    await settle()
    assert page.worker.waiting("open_photo").arguments[1]["reduce"] is True
    await answer(page.worker.waiting("open_photo"), opened())
    await again


@asynchronous
async def test_where_a_person_does_not_agree_what_was_there_before_stays():
    page = Page()
    page.may_reduce = False
    await page.choose("cat.png")
    await answer(page.worker.waiting("open_photo"), opened())
    await page.choose("large.jpg")
    await answer(page.worker.waiting("open_photo"), plan())
    assert [error.name for (error,) in page.refused] == ["PhotoCancelledError"] and page.worker.stops == 0
    assert page.flow.current.name == "cat.png" and not page.flow.is_working


@asynchronous
async def test_nobody_is_asked_about_a_photo_that_another_has_overtaken():
    page = Page()
    await page.choose("large.jpg", "cat.png")
    await answer(page.worker.waiting("open_photo"), plan())
    assert page.asked == []
    await answer(page.worker.waiting("open_photo"), opened())
    assert page.names == ["cat.png"] and page.refused == []


@asynchronous
async def test_a_photo_is_asked_about_in_numbers_once_and_later_ones_are_told():
    given, asked, notice = plan().plan, [], FakeNotice()

    async def ask(*texts):
        asked.append(texts)
        return True

    reduction = Reduction(ask, notice)
    assert await reduction.may(given)
    (texts,) = asked
    assert "108" in texts[1] and "12000 × 9000" in texts[1] and "64" in texts[1] and "9237 × 6927" in texts[1]
    assert await reduction.may(given)
    assert len(asked) == 1 and "9237 × 6927" in notice.shown[-1][1]


@asynchronous
async def test_who_does_not_agree_is_asked_again():
    answers = [False, True]

    async def ask(*texts):
        return answers.pop(0)

    reduction = Reduction(ask, FakeNotice())
    assert not await reduction.may(plan().plan)
    assert await reduction.may(plan().plan) and answers == []
