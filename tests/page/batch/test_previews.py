"""Photos that wait are recognised by a small picture, made one at a time and not for all at once."""

import asyncio
from types import SimpleNamespace

from batch.batch import Batch
from batch.previews import AHEAD, Previews
from core.worker_client import EngineError

from tests.page.batch.samples import Urls
from tests.page.fakes import FakeWorker, asynchronous, photo, settle


class Page:
    def __init__(self, count: int) -> None:
        self.batch, self.urls = Batch(), Urls()
        self.made: list[str] = []
        self.worker = FakeWorker(photo_file=lambda batch, number: SimpleNamespace(file=photo(f"photo-{number}")))
        self.at_once = self.most = 0
        Previews(self.batch, self.worker, self.make, self.urls)
        self.batch.begin("b1")
        self.batch.add([photo(f"{number}.jpg") for number in range(count)])

    async def make(self, file):
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        self.made.append(file.name)
        return None if file.name == "1.jpg" else file

    async def rest(self) -> None:
        for _ in range(10):
            await settle()


@asynchronous
async def test_the_next_photos_get_one_each_and_one_at_a_time():
    page = Page(AHEAD + 5)
    await page.rest()
    assert page.made == [f"{number}.jpg" for number in range(AHEAD)] and page.most == 1
    assert page.batch.photos[0].preview and not page.batch.photos[1].preview  # which cannot be read
    for one in page.batch.photos[:3]:
        page.batch.finish(one, page.batch.start(one), {}, "blob:result")
    await page.rest()
    assert len(page.made) == AHEAD + 3


@asynchronous
async def test_those_of_photos_that_are_taken_away_are_let_go():
    page = Page(3)
    await page.rest()
    assert len(page.urls.open) == 2
    page.batch.remove(page.batch.photos[0])
    assert len(page.urls.open) == 1
    page.batch.begin("")
    assert page.urls.open == []


@asynchronous
async def test_after_a_reload_they_are_made_of_the_copies():
    page = Page(2)
    await page.rest()
    kept = page.batch.plain()
    page.made.clear()
    page.batch.restore("b1", kept, ["photo-1"], {}, EngineError("BatchGoneError", "gone"))
    await page.rest()
    assert page.made == ["photo-1"] and page.batch.photos[0].preview
