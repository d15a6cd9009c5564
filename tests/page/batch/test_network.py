"""Which network cuts a batch out: that of a single photo's final result, decided once, by the first photo's time."""

from types import SimpleNamespace

from batch.network import BatchNetwork
from core.signals import Signal
from core.tasks import spawn

from tests.page.fakes import FakeWorker, answer, asynchronous, heard, info, refuse, settle

TIERS = {"fast": "fast", "middle": "balanced", "best": "quality"}


class Page:
    def __init__(self, cached=("fast",), selected="auto", seconds=0.5, notices=(), **answers) -> None:
        listed = [SimpleNamespace(id=name, is_cached=name in cached, bytes=9) for name in TIERS]
        self.worker = FakeWorker(info=info(), list_models=listed, **answers)
        self.models = SimpleNamespace(selected=selected, tiers=TIERS, changed=Signal())
        self.backends = SimpleNamespace(changed=Signal())
        self.network = BatchNetwork(
            self.worker, self.models, self.backends, self.choice, lambda: (8, False), self.may_download
        )
        self.seconds, self.notices = seconds, list(notices)
        self.is_wanted, self.wanted = True, []
        self.used: list[str] = []
        self.progress = heard(Signal())

    async def may_download(self, id, bytes):
        self.wanted.append((id, bytes))
        return self.is_wanted

    async def choice(self):
        return ("fast" if self.models.selected == "auto" else self.models.selected), "auto"

    async def process(self, model, backend):
        self.used.append(model)
        await settle()
        seconds = SimpleNamespace(infer=self.seconds)
        return SimpleNamespace(model=model, backend="wasm", seconds=seconds, notices=self.notices)

    async def use(self, photos: int) -> list[str]:
        """Networks whose results count, in the order of the photos."""
        tasks = [spawn(self.network.use(self.process, self.note)) for _ in range(photos)]
        return [(await task).model for task in tasks]

    def note(self, stage, done, total):
        self.progress.append((stage, done, total))


@asynchronous
async def test_all_photos_go_to_the_finer_network_once_the_first_has_shown_that_it_fits():
    page = Page(cached=("fast", "middle", "best"))
    assert await page.use(3) == ["best"] * 3
    assert page.used == ["fast", "best", "best", "best"]
    assert await page.use(1) == ["best"] and page.used[4:] == ["best"]


@asynchronous
async def test_a_finer_network_is_downloaded_first_and_the_fast_one_stays_where_that_fails():
    page = Page()
    task = spawn(page.use(2))
    await settle()
    await settle()
    page.worker.waiting("cache_model").on_progress("model", 1, 2)
    await answer(page.worker.waiting("cache_model"), SimpleNamespace(storage_problem=""))
    assert await task == ["best"] * 2 and page.progress == [("model", 1, 2)]

    page = Page()
    task = spawn(page.use(2))
    await settle()
    await settle()
    await refuse(page.worker.waiting("cache_model"), "ModelDownloadError")
    assert await task == ["fast"] * 2 and page.used == ["fast", "fast"]


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
async def test_nothing_is_downloaded_that_the_person_does_not_want():
    page = Page()
    page.is_wanted = False
    assert await page.use(2) == ["fast"] * 2 and page.wanted == [("best", 9)] and page.worker.of("cache_model") == []
