"""The automatic upgrade: when it happens, what ends it, and what a person sees of it."""

from types import SimpleNamespace

import pytest
from core.preferences import Preferences
from core.request_queue import RequestQueue
from photo.auto_upgrade import AutoUpgrade
from photo.consent import Consent
from photo.pickers import BackendPicker, ModelPicker

from tests.page.fakes import (
    FakeClock,
    FakeSelect,
    FakeWorker,
    answer,
    asynchronous,
    heard,
    info,
    opened,
    refusal,
    refuse,
    settle,
)

CATALOGUE = {
    "default": "fast",
    "models": {
        "fast": {"tier": "fast", "title": "Fast", "bytes": 1_000_000},
        "best": {
            "tier": "quality",
            "title": "Best",
            "bytes": 44_000_000,
            "licence": {"commercial": "Unclear: ask a lawyer."},
        },
        "faces": {"tier": "people", "title": "Faces", "bytes": 8_000_000},
    },
}
CHANGED = SimpleNamespace(alpha=SimpleNamespace(width=4))
UNCHANGED = SimpleNamespace(alpha=None)


class Page:
    """An upgrade with the automatic choice of network, on a device with memory and a free connection."""

    def __init__(self, *cached, model="auto", device=(8, False), consent="yes", **answers):
        self.models = ModelPicker(FakeSelect(model))
        self.models.fill(CATALOGUE)
        self.backends = BackendPicker(FakeSelect())
        self.cached, self.device, self.clock = cached, device, FakeClock()
        usual = {"info": info(), "list_models": self._list, "cancel_download": None}
        self.worker, self.queue = FakeWorker(**{**usual, **answers}), RequestQueue()
        self.consent = Consent(Preferences({"finer": consent}, self._remember), self.models)
        self.remembered: list[tuple] = []
        self.applied, self.chosen = [], []
        self.upgrade = AutoUpgrade(
            self.worker,
            self.queue,
            self,
            self.models,
            self.backends,
            lambda: self.device,
            self.clock.now,
            self.consent,
        )
        self.states = []
        self.upgrade.changed.connect(lambda: self.states.append(self.upgrade.state))

    def _remember(self, name, value):
        self.remembered.append((name, value))

    def apply_upgrade(self, model, on_success, on_error):
        self.upgraded_to = model
        self.applied.append((on_success, on_error))

    def choose_alternative(self, model, backend, on_success, on_error):
        self.chosen.append((model, backend))

    def _list(self):
        return [
            SimpleNamespace(id=name, title=model["title"], bytes=model["bytes"], is_cached=name in self.cached)
            for name, model in CATALOGUE["models"].items()
        ]

    async def show_photo(self, **response):
        self.upgrade.begin(opened(**response))
        await settle()


FOUND = SimpleNamespace(seconds=SimpleNamespace(infer=4.0), suited="best")
STORED = SimpleNamespace(storage_problem="")


@asynchronous
async def test_a_finer_cutout_is_downloaded_computed_and_put_in_place():
    page = Page()
    await page.show_photo()
    assert page.upgrade.state == "loading" and page.upgrade.is_shown and page.upgrade.can_stop
    download = page.worker.waiting("cache_model")
    assert download.arguments == ("best",)
    page.clock.seconds += 1
    download.on_progress("model", 11_000_000, 44_000_000)
    assert page.upgrade.values["bytes"].startswith("11.0 of 44.0 MB")
    await answer(download, STORED)
    assert page.upgrade.state == "working" and page.upgrade.values == {"title": "Best"}
    assert page.worker.waiting("find_alternative").arguments == ("best", "auto")
    await answer(page.worker.waiting("find_alternative"), FOUND)
    page.applied[0][0](CHANGED)
    assert page.upgrade.state == "done" and page.upgrade.values == {"title": "Best"} and not page.upgrade.can_stop


@asynchronous
async def test_a_download_is_asked_for_once_with_its_size_and_what_is_unclear_about_its_terms():
    page = Page(consent=None)
    await page.show_photo()
    assert page.upgrade.state == "offer" and not page.upgrade.can_stop
    assert "44.0 MB" in page.upgrade.offer_text and "unclear" in page.upgrade.offer_text
    assert "cache_model" not in page.worker.names
    page.upgrade.answer(True)
    await settle()
    assert page.worker.waiting("cache_model").arguments == ("best",) and page.remembered == [("finer", "yes")]


@asynchronous
async def test_a_no_is_remembered_and_nothing_is_downloaded_or_said():
    page = Page(consent=None)
    await page.show_photo()
    page.upgrade.answer(False)
    await page.show_photo()
    assert page.remembered == [("finer", "no")] and page.upgrade.state == "" and "cache_model" not in page.worker.names

    page = Page("best", consent="no", find_alternative=FOUND)
    await page.show_photo()
    assert len(page.applied) == 1  # what is on the device is used


@asynchronous
async def test_on_a_metered_connection_nobody_is_asked():
    page = Page(consent=None, device=(8, True))
    await page.show_photo()
    assert page.upgrade.state == "connection"


@asynchronous
async def test_an_answer_for_a_photo_that_is_gone_counts_for_the_next():
    page = Page(consent=None)
    await page.show_photo()
    page.upgrade.abandon()
    page.upgrade.answer(True)
    await settle()
    assert page.upgrade.state == "" and "cache_model" not in page.worker.names


@asynchronous
async def test_what_is_on_the_device_is_not_downloaded_and_no_change_is_reported_as_such():
    page = Page("best", find_alternative=FOUND)
    await page.show_photo()
    assert "cache_model" not in page.worker.names
    page.applied[0][0](UNCHANGED)
    assert page.upgrade.state == "same"


@asynchronous
async def test_a_picture_that_keeps_its_own_shape_gets_no_finer_one():
    """No network has looked at it, and a finer one would not be downloaded for nothing."""
    page = Page()
    await page.show_photo(notices=["own-shape"])
    assert (
        "cache_model" not in page.worker.names
        and "find_alternative" not in page.worker.names
        and page.upgrade.state == ""
    )


@asynchronous
async def test_the_file_of_the_fast_cutout_is_made_first():
    page = Page("best", find_alternative=FOUND)
    page.queue.submit(page.worker.save_picture, low_priority=True)
    await page.show_photo()
    assert page.worker.names == ["save_picture"]
    await answer(page.worker.waiting("save_picture"))
    assert len(page.applied) == 1


@asynchronous
async def test_a_person_can_stop_it_and_the_download_with_it():
    page = Page()
    await page.show_photo()
    page.upgrade.stop()
    await settle()
    assert page.upgrade.state == "stopped" and not page.upgrade.can_stop
    assert page.worker.of("cancel_download")[0].arguments == ("best",)
    await refuse(page.worker.waiting("cache_model"), "DownloadCancelledError")
    assert page.upgrade.state == "stopped" and page.applied == []


@asynchronous
async def test_it_can_be_stopped_while_it_is_computed():
    page = Page("best")
    await page.show_photo()
    page.upgrade.stop()
    await answer(page.worker.waiting("find_alternative"), FOUND)
    assert page.upgrade.state == "stopped" and page.applied == []
    assert "cancel_download" not in page.worker.names


@asynchronous
async def test_a_download_cancelled_elsewhere_stops_it():
    page = Page()
    await page.show_photo()
    await refuse(page.worker.waiting("cache_model"), "DownloadCancelledError")
    assert page.upgrade.state == "stopped"


@asynchronous
async def test_a_new_photo_ends_it_but_not_its_download_and_gets_an_upgrade_itself():
    page = Page()
    await page.show_photo()
    page.upgrade.abandon()
    assert page.upgrade.state == "" and not page.upgrade.is_shown
    first = page.worker.waiting("cache_model")
    first.on_progress("model", 1, 2)
    assert page.upgrade.state == ""
    await page.show_photo()
    second = page.worker.of("cache_model")[1]
    await answer(first, STORED)
    assert page.applied == [] and "find_alternative" not in page.worker.names
    await answer(second, STORED)
    await answer(page.worker.waiting("find_alternative"), FOUND)
    assert len(page.applied) == 1 and "cancel_download" not in page.worker.names


@asynchronous
async def test_what_was_applied_for_another_photo_is_not_reported_for_this_one():
    page = Page("best", find_alternative=FOUND)
    await page.show_photo()
    page.upgrade.abandon()
    page.applied[0][0](CHANGED)
    page.applied[0][1]()
    assert page.upgrade.state == ""


@asynchronous
async def test_a_network_that_was_chosen_is_not_replaced():
    for chosen in ("fast", "best"):
        page = Page("best", model=chosen)
        await page.show_photo(model=chosen)
        assert page.upgrade.state == "" and page.worker.names == []
        assert page.upgrade.first_model == chosen


@asynchronous
async def test_a_photo_that_a_finer_network_has_cut_out_is_not_replaced():
    page = Page("best")
    await page.show_photo(model="best", infer=0.2)
    assert page.worker.names == []


@pytest.mark.parametrize(
    ("device", "engine", "seconds", "reason"),
    [
        ((2, False), {}, 1, "memory"),
        ((None, False), {"low_memory": True}, 1, "memory"),
        ((8, True), {}, 1, "connection"),
        ((8, False), {"storage_problem": "full"}, 1, "storage"),
        ((8, False), {}, 20, "slow"),
    ],
)
@asynchronous
async def test_where_it_would_cost_too_much_there_is_none_and_the_reason_is_shown_once(device, engine, seconds, reason):
    page = Page(device=device, info=info(**engine))
    await page.show_photo(infer=seconds)
    assert page.upgrade.state == reason and page.upgrade.is_shown and not page.upgrade.can_stop
    assert "cache_model" not in page.worker.names
    await page.show_photo(infer=seconds)
    assert page.upgrade.state == reason and not page.upgrade.is_shown


@asynchronous
async def test_what_is_on_the_device_already_costs_no_connection():
    page = Page(device=(8, True), find_alternative=FOUND)
    await page.show_photo()
    assert page.upgrade.state == "connection"
    page.cached = ("best",)
    await page.show_photo()
    assert len(page.applied) == 1


@asynchronous
async def test_a_device_that_cannot_cache_the_network_does_without():
    page = Page(cache_model=SimpleNamespace(storage_problem="full"))
    await page.show_photo()
    assert page.upgrade.state == "storage" and page.applied == []


@pytest.mark.parametrize("request_name", ["cache_model", "find_alternative", "info"])
@asynchronous
async def test_a_finer_network_that_cannot_be_had_leaves_the_fast_result(request_name):
    page = Page(**{"cache_model": STORED, "find_alternative": FOUND, request_name: refusal("ModelDownloadError")})
    await page.show_photo()
    assert page.upgrade.state == "failed" and page.upgrade.is_shown and page.applied == []


@asynchronous
async def test_an_upgrade_that_cannot_be_put_in_place_has_failed():
    page = Page("best", find_alternative=FOUND)
    await page.show_photo()
    page.applied[0][1]()
    assert page.upgrade.state == "failed"


@asynchronous
async def test_a_bug_ends_it_and_is_logged(logged):
    page = Page("best", find_alternative=SimpleNamespace())
    await page.show_photo()
    assert page.upgrade.state == "failed" and not page.upgrade.can_stop
    logged.append("An upgrade failed")


@asynchronous
async def test_the_next_photo_goes_to_the_finer_network_at_once_where_that_is_quick():
    quick = SimpleNamespace(title="Best", seconds=SimpleNamespace(infer=0.2))
    page = Page("best", find_alternative=quick)
    assert page.upgrade.first_model == "fast"
    await page.show_photo(backend="webgpu")
    assert page.upgrade.first_model == "best"


@asynchronous
async def test_the_upgrade_runs_where_the_person_chose():
    page = Page("best", find_alternative=FOUND)
    page.backends.heed(["gpu-failed"])
    changes = heard(page.upgrade.changed)
    await page.show_photo()
    assert page.worker.of("find_alternative")[0].arguments == ("best", "wasm") and changes


@asynchronous
async def test_the_first_result_can_be_brought_back_until_the_next_edit():
    page = Page("best", find_alternative=FOUND)
    page.upgrade.go_back()
    await page.show_photo()
    page.applied[0][0](CHANGED)
    assert page.upgrade.can_go_back
    page.upgrade.go_back()
    assert page.chosen == [("fast", "auto")] and page.upgrade.state == "" and not page.upgrade.can_go_back
    page.upgrade.go_back()
    assert len(page.chosen) == 1


@asynchronous
@pytest.mark.parametrize(("suited", "title"), [("faces", "Faces"), ("best", "Best")])
async def test_a_network_for_people_that_is_on_the_device_looks_too_and_is_taken_where_it_suits(suited, title):
    page = Page("best", "faces")
    await page.show_photo()
    await answer(page.worker.waiting("find_alternative"), FOUND)
    assert page.worker.waiting("find_alternative").arguments == ("faces", "auto") and not page.applied
    await answer(page.worker.waiting("find_alternative"), SimpleNamespace(seconds=SimpleNamespace(), suited=suited))
    assert page.upgraded_to == suited
    page.applied[0][0](CHANGED)
    assert page.upgrade.state == "done" and page.upgrade.values == {"title": title}


@asynchronous
async def test_a_network_for_people_is_not_downloaded_for_the_automatic_choice():
    page = Page("best", find_alternative=FOUND)
    await page.show_photo()
    assert page.upgraded_to == "best" and "cache_model" not in page.worker.names
    assert len(page.worker.of("find_alternative")) == 1


@asynchronous
async def test_the_finer_result_is_taken_where_the_network_for_people_fails():
    page = Page("best", "faces")
    await page.show_photo()
    await answer(page.worker.waiting("find_alternative"), FOUND)
    await refuse(page.worker.waiting("find_alternative"), "InferenceError")
    assert page.upgraded_to == "best"


@asynchronous
async def test_another_photo_ends_the_look_of_the_network_for_people():
    page = Page("best", "faces")
    await page.show_photo()
    await answer(page.worker.waiting("find_alternative"), FOUND)
    page.upgrade.abandon()
    await answer(page.worker.waiting("find_alternative"), SimpleNamespace(seconds=SimpleNamespace(), suited="faces"))
    assert not page.applied
