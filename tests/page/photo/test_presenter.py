"""What a person sees and hears while the engine starts and a photo is cut out, and what a change of network does."""

from types import SimpleNamespace

import pytest
from core.request_queue import RequestQueue
from core.signals import Signal
from photo.engine_start import EngineStart
from photo.engine_status import EngineStatus
from photo.model_change import ModelChange
from photo.photo_flow import PhotoFlow
from photo.pickers import BackendPicker, ModelPicker
from photo.presenter import PhotoPresenter
from photo.progress import Progress
from photo.resume_offer import ResumeOffer
from photo.runtime_download import RuntimeDownload

from tests.page.fakes import (
    FakeClock,
    FakeNotice,
    FakeSelect,
    FakeWorker,
    answer,
    asynchronous,
    info,
    opened,
    photo,
    refusal,
    refuse,
    settle,
)

MODELS = {
    "fast": {"tier": "fast", "title": "Fast", "bytes": 1},
    "best": {"tier": "quality", "title": "Best", "bytes": 2},
}


class Upgrade:
    """Notes what is asked of the automatic upgrade."""

    def __init__(self, models, backends):
        self.done, self.models, self.backends = [], models, backends
        self.changed, self.state = Signal(), ""

    async def choice(self):
        model = self.models.selected
        return "fast" if model == "auto" else model, self.backends.selected

    def begin(self, response):
        self.done.append("begin")

    def abandon(self):
        self.done.append("abandon")


class Editor:
    def __init__(self):
        self.is_changed, self.used = False, []

    def has_work(self):
        return self.is_changed

    def use_model(self, model, backend):
        self.used.append((model, backend))


class Tab:
    async def read(self):
        return ""


class Page:
    """Everything around a photo, put together as in main.py, without a browser."""

    def __init__(self, **answers):
        usual = {
            "start": None,
            "load_model": info(),
            "info": info(),
            "list_works": SimpleNamespace(works=[]),
        }
        self.worker = FakeWorker(**{**usual, **answers})
        self.notice, self.editor, self.clock = FakeNotice(), Editor(), FakeClock()
        self.model_list, self.backend_list = FakeSelect(), FakeSelect()
        self.models, self.backends = ModelPicker(self.model_list), BackendPicker(self.backend_list)
        self.models.fill({"default": "fast", "models": MODELS})
        queue = RequestQueue()
        self.upgrade = Upgrade(self.models, self.backends)
        self.flow = PhotoFlow(
            self.worker, queue, self.upgrade.choice, lambda: 1000, lambda blob, name: photo(name), None
        )
        self.start = EngineStart(self.worker, self.upgrade.choice)
        self.status, self.progress = EngineStatus(self.clock.now), Progress(self.worker, self.clock.now)
        self.arrived = {}
        self.runtime = RuntimeDownload(lambda: self.arrived)
        self.runtime.set_files({"files": [{"path": "py.wasm", "group": "runtime", "bytes": 1000}]})
        self.offer = ResumeOffer(self.worker, queue, self.notice, None, Tab(), lambda: self.flow.current is None)
        PhotoPresenter(
            self.flow,
            self.start,
            self.worker,
            self.upgrade,
            self.backends,
            self.runtime,
            self.progress,
            self.status,
            self.notice,
            self.offer,
        )
        ModelChange(self.flow, self.editor, self.upgrade, self.start, self.models, self.backends)

    async def begin(self):
        self.start.begin()
        await settle()

    async def choose(self, name="cat.png"):
        self.flow.choose(photo(name))
        await settle()

    async def show(self, name="cat.png", **response):
        await self.choose(name)
        await answer(self.worker.waiting("open_photo"), opened(**response))

    @property
    def message(self):
        """The message that is on the page."""
        kind, text = (self.notice.shown or [("clear", "")])[-1]
        return "" if kind == "clear" else text


@asynchronous
async def test_the_engine_starts_with_the_chosen_network_and_is_ready():
    page = Page()
    await page.begin()
    assert page.worker.names[:2] == ["start", "load_model"]
    assert page.worker.of("load_model")[0].arguments == ("fast", "auto")
    assert page.status.state == "ready" and page.backend_list.is_shown is False and page.runtime.is_ready


@asynchronous
async def test_a_model_on_its_way_is_in_the_status_line_until_there_is_a_photo():
    page = Page()
    del page.worker.answers["load_model"]
    await page.begin()
    call = page.worker.waiting("load_model")
    call.on_progress("model", 1_000_000, 2_000_000)
    assert page.status.text == "Getting ready: 1.0 of 2.0 MB" and page.progress.text == ""
    await page.choose()
    call.on_progress("model", 1_500_000, 2_000_000)
    assert page.status.text == "Starting…" and page.progress.text == "Getting ready"


@asynchronous
async def test_a_photo_before_the_engine_shows_how_much_of_the_runtime_has_arrived():
    page = Page()
    page.arrived["py.wasm"] = 500
    await page.choose()
    assert (page.progress.stage, page.progress.done, page.progress.total) == ("runtime", 500, 1000)


@asynchronous
async def test_a_photo_clears_messages_withdraws_the_offer_and_ends_an_upgrade():
    page = Page(list_works=SimpleNamespace(works=[SimpleNamespace(id="w1")]))
    await page.begin()
    assert page.offer.is_shown
    page.notice.info("something")
    await page.choose()
    assert page.message == "" and not page.offer.is_shown and page.upgrade.done == ["abandon"]
    assert page.progress.stage == "decode"


@asynchronous
async def test_a_finished_photo_is_announced_with_its_size_and_upgraded():
    page = Page()
    await page.begin()
    await page.show(infer=1.0)
    assert page.notice.announced[-1] == "Cutout ready, 400 by 300 pixels."
    assert page.status.text == "Done" and page.upgrade.done[-1] == "begin"
    assert page.progress.text == "" and page.message == ""


@asynchronous
async def test_stages_are_announced_to_screen_readers():
    page = Page()
    await page.begin()
    await page.choose()
    page.worker.waiting("open_photo").on_progress("infer", 0, 0)
    assert page.notice.announced == ["Opening the photo", "Finding the subject"]


@pytest.mark.parametrize(
    ("notices", "text"),
    [
        (["animated"], "its first frame was cut out"),
        (["gpu-failed", "animated"], "The graphics processor failed"),
        (["gpu-differs"], "gives other results"),
        (["reduced"], "opened smaller: 400 by 300"),
        (["own-shape"], "keeps its own shape"),
        (["no-subject"], "No subject was found in this photo"),
        (["incomplete"], "what is missing of the photo is grey"),
        (["incomplete", "animated"], "is grey or not sharp. This is an animation"),
    ],
)
@asynchronous
async def test_what_is_worth_knowing_of_a_photo_is_shown(notices, text):
    page = Page()
    await page.choose()
    await answer(page.worker.waiting("open_photo"), opened(notices=notices))
    assert text in page.message
    assert page.backends.selected == ("wasm" if "gpu-failed" in notices else "auto")


@asynchronous
async def test_that_nothing_was_found_is_true_until_a_finer_network_finds_something():
    page = Page()
    for state, is_said in (("loading", True), ("done", False)):
        await page.choose()
        await answer(page.worker.waiting("open_photo"), opened(notices=["no-subject"]))
        page.upgrade.state = state
        page.upgrade.changed.emit()
        assert bool(page.message) is is_said
    await page.choose()
    await answer(page.worker.waiting("open_photo"), opened(notices=["animated"]))
    page.upgrade.changed.emit()
    assert page.message


@asynchronous
async def test_a_refusal_is_an_error_and_what_the_person_stopped_is_not():
    page = Page()
    await page.choose("diary.txt")
    await refuse(page.worker.waiting("open_photo"), "NotAnImageError")
    assert page.notice.shown[-1] == ("error", "The message of NotAnImageError.") and page.progress.text == ""
    await page.choose()
    await refuse(page.worker.waiting("open_photo"), "DownloadCancelledError")
    assert page.notice.shown[-1][0] == "info"


@asynchronous
async def test_that_models_cannot_be_cached_is_shown_once():
    page = Page(load_model=info(storage_problem="full"), info=info(storage_problem="full"))
    await page.begin()
    assert "no room" in page.message
    await page.show()
    await page.show()
    assert page.message == ""


@asynchronous
async def test_an_engine_that_does_not_start_is_an_error_and_one_that_was_stopped_is_not():
    page = Page(start=refusal("EngineStartError"))
    await page.begin()
    assert page.status.state == "failed" and page.notice.shown[-1][0] == "error"
    page.worker.answers["start"] = None
    page.notice.again()
    await settle()
    assert page.status.state == "ready"
    page = Page(load_model=refusal("EngineStoppedError"))
    await page.begin()
    assert page.status.state == "resting" and page.notice.shown == []


@asynchronous
async def test_an_engine_whose_start_fails_in_an_unforeseen_way_is_an_error_with_details(logged):
    logged.append("The engine could not be started")
    page = Page(load_model=ValueError("odd"))
    await page.begin()
    assert page.status.state == "failed" and page.notice.shown[-1][0] == "error"


@asynchronous
async def test_saved_work_is_not_looked_for_once_there_is_a_photo():
    page = Page()
    await page.show()
    await page.begin()
    assert "list_works" not in page.worker.names


@asynchronous
async def test_accepting_the_offer_restores_the_work():
    page = Page(restore_work=opened(file="blob", name="cat.png"))
    await page.begin()
    page.offer.accept("w1")
    await settle()
    assert page.notice.announced[-1] == "Your photo and your work are back." and page.flow.current.name == "cat.png"
    assert "begin" not in page.upgrade.done


@asynchronous
async def test_another_network_before_a_photo_is_loaded():
    page = Page()
    await page.begin()
    page.model_list.choose("best")
    await settle()
    assert page.worker.of("load_model")[-1].arguments == ("best", "auto")


@asynchronous
async def test_another_network_cuts_a_photo_without_work_out_again():
    page = Page()
    await page.show()
    page.model_list.choose("best")
    await settle()
    call = page.worker.waiting("open_photo")
    assert (call.arguments[0].name, call.arguments[1]) == (
        "cat.png",
        {"model": "best", "backend": "auto", "reduce": False},
    )
    assert "abandon" in page.upgrade.done


@asynchronous
async def test_a_network_chosen_while_a_photo_is_on_its_way_is_for_that_photo():
    page = Page()
    await page.show()
    page.editor.is_changed = True
    await page.choose("coffee.png")
    page.model_list.choose("best")
    await settle()
    await answer(page.worker.waiting("open_photo"), opened())
    call = page.worker.waiting("open_photo")
    assert (call.arguments[0].name, call.arguments[1]) == (
        "coffee.png",
        {"model": "best", "backend": "auto", "reduce": False},
    )
    assert page.editor.used == []  # what was chosen is no step of the photo before


@asynchronous
async def test_another_network_is_one_more_step_where_there_is_work():
    page = Page()
    await page.show()
    page.editor.is_changed = True
    page.model_list.choose("best")
    page.model_list.choose("auto")
    await settle()
    assert page.editor.used == [("best", "auto")] and len(page.worker.of("open_photo")) == 1


@asynchronous
async def test_another_backend_leaves_work_as_it_is():
    page = Page()
    await page.show()
    page.editor.is_changed = True
    page.backend_list.choose("webgpu")
    await settle()
    assert len(page.worker.of("open_photo")) == 1
    assert page.worker.of("load_model")[-1].arguments == ("fast", "webgpu")
    page.editor.is_changed = False
    page.backend_list.choose("wasm")
    await settle()
    assert page.worker.of("open_photo")[-1].arguments[1] == {"model": "fast", "backend": "wasm", "reduce": False}


@asynchronous
async def test_a_photo_that_is_given_up_is_no_error_and_the_engine_starts_again():
    page = Page()
    await page.begin()
    await page.choose()
    assert page.progress.can_cancel and page.progress.stage
    page.progress.press_cancel()
    await settle()
    assert page.worker.stops == 1 and page.progress.stage == "" and page.worker.names.count("start") == 2
    assert page.flow.current is None and not [kind for kind, _ in page.notice.shown if kind == "error"]


@asynchronous
async def test_a_photo_is_tried_again_by_a_button_where_another_try_may_help_and_only_there():
    page = Page()
    await page.begin()
    await page.choose()
    await refuse(page.worker.waiting("open_photo"), "ModelDownloadError")
    page.notice.again()
    await settle()
    call = page.worker.waiting("open_photo")
    assert call.arguments[0].name == "cat.png"
    await refuse(call, "NotAnImageError")
    assert page.notice.shown[-1][0] == "error" and page.notice.again is None
