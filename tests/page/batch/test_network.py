"""Which network cuts a batch out: that of a single photo's final result, decided once, by the first photo's time."""

from types import SimpleNamespace

from batch.network import BatchNetwork
from core.preferences import Preferences
from core.signals import Signal
from core.tasks import spawn
from photo.consent import Consent

from tests.page.fakes import FakeWorker, answer, asynchronous, heard, info, refuse, settle

TIERS = {"fast": "fast", "middle": "balanced", "best": "quality"}


class Page:
    def __init__(self, cached=("fast",), selected="auto", seconds=0.5, notices=(), consent="yes", **answers) -> None:
        listed = [SimpleNamespace(id=name, is_cached=name in cached, bytes=9) for name in TIERS]
        self.worker = FakeWorker(info=info(), list_models=listed, **answers)
        self.models = SimpleNamespace(
            selected=selected, tiers=TIERS, changed=Signal(), is_unclear=lambda id: id == "best"
        )
        self.backends = SimpleNamespace(changed=Signal())
        self.consent = Consent(
            Preferences({"finer": consent} if consent else {}, lambda name, value: None), self.models
        )
        self.network = BatchNetwork(
            self.worker, self.models, self.backends, self.choice, lambda: (8, False), self.consent, lambda: 0.0
        )
        self.upgraded = heard(self.network.upgraded)
        self.seconds, self.notices = seconds, list(notices)
        self.used: list[str] = []

    async def choice(self):
        return ("fast" if self.models.selected == "auto" else self.models.selected), "auto"

    async def process(self, model, backend):
        self.used.append(model)
        await settle()
        seconds = SimpleNamespace() if self.seconds is None else SimpleNamespace(infer=self.seconds)
        return SimpleNamespace(model=model, backend="wasm", seconds=seconds, notices=self.notices)

    async def use(self, photos: int) -> list[str]:
        """Networks whose results count, in the order of the photos."""
        tasks = [spawn(self.network.use(self.process)) for _ in range(photos)]
        return [(await task).model for task in tasks]


@asynchronous
async def test_all_photos_go_to_the_finer_network_once_the_first_has_shown_that_it_fits():
    page = Page(cached=("fast", "middle", "best"))
    assert await page.use(3) == ["best"] * 3
    assert page.used == ["fast", "best", "best", "best"]
    assert await page.use(1) == ["best"] and page.used[4:] == ["best"]


@asynchronous
async def test_no_photo_waits_while_a_finer_network_is_downloaded():
    page = Page()
    assert await page.use(3) == ["fast"] * 3 and page.used == ["fast"] * 3
    assert page.network.state == "loading" and page.upgraded == []
    page.worker.waiting("cache_model").on_progress("model", 1_000_000, 9_000_000)
    assert page.network.progress == "1.0 of 9.0 MB"
    await answer(page.worker.waiting("cache_model"), SimpleNamespace(storage_problem=""))
    assert page.network.state == "" and page.upgraded == [()]
    assert page.network.is_outdated("fast") and not page.network.is_outdated("best")
    assert await page.use(2) == ["best"] * 2


@asynchronous
async def test_where_the_download_fails_or_is_stopped_the_fast_network_stays_and_it_can_be_tried_again():
    page = Page(cancel_download=None)
    await page.use(1)
    await refuse(page.worker.waiting("cache_model"), "ModelDownloadError")
    assert page.network.state == "failed" and await page.use(1) == ["fast"]
    page.network.load()
    await settle()
    page.network.stop()
    assert page.network.state == "stopped"
    await settle()
    assert page.worker.of("cancel_download")[0].arguments == ("best",)
    await refuse(page.worker.waiting("cache_model"), "DownloadCancelledError")
    assert page.network.state == "stopped" and page.upgraded == []
    page.network.load()
    await settle()
    await answer(page.worker.waiting("cache_model"), SimpleNamespace(storage_problem="full"))
    assert page.network.state == "storage" and await page.use(1) == ["fast"]


@asynchronous
async def test_on_a_slow_device_the_fast_network_stays():
    page = Page(cached=TIERS, seconds=20)
    assert await page.use(2) == ["fast"] * 2 and page.used == ["fast", "fast"]


@asynchronous
async def test_a_picture_with_its_own_shape_decides_nothing():
    page = Page(cached=TIERS, notices=["own-shape"])
    assert await page.use(1) == ["fast"]
    page.notices = []
    assert await page.use(1) == ["best"]


@asynchronous
async def test_the_network_that_a_person_has_chosen_is_used_and_another_choice_decides_anew():
    page = Page(cached=TIERS, selected="middle")
    assert await page.use(2) == ["middle"] * 2 and page.worker.calls == []
    page.models.selected = "auto"
    page.models.changed.emit()
    assert await page.use(1) == ["best"]


@asynchronous
async def test_the_question_holds_nothing_up_and_its_answer_counts_from_then_on():
    page = Page(consent=None)
    assert await page.use(2) == ["fast"] * 2
    assert page.network.state == "offer" and "unclear" in page.network.question
    assert page.worker.of("cache_model") == []
    page.network.answer(True)
    await settle()
    await answer(page.worker.waiting("cache_model"), SimpleNamespace(storage_problem=""))
    assert page.upgraded == [()] and await page.use(1) == ["best"] and page.consent.answer

    page = Page(consent=None)
    await page.use(1)
    page.network.answer(False)
    assert page.network.state == "" and await page.use(1) == ["fast"] and page.worker.of("cache_model") == []


@asynchronous
async def test_an_answer_that_is_given_in_the_editor_counts_for_the_batch():
    page = Page(consent=None)
    await page.use(1)
    page.consent.give(True)
    assert page.network.state == "loading"


@asynchronous
async def test_nothing_is_downloaded_that_the_person_did_not_want_before():
    page = Page(consent="no")
    assert await page.use(2) == ["fast"] * 2 and page.network.state == "" and page.worker.of("cache_model") == []


@asynchronous
async def test_a_photo_that_no_network_had_to_look_at_again_decides_nothing():
    page = Page(cached=TIERS)
    page.seconds = None
    assert await page.use(1) == ["fast"] and page.network.chosen is None
