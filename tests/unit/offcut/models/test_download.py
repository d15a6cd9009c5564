"""Models on their way: pieces at once, again where that helps, paused, cancelled, and never damaged."""

import asyncio
import dataclasses
import hashlib

import pytest
from hypothesis import given, strategies

from offcut.errors import DownloadCancelledError, ModelDamagedError, ModelDownloadError
from offcut.models import download
from offcut.models.catalogue import Chunk
from offcut.models.download import Download, FetchFailed
from tests.unit.offcut.fakes import model, run
from tests.unit.offcut.samples import assert_plain, examples


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(download, "RETRY_DELAYS", (0.0, 0.0, 0.0))


@pytest.fixture
def impatient(step, monkeypatch):
    """For what stalls, and only for that: a busy machine may pause for a moment where nothing is to be tried again."""
    if step == "stall":
        monkeypatch.setattr(download, "STALL_TIMEOUT", 1.0)


class Site:
    """A source and a shelf. `plan` holds, for each piece, what its next fetches do before all goes well."""

    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = pieces
        chunks = tuple(Chunk(hashlib.sha256(piece).hexdigest(), len(piece)) for piece in pieces)
        self.model = model(chunks=chunks, bytes=sum(map(len, pieces)))
        self.of = dict(zip((chunk.sha256 for chunk in chunks), pieces, strict=True))
        self.plan: dict[bytes, list] = {}
        self.kept: dict[str, bytes] = {}
        self.asked: list[tuple[bytes, bool]] = []
        self.at_once = self.most_at_once = self.ended = 0
        self.reported: list[int] = []
        self.locks: dict[str, asyncio.Lock] = {}
        self.held = asyncio.Event()

    async def fetch(self, chunk, fresh, arrived):
        piece = self.of[chunk.sha256]
        self.asked.append((piece, fresh))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            arrived(1)
            step = (self.plan.get(piece) or ["well"]).pop(0)
            if isinstance(step, FetchFailed):
                raise step
            if step == "stall":
                await asyncio.sleep(100)
            if step == "hold":
                await self.held.wait()
            await asyncio.sleep(0.001)
            arrived(len(piece))
            return piece[:-1] + b"?" if step == "damage" else piece
        except asyncio.CancelledError:
            self.ended += 1
            raise
        finally:
            self.at_once -= 1

    def is_intact(self, chunk, piece):
        return hashlib.sha256(piece).hexdigest() == chunk.sha256

    async def take(self, chunk):
        return self.kept.get(chunk.sha256)

    async def put(self, chunk, piece):
        self.kept[chunk.sha256] = piece

    async def drop(self, chunk):
        del self.kept[chunk.sha256]

    def download(self) -> Download:
        return Download(self.model, self, self, self.locks, lambda done, total: self.reported.append(done))

    async def whole(self, download: Download | None = None) -> bytes:
        result = bytearray(self.model.bytes)

        def place(offset, piece):
            result[offset : offset + len(piece)] = piece

        await (download or self.download()).run(place)
        return bytes(result)


PIECES = [bytes([65 + number]) * (10 + number) for number in range(9)]


async def until(condition) -> None:
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it never came to that")


@examples(30)
@given(
    strategies.lists(strategies.binary(min_size=1, max_size=20), min_size=1, max_size=12, unique=True),
    strategies.data(),
)
def test_the_whole_is_put_together_in_order_whatever_was_kept(pieces, data):
    site = Site(pieces)
    for chunk in site.model.chunks:
        if data.draw(strategies.booleans()):
            site.kept[chunk.sha256] = site.of[chunk.sha256]
    kept = sum(map(len, site.kept.values()))
    missing = len(pieces) - len(site.kept)
    assert run(site.whole()) == b"".join(pieces)
    assert len(site.asked) == missing  # resumes at what is missing
    assert site.reported[0] == kept and site.reported[-1] == site.model.bytes
    assert set(site.kept) == set(site.of)


def test_several_pieces_come_at_once_but_not_all():
    site = Site(PIECES)
    run(site.whole())
    assert site.most_at_once == download.PARALLEL


def test_progress_only_grows_while_all_goes_well():
    site = Site(PIECES)
    run(site.whole())
    assert site.reported == sorted(site.reported)


@pytest.mark.parametrize(
    "step",
    ["stall", FetchFailed("the site answered 429", again=True), FetchFailed("the connection broke off", again=True)],
)
def test_what_may_pass_is_tried_again(step, impatient):
    site = Site(PIECES)
    site.plan[PIECES[3]] = [step, step]
    assert run(site.whole()) == b"".join(PIECES)
    assert site.asked.count((PIECES[3], False)) == 3
    assert len(site.asked) == len(PIECES) + 2


def test_the_site_is_given_the_time_it_asks_for(monkeypatch):
    slept = []
    sleep = asyncio.sleep

    async def sleeping(seconds, *rest):
        slept.append(seconds)
        await sleep(0)

    site = Site(PIECES[:1])
    site.plan[PIECES[0]] = [FetchFailed("429", again=True, wait=7), FetchFailed("429", again=True, wait=10_000)]
    monkeypatch.setattr(asyncio, "sleep", sleeping)
    run(site.whole())
    assert 7 in slept and download.MAX_RETRY_AFTER in slept and max(slept) == download.MAX_RETRY_AFTER


@pytest.mark.parametrize(
    ("step", "times"),
    [
        (FetchFailed("the site answered 404", again=False), 1),
        (FetchFailed("the site answered 500", again=True), 4),
        ("stall", 4),
    ],
)
def test_what_does_not_pass_is_explained_and_the_rest_is_kept(step, times, impatient):
    site = Site(PIECES)
    site.plan[PIECES[8]] = [step] * 10
    with pytest.raises(ModelDownloadError) as refusal:
        run(site.whole())
    assert_plain(refusal.value)
    assert ("nothing arrived" if step == "stall" else str(step)) in str(refusal.value)
    assert site.asked.count((PIECES[8], False)) == times
    assert len(site.kept) == 8
    site.plan.clear()
    site.asked.clear()
    assert run(site.whole()) == b"".join(PIECES)
    assert site.asked == [(PIECES[8], False)]


def test_one_failure_begins_nothing_more_but_loses_nothing_that_is_on_its_way():
    async def story(site):
        site.plan[PIECES[0]] = ["hold"]
        site.plan[PIECES[1]] = [FetchFailed("the site answered 404", again=False)]
        whole = asyncio.create_task(site.whole())
        await until(lambda: site.at_once == 1)
        asked = len(site.asked)
        site.held.set()
        with pytest.raises(ModelDownloadError):
            await whole
        assert len(site.asked) == asked < len(PIECES)
        assert site.model.chunks[0].sha256 in site.kept

    run(story(Site(PIECES)))


def test_a_damaged_piece_is_fetched_afresh_and_never_kept():
    site = Site(PIECES)
    site.plan[PIECES[2]] = ["damage"]
    assert run(site.whole()) == b"".join(PIECES)
    assert [fresh for piece, fresh in site.asked if piece == PIECES[2]] == [False, True]
    site = Site(PIECES)
    site.plan[PIECES[2]] = ["damage"] * 5
    with pytest.raises(ModelDamagedError) as refusal:
        run(site.whole())
    assert_plain(refusal.value)
    assert PIECES[2] not in site.kept.values() and site.model.chunks[2].sha256 not in site.kept


def test_a_piece_damaged_on_the_device_is_replaced():
    site = Site(PIECES)
    for chunk in site.model.chunks:
        site.kept[chunk.sha256] = site.of[chunk.sha256]
    site.kept[site.model.chunks[4].sha256] = b"nonsense"
    assert run(site.whole()) == b"".join(PIECES)
    assert site.asked == [(PIECES[4], False)] and site.kept[site.model.chunks[4].sha256] == PIECES[4]


async def held(site):
    """A download whose first four requests do not end, and the task that waits for the whole."""
    for piece in PIECES[:4]:
        site.plan[piece] = ["hold"]
    download = site.download()
    whole = asyncio.create_task(site.whole(download))
    await until(lambda: site.at_once == 4)
    return download, whole


def test_a_pause_stops_every_request_and_going_on_loses_nothing():
    async def story(site):
        download, whole = await held(site)
        download.pause()
        await until(lambda: site.at_once == 0)
        assert download.paused and site.ended == 4 and site.reported[-1] == 0
        await asyncio.sleep(0.05)
        assert len(site.asked) == 4 and not whole.done()
        download.resume()
        assert await whole == b"".join(PIECES)

    run(story(Site(PIECES)))


def test_a_pause_and_going_on_at_once_loses_nothing():
    async def story(site):
        download, whole = await held(site)
        download.pause()
        download.resume()
        assert await asyncio.wait_for(whole, 5) == b"".join(PIECES)

    run(story(Site(PIECES)))


@pytest.mark.parametrize("paused", [False, True])
def test_cancelling_ends_it_in_words_and_keeps_what_arrived(paused):
    async def story(site):
        site.plan[PIECES[5]] = ["hold"]
        download = site.download()
        whole = asyncio.create_task(site.whole(download))
        await until(lambda: len(site.kept) == 8)
        if paused:
            download.pause()
        download.cancel()
        with pytest.raises(DownloadCancelledError) as refusal:
            await whole
        assert_plain(refusal.value)
        assert site.at_once == 0 and len(site.kept) == 8

    run(story(Site(PIECES)))


def test_who_waits_may_be_cancelled_and_the_requests_end():
    async def story(site):
        site.plan[PIECES[0]] = ["hold"]
        whole = asyncio.create_task(site.whole())
        await until(lambda: site.at_once == 1 and len(site.asked) == 9)
        whole.cancel()
        with pytest.raises(asyncio.CancelledError):
            await whole
        await until(lambda: site.at_once == 0)

    run(story(Site(PIECES)))


def test_two_models_fetch_what_they_share_once_even_while_one_is_paused():
    async def story(site):
        other = dataclasses.replace(site.model, id="other")
        first, second = site.download(), site.download()
        second._model = other
        one = asyncio.create_task(site.whole(first))
        two = asyncio.create_task(site.whole(second))
        assert await one == await two == b"".join(PIECES)
        assert len(site.asked) == len(PIECES)

        site.kept.clear()
        site.plan[PIECES[0]] = ["hold"]
        first, second = site.download(), site.download()
        one = asyncio.create_task(site.whole(first))
        await until(lambda: site.at_once == 4)
        first.pause()
        assert await asyncio.wait_for(site.whole(second), 5) == b"".join(PIECES)
        first.cancel()
        with pytest.raises(DownloadCancelledError):
            await one

    run(story(Site(PIECES)))
