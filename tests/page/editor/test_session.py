"""The open photo in the worker: requests, what their responses change, and a worker that was stopped."""

import asyncio
from types import SimpleNamespace

import pytest
from core.request_queue import RequestQueue
from editor.history import History
from editor.layers import Layers
from editor.session import EditingSession

from tests.page.editor.fakes import Canvas, changed, photo_response, unchanged
from tests.page.editor.fakes import history as history_response
from tests.page.fakes import FakeNotice, FakeWorker, answer, asynchronous, heard, refusal, refuse, settle

STROKE = {"kind": "stroke", "mode": "erase"}


class Settings:
    """The settings of the photo."""

    def __init__(self) -> None:
        self.taken: list = []

    def value(self) -> dict:
        return {"edges": {"grow": 3}}

    def take(self, response) -> None:
        self.taken.append(response.settings)


class Editor:
    """A session with a photo open."""

    def __init__(self, is_preview: bool = True, drawn=None, **answers) -> None:
        self.worker, self.queue, self.notice = FakeWorker(**answers), RequestQueue(), FakeNotice()
        self.worker.answers.setdefault("render_photo", lambda: photo_response(is_preview=False))
        self.layers, self.history, self.settings = Layers(Canvas), History(), Settings()
        self.session = EditingSession(
            self.worker, self.queue, self.layers, self.history, self.settings, self.notice, lambda: 1_000_000, drawn
        )
        self.reopened = 0
        response = photo_response(is_preview=is_preview)
        self.layers.open(response)
        self.session.open(response, "cat.png", self._reopen)

    async def _reopen(self):
        self.reopened += 1
        return photo_response()


@asynchronous
async def test_a_photo_that_was_opened_as_a_preview_is_finished():
    editor = Editor()
    finished = heard(editor.session.finished)
    await settle()
    response = photo_response(is_preview=False)
    await answer(editor.worker.waiting("finish_photo"), response)
    assert finished == [(response,)] and editor.session.name == "cat.png"


@asynchronous
async def test_a_preview_is_seen_before_the_worker_goes_on():
    seen = asyncio.Event()
    editor = Editor(drawn=seen.wait)
    await settle()
    assert editor.worker.calls == []
    seen.set()
    await settle()
    assert editor.worker.waiting("finish_photo")


@asynchronous
async def test_restored_work_is_complete():
    editor = Editor(is_preview=False)
    await settle()
    assert editor.worker.calls == []


@asynchronous
async def test_a_step_is_in_the_history_at_once_and_in_the_mask_with_the_response():
    editor = Editor(is_preview=False)
    shown, order = heard(editor.session.alpha_changed), []
    editor.session.alpha_changed.connect(lambda box: order.append("mask"))
    editor.session.apply(STROKE, lambda: order.append("done"))
    assert editor.history.names == ["step.erase"] and editor.history.can_undo
    await settle()
    assert editor.worker.waiting("apply_operation").arguments == (STROKE,)
    await answer(editor.worker.waiting("apply_operation"), changed("step.erase"))
    assert order == ["done", "mask"] and shown == [((20, 40, 32, 56),)]
    assert editor.notice.announced == ["Erase"]


@asynchronous
async def test_an_operation_that_changes_nothing_says_so():
    editor = Editor(is_preview=False)
    shown = heard(editor.session.alpha_changed)
    editor.session.apply(STROKE)
    await settle()
    await answer(editor.worker.waiting("apply_operation"), unchanged())
    assert editor.notice.shown == [("toast", "Nothing changed.")] and shown == [] and editor.history.names == []


@asynchronous
async def test_a_refused_operation_is_reported_and_is_no_step():
    editor = Editor(is_preview=False)
    refused = []
    editor.session.apply(STROKE, on_error=lambda: refused.append(True))
    await settle()
    await refuse(editor.worker.waiting("apply_operation"), "InvalidEditError")
    assert refused == [True] and editor.history.names == [] and not editor.history.can_undo
    assert editor.notice.shown == [("error", "The message of InvalidEditError.")]


@asynchronous
async def test_undo_and_redo_are_announced_and_take_back_a_stroke_that_goes_on():
    editor = Editor(is_preview=False)
    stepping = heard(editor.session.stepping)
    editor.history.update(history_response("step.erase", "step.restore"))
    editor.session.undo()
    assert editor.history.position == 1 and len(stepping) == 1
    await settle()
    await answer(editor.worker.waiting("undo"), changed("step.erase", "step.restore", position=1))
    assert editor.notice.announced[-1] == "Undone: Restore"
    editor.session.redo()
    await settle()
    await answer(editor.worker.waiting("redo"), changed("step.erase", "step.restore"))
    assert editor.notice.announced[-1] == "Redone: Restore" and editor.history.position == 2


@asynchronous
async def test_undo_at_the_start_and_redo_at_the_end_ask_nothing():
    editor = Editor(is_preview=False)
    editor.session.undo()
    editor.session.redo()
    editor.session.go_to(0)
    await settle()
    assert editor.worker.calls == []


@asynchronous
async def test_any_step_can_be_gone_to_and_the_start_as_one_more():
    editor = Editor(is_preview=False)
    editor.history.update(history_response("step.erase", "step.restore"))
    editor.session.go_to(0)
    assert editor.history.position == 0
    await settle()
    assert editor.worker.waiting("go_to_step").arguments == (0,)
    await answer(editor.worker.waiting("go_to_step"), changed("step.erase", "step.restore", position=0))
    editor.session.start_over()
    await settle()
    await answer(editor.worker.waiting("start_over"), changed("step.start_over", settings="plain"))
    assert editor.history.names == ["step.start_over"]


@asynchronous
async def test_undo_of_settings_sets_the_controls_and_says_so_though_no_mask_changes():
    editor = Editor(is_preview=False)
    editor.history.update(history_response("step.erase", "step.background.colour"))
    editor.session.undo()
    await settle()
    response = unchanged("step.erase", "step.background.colour", position=1)
    response.settings = "plain"
    await answer(editor.worker.waiting("undo"), response)
    assert editor.settings.taken == ["plain"]
    assert editor.notice.announced == ["Erase", "Undone: Background: colour"]


@asynchronous
async def test_another_network_is_loaded_and_is_one_more_step():
    editor = Editor(is_preview=False, load_model=None)
    editor.session.use_model("best", "wasm")
    await settle()
    assert editor.worker.names == ["load_model", "apply_operation"]
    assert editor.worker.calls[0].arguments == ("best", "wasm")
    assert editor.worker.calls[1].arguments == ({"kind": "network", "model": "best"},)
    assert editor.history.names == ["step.network"]


@asynchronous
async def test_an_upgrade_is_shown_and_reported_to_the_caller():
    editor = Editor(is_preview=False)
    done, failed = [], []
    edited = heard(editor.history.edited)
    editor.session.apply_upgrade("best", done.append, lambda: failed.append(True))
    await settle()
    response = changed("step.finer", network="best")
    await answer(editor.worker.waiting("use_alternative"), response)
    assert editor.worker.of("use_alternative")[0].arguments == ("best", True)
    assert done == [response] and editor.history.names == ["step.finer"] and editor.history.network == "best"
    editor.session.apply_upgrade("best", done.append, lambda: failed.append(True))
    await settle()
    await refuse(editor.worker.waiting("use_alternative"), "InferenceError")
    assert failed == [True] and edited == []


@asynchronous
async def test_a_result_that_is_chosen_is_found_first_where_the_worker_has_lost_it_and_is_an_edit():
    editor = Editor(is_preview=False)
    done, failed, stepping = [], [], heard(editor.session.stepping)
    edited = heard(editor.history.edited)
    editor.session.choose_alternative("best", "wasm", lambda: done.append(True), lambda: failed.append(True))
    await settle()
    assert len(stepping) == 1 and editor.worker.names == ["find_alternative"]
    assert editor.worker.waiting("find_alternative").arguments == ("best", "wasm")
    await answer(editor.worker.waiting("find_alternative"))
    assert editor.worker.waiting("use_alternative").arguments == ("best", False)
    await answer(editor.worker.waiting("use_alternative"), changed("step.chosen", "step.erase", network="best"))
    assert editor.history.names == ["step.chosen", "step.erase"] and editor.history.network == "best"
    assert done == [True] and len(edited) == 1
    for name in ("find_alternative", "use_alternative"):
        editor.session.choose_alternative("fast", "wasm", lambda: done.append(True), lambda: failed.append(True))
        await settle()
        if name == "use_alternative":
            await answer(editor.worker.waiting("find_alternative"))
        await refuse(editor.worker.waiting(name), "HelpError")
    assert failed == [True, True] and len(done) == 1 and editor.history.network == "best"


class Stopped:
    """Answers as a worker that was stopped with the photo in it until the photo is open there again."""

    def __init__(self) -> None:
        self.has_photo = False

    def apply(self, operation):
        return changed("step.erase") if self.has_photo else refusal("NothingOpenError")

    def settings(self, settings):
        self.has_photo = True
        return SimpleNamespace(history=history_response("step.grow"))


@asynchronous
async def test_a_stopped_worker_opens_the_photo_again_where_nothing_was_done_to_it():
    stopped = Stopped()
    editor = Editor(apply_operation=stopped.apply, set_settings=stopped.settings)
    editor.worker.answers["finish_photo"] = lambda: photo_response(is_preview=False)
    recovered = heard(editor.session.recovered)
    editor.session.apply(STROKE)
    await settle()
    assert editor.reopened == 1 and len(recovered) == 1
    assert editor.worker.names[-5:] == [
        *("apply_operation", "finish_photo", "set_settings", "render_photo", "apply_operation")
    ]
    assert editor.worker.of("set_settings")[0].arguments == ({"edges": {"grow": 3}},)
    assert editor.history.names == ["step.erase"] and editor.notice.shown == []


@pytest.mark.parametrize("reason", ["steps", "restored"])
@asynchronous
async def test_a_stopped_worker_restores_the_saved_work_where_the_file_is_not_enough(reason):
    stopped = Stopped()
    work = photo_response(is_preview=False, name="cat.png", work="w1", history=history_response("step.restore"))
    editor = Editor(
        is_preview=reason != "restored",
        apply_operation=stopped.apply,
        set_settings=stopped.settings,
        restore_work=work,
        finish_photo=lambda: photo_response(is_preview=False, work="w1"),
    )
    editor.session.work = "w1"
    if reason == "steps":
        editor.history.update(history_response("step.restore"))
    editor.session.apply(STROKE)
    await settle()
    assert editor.reopened == 0 and editor.worker.of("restore_work")[0].arguments == ("w1", 1_000_000)
    assert editor.notice.shown == [] and work.photo.is_closed


class Ended:
    """Answers as a worker that has kept the first of two strokes and then ends, and as the next one."""

    def __init__(self, is_kept: bool = True) -> None:
        self.done: list[int] = []
        self.has_photo = self.is_kept = is_kept
        self.editor = Editor(
            apply_operation=self.apply, set_settings=self.settings, restore_work=self.restore, finish_photo=self.finish
        )
        self.has_photo = True

    def end(self) -> None:
        self.has_photo, self.done = False, []
        self.editor.worker.has_ended = True

    def apply(self, operation):
        if not self.has_photo:
            return refusal("NothingOpenError")
        self.done.append(operation["size"])
        return changed(*["step.erase"] * len(self.done), revision=len(self.done))

    def restore(self, work, max_pixels):
        if not self.is_kept:
            return refusal("WorkDamagedError")
        self.has_photo, self.done = True, [1]
        return photo_response(is_preview=False, work=work, history=history_response("step.erase", revision=1))

    def finish(self):
        self.has_photo = True
        return photo_response(is_preview=False, work="w1")

    def settings(self, settings):
        names = ["step.erase"] * len(self.done)
        return SimpleNamespace(alpha=None, history=history_response(*names, revision=len(names)))


@pytest.mark.parametrize("is_kept", [True, False])
@asynchronous
async def test_what_a_worker_that_ends_has_not_kept_is_done_once_more(is_kept):
    ended = Ended(is_kept)
    editor, recovered = ended.editor, heard(ended.editor.session.recovered)
    for size in (1, 2):
        editor.session.apply(STROKE | {"size": size})
        await settle()
    for size in (3, 4):
        ended.end()
        editor.session.apply(STROKE | {"size": size})
        await settle()
        assert ended.done == list(range(1, size + 1)) and editor.history.position == size
    assert editor.reopened == (0 if is_kept else 2) and len(recovered) == 2
    assert editor.notice.shown == [("toast", "The engine had to be started again. Nothing is lost.")] * 2


@asynchronous
async def test_a_photo_whose_work_is_gone_with_the_worker_is_lost():
    editor = Editor(
        is_preview=False,
        apply_operation=lambda operation: refusal("NothingOpenError"),
        restore_work=lambda *arguments: refusal("WorkDamagedError"),
    )
    lost = heard(editor.session.lost)
    editor.session.apply(STROKE)
    await settle()
    assert lost == [()] and editor.history.names == []


@asynchronous
async def test_a_photo_that_was_closed_is_not_opened_again():
    editor = Editor(is_preview=False, apply_operation=lambda operation: refusal("NothingOpenError"))
    editor.session.close()
    editor.session.apply(STROKE)
    await settle()
    assert editor.worker.names == ["apply_operation"] and not editor.history.can_undo
