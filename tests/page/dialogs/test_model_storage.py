"""The actions of the storage dialog."""

import asyncio
from types import SimpleNamespace

import pytest
from dialogs.model_storage import ModelStorage, actions_for, state_text

from tests.page.fakes import FakeClock, FakeWorker, answer, asynchronous, heard, refusal, settle


def model(cached=0, is_downloading=False, is_paused=False, is_own=False):
    return SimpleNamespace(
        id="isnet",
        bytes=44_000_000,
        cached_bytes=cached,
        is_cached=cached == 44_000_000,
        is_downloading=is_downloading,
        is_paused=is_paused,
        is_own=is_own,
    )


@pytest.mark.parametrize(
    ("given", "actions", "text"),
    [
        (model(), {"download"}, "44.0 MB · not on this device"),
        (model(1_000_000), {"download", "delete"}, "44.0 MB · 1.0 MB on this device"),
        (model(44_000_000), {"delete"}, "44.0 MB · on this device"),
        (model(44_000_000, is_own=True), {"edit", "delete"}, "44.0 MB · on this device"),
        (model(1_000_000, is_own=True), {"download", "delete"}, "44.0 MB · 1.0 MB on this device"),
        (model(1, is_downloading=True), {"pause", "cancel"}, ""),
        (model(1, is_downloading=True, is_paused=True), {"resume", "cancel"}, "Paused. What has arrived is kept."),
    ],
)
def test_what_can_be_done_goes_by_how_much_is_here(given, actions, text):
    assert set(actions_for(given)) == actions
    assert state_text(given) == text


class Dialog:
    def __init__(self, **answers):
        self.worker, self.clock, self.deleted = FakeWorker(**answers), FakeClock(), []
        self.storage = ModelStorage(self.worker, self._delete, self.clock.now)
        self.messages, self.progress = heard(self.storage.message), heard(self.storage.progress)
        self.asked, self.cleared = heard(self.storage.asked), heard(self.storage.deleted)

    async def _delete(self):
        self.deleted.append(True)


@asynchronous
async def test_the_description_of_a_network_of_ones_own_is_changed_elsewhere():
    dialog = Dialog()
    edited = heard(dialog.storage.edited)
    await dialog.storage.run("edit", "own-1")
    assert edited == [("own-1",)] and dialog.worker.calls == []


@asynchronous
async def test_a_model_is_downloaded_with_its_progress():
    dialog = Dialog()
    task = asyncio.create_task(dialog.storage.run("download", "isnet"))
    await settle()
    call = dialog.worker.waiting("cache_model")
    call.on_progress("model", 22_000_000, 44_000_000)
    await answer(call, SimpleNamespace(storage_problem=""))
    assert dialog.progress == [("isnet", "22.0 of 44.0 MB", 22_000_000, 44_000_000)]
    assert dialog.messages == [("",)] and task.done()


@asynchronous
async def test_a_model_that_cannot_be_cached_is_shown_as_in_memory_only():
    dialog = Dialog(cache_model=SimpleNamespace(storage_problem="full"))
    await dialog.storage.run("download", "isnet")
    assert "no room" in dialog.messages[-1][0]


@asynchronous
async def test_a_model_is_deleted_and_the_freed_bytes_are_shown():
    dialog = Dialog(delete_model=SimpleNamespace(freed_bytes=2_400_000))
    await dialog.storage.run("delete", "isnet")
    assert dialog.messages[-1][0].startswith("2.4 MB deleted")


@pytest.mark.parametrize("action", ["pause", "resume", "cancel"])
@asynchronous
async def test_a_download_is_paused_resumed_and_cancelled(action):
    dialog = Dialog(**{action + "_download": None})
    await dialog.storage.run(action, "isnet")
    assert [(call.name, call.arguments) for call in dialog.worker.calls] == [(action + "_download", ("isnet",))]


@asynchronous
async def test_a_refusal_is_shown():
    dialog = Dialog(delete_model=refusal("ModelDownloadError"))
    await dialog.storage.run("delete", "isnet")
    assert dialog.messages == [("The message of ModelDownloadError.",)]


@asynchronous
async def test_everything_is_deleted_only_after_a_second_press_that_is_no_double_click():
    dialog = Dialog(cancel_download=None)
    storage = dialog.storage
    await storage.delete_everything()
    assert dialog.asked == [(True,)]
    dialog.clock.seconds += 0.2
    await storage.delete_everything()
    assert dialog.deleted == []
    dialog.clock.seconds += 1
    await storage.delete_everything()
    assert dialog.deleted == [True] and dialog.worker.names == ["cancel_download"] and len(dialog.cleared) == 1
    assert dialog.asked[-1] == (False,) and dialog.messages[-1][0].startswith("Everything is deleted")


@asynchronous
async def test_everything_is_deleted_also_where_the_worker_was_stopped():
    dialog = Dialog(cancel_download=refusal("EngineStoppedError"))
    await dialog.storage.delete_everything()
    dialog.clock.seconds += 1
    await dialog.storage.delete_everything()
    assert dialog.deleted == [True]


@asynchronous
async def test_opening_the_dialog_again_forgets_the_question():
    dialog = Dialog()
    await dialog.storage.delete_everything()
    dialog.storage.reset()
    dialog.clock.seconds += 5
    await dialog.storage.delete_everything()
    assert dialog.deleted == [] and dialog.asked == [(True,), (False,), (True,)]
