"""Other networks' results: when they are looked for, what a person sees of them, and what a choice does."""

from types import SimpleNamespace

import pytest
from core.request_queue import RequestQueue
from core.signals import Signal
from photo.alternatives import Alternatives
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
        "best": {"tier": "quality", "title": "Best", "bytes": 44_000_000},
        "same": {"tier": "balanced", "title": "Same weights", "bytes": 44_000_000},
        "people": {"tier": "permissive", "title": "People", "bytes": 13_000_000},
    },
}


class Upgrade:
    """The automatic upgrade: over, unless a test says otherwise."""

    def __init__(self) -> None:
        self.changed, self.can_stop, self.state = Signal(), False, "done"

    def abandon(self) -> None:
        self.end("")

    def end(self, state: str) -> None:
        self.can_stop, self.state = False, state
        self.changed.emit()


class Page:
    """A page on which some networks are on the device, and some disagree with the first."""

    def __init__(self, *cached: str, disagree=(), looked=("fast", "best"), device=(8, False), **answers) -> None:
        self.models, self.backends = ModelPicker(FakeSelect("auto")), BackendPicker(FakeSelect())
        self.models.fill(CATALOGUE)
        self.cached, self.lacking = {"fast", *cached}, {}
        self.disagree, self.looked, self.device = disagree, list(looked), device
        usual = {
            "info": info(),
            "list_models": self._list_models,
            "list_alternatives": self._list,
            "find_alternative": self._find,
            "cancel_download": None,
        }
        self.worker, self.queue = FakeWorker(**{**usual, **answers}), RequestQueue()
        self.upgrade, self.network, self.choices = Upgrade(), "best", []
        self.pauses: list[float] = []
        self.alternatives = Alternatives(
            self.worker,
            self.queue,
            self,
            self.upgrade,
            self.models,
            self.backends,
            lambda: self.device,
            FakeClock().now,
            self._sleep,
        )

    async def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def choose_alternative(self, model, backend, on_success, on_error) -> None:
        self.choices.append((model, backend, on_success, on_error))

    def _list_models(self):
        models = CATALOGUE["models"].items()
        return [
            SimpleNamespace(
                id=name,
                title=model["title"],
                bytes=model["bytes"],
                cached_bytes=model["bytes"] - (0 if name in self.cached else self.lacking.get(name, model["bytes"])),
            )
            for name, model in models
        ]

    def _list(self, side):
        pictures = [
            SimpleNamespace(model=name, title=CATALOGUE["models"][name]["title"], picture=f"data:{name}")
            for name in self.looked
            if name == self.looked[0] or name in self.disagree
        ]
        is_doubtful = any(name in self.disagree for name in self.looked if name != "people")
        return SimpleNamespace(pictures=pictures, looked=list(self.looked), is_doubtful=is_doubtful)

    def _find(self, model, backend):
        assert backend == "auto"
        self.looked.append(model)
        return SimpleNamespace(seconds=SimpleNamespace(infer=1.0))

    async def show_photo(self, **response) -> None:
        self.alternatives.photo_shown(opened(**response))
        self.alternatives.photo_opened(opened(**response))
        await settle()

    @property
    def asked(self) -> list[str]:
        return [call.arguments[0] for call in self.worker.of("find_alternative")]

    @property
    def shown(self) -> list[str]:
        return [result.model for result in self.alternatives.results] if self.alternatives.is_shown else []


@asynchronous
async def test_a_photo_on_which_the_networks_agree_is_left_alone():
    page = Page("best", "same")
    await page.show_photo()
    assert page.shown == [] and page.asked == [] and not page.alternatives.is_doubtful


@asynchronous
async def test_where_they_disagree_the_results_are_shown_and_those_on_the_device_are_asked():
    page = Page("best", "same", disagree=("best", "same"))
    await page.show_photo()
    assert page.alternatives.is_doubtful and page.shown == ["fast", "best", "same"] and page.asked == ["same"]
    assert page.alternatives.text == "This photo can be read in several ways. Is one of these better?"
    assert page.alternatives.current == "best" and page.alternatives.state == page.alternatives.note == ""
    assert page.alternatives.offer == "One more (13\u00a0MB)"
    assert "cache_model" not in page.worker.names


@asynchronous
async def test_while_a_network_is_asked_that_is_said():
    page = Page("best", "same", disagree=("best",), find_alternative=None)
    del page.worker.answers["find_alternative"]
    await page.show_photo()
    assert page.shown == ["fast", "best"] and page.alternatives.note == "Looking once more…"
    assert page.alternatives.offer == ""
    await answer(page.worker.waiting("find_alternative"))
    assert page.alternatives.note == ""


@asynchronous
async def test_nothing_is_asked_while_something_else_is_done():
    page = Page("best", "same", disagree=("best",))
    page.queue.submit(page.worker.save_picture)
    await page.show_photo()
    assert page.worker.names == ["save_picture"]
    await answer(page.worker.waiting("save_picture"))
    assert page.asked == ["same"] and page.pauses


@asynchronous
async def test_the_upgrade_comes_first():
    page = Page("best", "same", disagree=("best",))
    page.upgrade.can_stop = True
    await page.show_photo()
    assert page.worker.names == []
    page.upgrade.end("done")
    await settle()
    assert page.shown == ["fast", "best"] and page.asked == ["same"]


@asynchronous
async def test_whoever_stops_the_upgrade_wants_no_other_network_either():
    page = Page("best", disagree=("best",))
    page.upgrade.can_stop = True
    await page.show_photo()
    page.upgrade.end("stopped")
    await settle()
    assert page.worker.names == []


@asynchronous
async def test_a_photo_that_one_network_has_seen_is_shown_to_the_fast_one():
    page = Page("best", looked=("best",), disagree=("fast",))
    await page.show_photo(model="best")
    assert page.asked == ["fast"] and page.alternatives.is_doubtful and page.shown == ["best", "fast"]


@pytest.mark.parametrize(
    ("response", "device", "engine"),
    [
        ({"infer": 20.0}, (8, False), {}),
        ({}, (2, False), {}),
        ({}, (None, False), {"low_memory": True}),
    ],
    ids=["slow", "small", "short of memory"],
)
@asynchronous
async def test_a_weak_device_is_spared(response, device, engine):
    page = Page("best", looked=("best",), disagree=("fast",), device=device, info=info(**engine))
    await page.show_photo(model="best", **response)
    assert page.asked == [] and page.shown == []


@asynchronous
async def test_a_finer_network_is_not_asked_unless_the_fast_one_disagrees_with_something():
    page = Page("best", looked=("fast",), disagree=("best",))
    await page.show_photo()
    assert page.asked == []


@asynchronous
async def test_a_picture_that_keeps_its_own_shape_is_shown_to_nobody():
    page = Page("best", disagree=("best",))
    await page.show_photo(notices=["own-shape"])
    assert page.worker.names == []


@asynchronous
async def test_a_person_can_ask_for_the_results_of_any_photo():
    page = Page("best", "same", disagree=("people",), looked=("fast",))
    await page.show_photo()
    page.cached.add("people")
    page.alternatives.request()
    assert page.alternatives.is_shown and page.alternatives.text
    await settle()
    assert page.asked == ["best", "same", "people"] and page.shown == ["fast", "people"]
    assert page.alternatives.text == "Is one of these better?" and page.alternatives.offer == ""


@asynchronous
async def test_that_they_find_the_same_is_an_answer_too():
    page = Page("best", looked=("fast",))
    page.alternatives.request()
    assert page.alternatives.text == "Other results of this photo"
    await settle()
    assert page.alternatives.text == "Looking again found the same in this photo." and page.shown == ["fast"]


@asynchronous
async def test_where_one_network_is_on_the_device_another_is_offered():
    page = Page(looked=("fast",))
    page.alternatives.request()
    await settle()
    assert page.alternatives.text == "There is only one result of this photo." and page.asked == []
    assert page.alternatives.missing.id == "people"  # the smallest


@asynchronous
async def test_a_request_during_the_comparison_is_carried_out_after_it():
    page = Page("best", "same", looked=("fast", "best"))
    page.queue.submit(page.worker.save_picture)
    await page.show_photo()
    page.alternatives.request()
    await settle()
    assert page.asked == []
    await answer(page.worker.waiting("save_picture"))
    assert page.asked == ["same"] and page.alternatives.is_shown and page.alternatives.state == ""


@asynchronous
async def test_weights_that_another_network_shares_are_as_good_as_on_the_device_unless_bytes_are_dear():
    page = Page("best", disagree=("best",))
    page.lacking = {"same": 600_000}
    await page.show_photo()
    assert page.asked == ["same"]
    page = Page("best", disagree=("best",), device=(8, True))
    page.lacking = {"same": 600_000}
    await page.show_photo()
    assert page.asked == [] and page.alternatives.missing.id == "same"


@asynchronous
async def test_a_missing_network_is_downloaded_when_a_person_wants_it():
    page = Page("best", "same", disagree=("best", "people"))
    await page.show_photo()
    page.alternatives.fetch()
    await settle()
    download = page.worker.waiting("cache_model")
    assert download.arguments == ("people",) and page.alternatives.state == "loading"
    download.on_progress("model", 3_000_000, 13_000_000)
    assert page.alternatives.note == "Another result is on its way: 3.0 of 13.0 MB" and page.alternatives.offer == ""
    page.cached.add("people")
    await answer(download)
    assert page.asked == ["same", "people"] and page.shown == ["fast", "best", "people"]
    assert page.alternatives.missing is None and page.alternatives.offer == ""


@asynchronous
async def test_a_download_can_be_stopped():
    page = Page("best", "same", disagree=("best",))
    await page.show_photo()
    page.alternatives.fetch()
    await settle()
    page.alternatives.stop()
    await settle()
    assert page.worker.of("cancel_download")[0].arguments == ("people",)
    await refuse(page.worker.waiting("cache_model"), "DownloadCancelledError")
    assert page.alternatives.state == "" and page.alternatives.offer


@pytest.mark.parametrize("request_name", ["find_alternative", "list_models", "cache_model"])
@asynchronous
async def test_a_network_that_cannot_look_is_reported_beside_the_results(request_name):
    page = Page("best", "same", disagree=("best",), **{request_name: refusal("InferenceError")})
    await page.show_photo()
    if request_name == "cache_model":
        page.alternatives.fetch()
        await settle()
    assert page.alternatives.note == "Another result could not be made of this photo." and page.shown == [
        "fast",
        "best",
    ]


@asynchronous
async def test_a_bug_is_logged_and_ends_it(logged):
    page = Page("best", disagree=("best",), list_models=[SimpleNamespace()])
    await page.show_photo()
    assert page.alternatives.state == "failed"
    logged.append("Another result was not found")


@asynchronous
async def test_a_click_takes_a_result_which_is_marked_at_once():
    page = Page("best", disagree=("best",))
    await page.show_photo()
    page.alternatives.choose("best")
    assert page.choices == []  # it is in use already
    page.alternatives.choose("fast")
    model, backend, on_success, _ = page.choices[0]
    assert (model, backend) == ("fast", "auto") and page.alternatives.current == "fast"
    page.alternatives.choose("fast")
    assert len(page.choices) == 1
    page.network = "fast"
    on_success()
    assert page.alternatives.current == "fast"
    page.network = "best"  # undone
    changes = heard(page.alternatives.changed)
    page.alternatives.network_changed()
    assert page.alternatives.current == "best" and changes


@asynchronous
async def test_a_result_that_cannot_be_taken_is_not_marked():
    page = Page("best", disagree=("best",))
    await page.show_photo()
    page.alternatives.choose("fast")
    page.choices[0][3]()
    assert page.alternatives.current == "best"


@asynchronous
async def test_a_choice_ends_the_upgrade():
    page = Page(looked=("fast",), disagree=("people",))
    page.upgrade.can_stop = True
    await page.show_photo()
    page.alternatives.choose("people")
    assert not page.upgrade.can_stop and len(page.choices) == 1


@asynchronous
async def test_they_can_be_put_away_and_no_more_networks_are_asked():
    page = Page("best", "same", disagree=("best",))
    page.queue.submit(page.worker.save_picture)
    await page.show_photo()
    page.alternatives.request()
    page.alternatives.dismiss()
    await answer(page.worker.waiting("save_picture"))
    assert page.asked == ["same"] and page.shown == ["fast", "best"]  # they disagree: it is shown once
    page.alternatives.dismiss()
    assert page.shown == []


@asynchronous
async def test_another_photo_ends_everything_and_its_results_are_its_own():
    page = Page("best", "same", disagree=("best",))
    del page.worker.answers["find_alternative"]
    await page.show_photo()
    first = page.worker.waiting("find_alternative")
    page.alternatives.pause()
    assert page.shown == ["fast", "best"] and page.alternatives.state == ""
    page.disagree, page.looked = (), ["fast", "best"]
    await page.show_photo()
    assert page.shown == [] and not page.alternatives.is_doubtful
    await answer(first)
    assert page.shown == [] and page.alternatives.results
    page.alternatives.reset()
    assert page.alternatives.results == []


def restored(*names: str) -> SimpleNamespace:
    return SimpleNamespace(work="w1", history=SimpleNamespace(names=list(names), position=len(names)))


@asynchronous
async def test_after_a_reload_a_doubtful_photo_is_one_still_and_nobody_is_asked_again():
    page = Page("best", "same", disagree=("best",))
    page.alternatives.photo_shown(restored("step.finer", "step.erase"))
    await settle()
    assert page.shown == ["fast", "best"] and page.alternatives.is_doubtful and page.asked == []


@asynchronous
async def test_after_a_reload_a_choice_that_was_made_is_not_asked_for_again_but_can_be_changed():
    page = Page("best", disagree=("best",))
    page.alternatives.photo_shown(restored("step.finer", "step.chosen"))
    await settle()
    assert page.shown == [] and page.worker.names == []
    page.alternatives.request()
    await settle()
    assert page.shown == ["fast", "best"]
