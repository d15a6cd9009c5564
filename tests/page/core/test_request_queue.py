"""The request queue: order, replacement, pauses, other photos, lost workers."""

import asyncio
from types import SimpleNamespace

from core.log import log
from core.request_queue import RequestQueue

from tests.page.fakes import Bitmap, FakeWorker, answer, asynchronous, heard, refusal, refuse, settle


@asynchronous
async def test_requests_are_sent_one_after_the_other_and_their_responses_handed_over():
    worker, queue, got = FakeWorker(), RequestQueue(), []
    queue.submit(worker.undo, on_success=got.append)
    queue.submit(worker.go_to_step, 3, on_success=got.append)
    await settle()
    assert worker.names == ["undo"]
    await answer(worker.waiting("undo"), "first")
    assert worker.names == ["undo", "go_to_step"] and worker.calls[1].arguments == (3,)
    await answer(worker.waiting("go_to_step"), "second")
    assert got == ["first", "second"]


@asynchronous
async def test_the_latest_replaces_what_waits_but_not_what_was_sent():
    worker, queue, got = FakeWorker(), RequestQueue(), []
    for value in (1, 2, 3):
        queue.submit_latest(worker.set_settings, value, on_success=got.append)
        await settle()
    queue.submit(worker.undo)
    queue.submit_latest(worker.set_settings, 4, on_success=got.append)
    await answer(worker.waiting("set_settings"), "of 1")
    await answer(worker.waiting("undo"))
    await answer(worker.waiting("set_settings"), "of 4")
    assert [call.arguments for call in worker.of("set_settings")] == [(1,), (4,)]
    assert got == ["of 1", "of 4"]


@asynchronous
async def test_a_refusal_is_reported_and_the_next_request_is_sent():
    worker, queue, refused = FakeWorker(), RequestQueue(), []
    errors = heard(queue.failed)
    queue.submit(worker.undo, on_error=lambda: refused.append(True))
    queue.submit(worker.redo)
    await settle()
    await refuse(worker.waiting("undo"), "InferenceError")
    assert refused == [True] and errors[0][0].name == "InferenceError"
    assert worker.names == ["undo", "redo"]


@asynchronous
async def test_while_paused_only_what_waited_is_sent_and_low_priority_is_dropped():
    worker, queue, dropped = FakeWorker(undo=None, redo=None), RequestQueue(), []
    queue.submit(worker.start_over)
    queue.submit(worker.undo)
    queue.submit(worker.save_picture, low_priority=True, on_error=lambda: dropped.append(True))
    await settle()
    queue.pause()
    assert dropped == [True]
    await answer(worker.waiting("start_over"))
    await queue.wait_idle()
    queue.submit(worker.redo)
    await settle()
    assert worker.names == ["start_over", "undo"]
    queue.resume()
    await settle()
    assert worker.names == ["start_over", "undo", "redo"]


@asynchronous
async def test_it_goes_on_only_after_as_many_resumes_as_pauses():
    worker, queue = FakeWorker(undo=None), RequestQueue()
    queue.pause()
    queue.pause()
    queue.submit(worker.undo)
    queue.resume()
    await settle()
    assert worker.names == []
    queue.resume()
    await settle()
    assert worker.names == ["undo"]


@asynchronous
async def test_requests_of_another_photo_are_dropped_and_their_bitmaps_closed():
    worker, queue, got = FakeWorker(), RequestQueue(), []
    errors, response = heard(queue.failed), SimpleNamespace(alpha=Bitmap(), detail=SimpleNamespace(alpha=Bitmap()))
    queue.submit(worker.undo, on_success=got.append)
    queue.submit(worker.redo, on_success=got.append)
    await settle()
    queue.cancel_all()
    await answer(worker.waiting("undo"), response)
    assert got == [] and worker.names == ["undo"]
    assert response.alpha.is_closed and response.detail.alpha.is_closed

    queue.submit(worker.undo, on_error=lambda: got.append("refused"))
    await settle()
    queue.cancel_all()
    await refuse(worker.waiting("undo"), "InferenceError")
    assert got == [] and errors == []


@asynchronous
async def test_waiting_for_idle_ends_with_the_last_response():
    worker, queue, ended = FakeWorker(), RequestQueue(), []
    idle = heard(queue.idle_changed)

    async def wait():
        await queue.wait_idle()
        ended.append(True)

    await wait()  # at once, while nothing is asked
    queue.submit(worker.undo)
    queue.submit(worker.redo)
    assert not queue.is_idle
    task = asyncio.create_task(wait())
    await settle()
    await answer(worker.waiting("undo"))
    assert ended == [True]
    await answer(worker.waiting("redo"))
    assert ended == [True, True] and queue.is_idle and task.done()
    assert idle == [(False,), (True,)]


@asynchronous
async def test_it_is_not_idle_while_another_photo_is_opened():
    queue = RequestQueue()
    idle = heard(queue.idle_changed)
    queue.pause()
    assert not queue.is_idle
    await queue.wait_idle()  # nothing is running, so the photo can be opened
    queue.resume()
    assert queue.is_idle and idle == [(False,), (True,)]


@asynchronous
async def test_a_person_sees_activity_only_for_requests_that_are_waited_for():
    worker, queue = FakeWorker(), RequestQueue()
    activity, progress = heard(queue.activity_changed), heard(queue.progress)
    queue.submit(worker.render_cutout, quiet=True)
    queue.submit(worker.save_picture, low_priority=True)
    queue.submit(worker.save_picture)
    await settle()
    await answer(worker.waiting("render_cutout"))
    await answer(worker.waiting("save_picture"))
    worker.waiting("save_picture").on_progress("encode", 1, 2)
    await answer(worker.waiting("save_picture"))
    assert activity == [(False,), (False,), (True,), (False,)]
    assert progress == [("encode", 1, 2)]


def lost():
    """Refuse the first call as a new worker does, which has no photo open."""
    calls = []

    def respond():
        calls.append(1)
        return refusal("NothingOpenError") if len(calls) == 1 else "response"

    return respond


@asynchronous
async def test_a_worker_that_has_lost_the_photo_gets_it_back_and_is_asked_again():
    worker, queue, got = FakeWorker(undo=lost()), RequestQueue(), []
    errors = heard(queue.failed)

    async def recover():
        return True

    queue.recover_with(recover)
    queue.submit(worker.undo, on_success=got.append)
    await settle()
    assert got == ["response"] and errors == [] and worker.names == ["undo", "undo"]


@asynchronous
async def test_where_the_photo_cannot_be_opened_again_the_loss_is_reported():
    worker, queue = FakeWorker(undo=lost(), redo=refusal("InferenceError")), RequestQueue()
    errors, asked = heard(queue.failed), []

    async def recover():
        asked.append(True)
        return False

    queue.recover_with(recover)
    queue.submit(worker.undo)
    queue.submit(worker.redo)  # another error is no loss
    await settle()
    assert [error.name for (error,) in errors] == ["NothingOpenError", "InferenceError"]
    assert asked == [True] and worker.names == ["undo", "redo"]


@asynchronous
async def test_a_bug_in_what_gets_a_response_is_logged_and_stops_nothing(logged):
    worker, queue = FakeWorker(undo=None, redo=None), RequestQueue()
    queue.submit(worker.undo, on_success=lambda response: 1 / 0)
    queue.submit(worker.redo)
    await settle()
    assert worker.names == ["undo", "redo"] and queue.is_idle
    assert "ZeroDivisionError" in log.entries[-1][3]
    logged.append("A request failed")


@asynchronous
async def test_the_running_request_is_given_up_at_once_and_what_waits_is_sent_afterwards():
    worker, queue, got, given_up = FakeWorker(), RequestQueue(), [], []
    worker.cancelled = []
    worker.cancel = worker.cancelled.append
    activity, errors, cancelled = heard(queue.activity_changed), heard(queue.failed), heard(queue.cancelled)
    queue.submit(worker.save_picture, on_success=got.append, on_error=lambda: given_up.append(True))
    queue.submit(worker.undo, on_success=got.append)
    await settle()
    running = worker.waiting("save_picture")
    queue.cancel(worker)
    queue.cancel(worker)  # pressed twice
    assert given_up == [True] and activity[-1] == (False,) and len(cancelled) == 1
    assert worker.cancelled == [running.on_progress]
    await refuse(running, "EngineStoppedError")
    await answer(worker.waiting("undo"), "undone")
    assert got == ["undone"] and errors == [] and queue.is_idle
    queue.cancel(worker)  # nothing runs
    assert len(cancelled) == 1


@asynchronous
async def test_what_a_person_begins_to_wait_for_is_quiet_no_more():
    worker, queue = FakeWorker(), RequestQueue()
    activity = heard(queue.activity_changed)
    queue.submit(worker.save_picture, quiet=True)
    await settle()
    assert (True,) not in activity
    queue.wait_for(worker.undo)
    assert (True,) not in activity
    queue.wait_for(worker.save_picture)
    assert activity[-1] == (True,)
    await answer(worker.waiting("save_picture"))
    assert activity[-1] == (False,)
