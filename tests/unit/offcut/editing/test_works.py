"""Several works on one device: each tab writes its own, nothing goes without a word."""

import asyncio
import json

import pytest

from offcut.editing import works
from offcut.editing.document import Document
from offcut.editing.works import MemoryEntries, StorageFullError, StorageRefusedError, Works
from offcut.errors import WorkDamagedError
from tests.unit.offcut.editing.samples import apply, document, stroke


class Device(MemoryEntries):
    """What all tabs share: entries with room for some, and locks."""

    def __init__(self) -> None:
        super().__init__()
        self.room = 10**9
        self.is_refused = False
        self.holders: dict[str, Tab] = {}

    @property
    def entries(self) -> dict:
        return self._entries

    async def write(self, name: str, body: bytes) -> int:
        await asyncio.sleep(0)
        if self.is_refused:
            raise StorageRefusedError
        if sum(map(len, self._entries.values())) + len(body) > self.room:
            raise StorageFullError
        return await super().write(name, body)


class Tab:
    """One tab's works."""

    ids = 0

    def __init__(self, device: Device, locks: bool = True) -> None:
        self.device, self.can_tell = device, locks
        self.told: list[tuple[str, str]] = []
        self.works = Works(device, self, self._make_id, lambda *told: self.told.append(told), self._now)

    def _make_id(self) -> str:
        Tab.ids += 1
        return f"id{Tab.ids}"

    def _now(self) -> float:
        Tab.ids += 1
        return float(Tab.ids)

    async def take(self, id: str) -> bool:
        return not self.can_tell or self.device.holders.setdefault(id, self) is self

    def release(self, id: str) -> None:
        if self.device.holders.get(id) is self:
            del self.device.holders[id]

    async def taken_elsewhere(self) -> set[str]:
        return {held for held, tab in self.device.holders.items() if tab is not self}

    def end(self) -> None:
        """The tab is closed, or reloaded."""
        for held in list(self.device.holders):
            self.release(held)

    async def open(self, name: str, size: int = 10) -> Document:
        await self.works.flush()
        opened = document(60, 40)
        self.works.follow(opened, name.encode() * size, name)
        return opened

    async def change(self, opened: Document) -> None:
        apply(opened, stroke("erase", 9, [(30, 20)]) if opened.history.position % 2 == 0 else RESTORE)
        self.works.changed()
        await self.works.flush()

    async def names(self, first: str = "") -> list[str]:
        return [work["name"] for work in await self.works.all(first)]

    async def restore(self, id: str) -> Document:
        manifest, files, parts = await self.works.read(id)
        again = document(60, 40)
        assert set(parts) >= {"alpha"} and "photo" in files
        await self.works.follow_saved(again, manifest, files)
        return again


RESTORE = stroke("restore", 9, [(30, 20)])


@pytest.fixture
def device() -> Device:
    return Device()


def lists(device: Device) -> list[str]:
    return sorted(json.loads(device.entries[name])["name"] for name in device.entries if name.endswith("list"))


def test_nothing_is_kept_before_the_first_change(device):
    async def go():
        tab = Tab(device)
        await tab.open("cat")
        await tab.works.flush()

    asyncio.run(go())
    assert device.entries == {}


def test_each_photo_is_a_work_of_its_own_and_the_last_one_comes_first(device):
    async def go():
        tab = Tab(device)
        for name in ("cat", "dog", "fox"):
            await tab.change(await tab.open(name))
        assert await tab.names() == ["dog", "cat"]  # the fox is open
        tab.end()
        later = Tab(device)
        assert await later.names() == ["fox", "dog", "cat"]
        cat = (await later.works.all())[2]
        assert await later.names(first=cat["id"]) == ["cat", "fox", "dog"]
        assert cat["thumbnail"].startswith("data:image/png;base64,")

    asyncio.run(go())


def test_a_clock_that_is_set_back_makes_no_change_older_than_the_one_before(device):
    async def go():
        tab = Tab(device)
        cat, dog = await tab.open("cat"), None
        await tab.change(cat)
        tab.works._now = lambda: -1000.0
        await tab.change(cat)
        dog = await tab.open("dog")
        await tab.change(dog)
        tab.end()
        later = Tab(device)
        found = await later.works.all()
        assert [work["name"] for work in found] == ["dog", "cat"]
        assert found[0]["changed"] > found[1]["changed"] > 0

    asyncio.run(go())


def test_the_revision_that_is_saved_goes_on_with_the_next_tab(device):
    async def go():
        tab = Tab(device)
        cat = await tab.open("cat")
        for _ in range(3):
            await tab.change(cat)
        work = tab.works.id
        tab.end()
        later = Tab(device)
        again = await later.restore(work)
        assert later.works.revision == 3
        await later.change(again)
        assert (await later.works.read(work))[0]["revision"] == 4
        await later.open("dog")
        assert later.works.revision == 0

    asyncio.run(go())


def test_a_change_right_before_another_photo_is_opened_is_saved(device):
    async def go():
        tab = Tab(device)
        cat = await tab.open("cat")
        apply(cat, RESTORE)
        tab.works.changed()
        await tab.open("dog")

    asyncio.run(go())
    assert lists(device) == ["cat"]


def test_tabs_keep_their_own_works_whatever_the_order(device):
    async def go():
        one, two = Tab(device), Tab(device)
        cat, dog = await one.open("cat"), await two.open("dog")
        for tab, opened in ((one, cat), (two, dog), (one, cat), (two, dog), (one, cat)):
            await tab.change(opened)
        own = one.works.id
        assert await two.names() == []  # the cat is open in the other tab
        one.end()
        again = Tab(device)
        assert (await again.names(first=own))[0] == "cat"
        manifest, _, parts = await again.works.read(own)
        assert len(manifest["steps"]) == 3 and {f"step-{serial}" for serial in manifest["steps"]} <= set(parts)

    asyncio.run(go())
    assert lists(device) == ["cat", "dog"]


@pytest.mark.parametrize("locks", [True, False])
def test_a_duplicated_tab_continues_a_copy(device, locks):
    async def go():
        one, two = Tab(device, locks), Tab(device, locks)
        cat = await one.open("cat")
        await one.change(cat)
        copy = await two.restore(one.works.id)
        await two.change(copy)
        for _ in range(2):
            await one.change(cat)
        await two.change(copy)
        steps = sorted(len(manifest["steps"]) for manifest in await one.works._manifests())
        assert steps == [2, 3]

    asyncio.run(go())
    assert lists(device) == ["cat", "cat"]


def test_a_tab_that_was_reloaded_continues_the_same_work(device):
    async def go():
        one = Tab(device)
        await one.change(await one.open("cat"))
        own = one.works.id
        one.end()
        two = Tab(device)
        again = await two.restore(own)
        assert two.works.id == own
        await two.change(again)

    asyncio.run(go())
    assert lists(device) == ["cat"]


def test_a_work_is_deleted_alone_and_nothing_more_of_it_is_saved(device):
    async def go():
        tab = Tab(device)
        await tab.change(await tab.open("cat"))
        dog = await tab.open("dog")
        await tab.change(dog)
        await tab.works.discard(tab.works.id)
        assert lists(device) == ["cat"] and all("id" in name for name in device.entries)
        await tab.change(dog)
        assert lists(device) == ["cat"]
        with pytest.raises(WorkDamagedError):
            await tab.works.read("dog")

    asyncio.run(go())


def test_work_that_was_deleted_in_another_tab_is_whole_again_after_the_next_change(device):
    async def go():
        tab = Tab(device)
        cat = await tab.open("cat")
        await tab.change(cat)
        device.entries.clear()
        await tab.change(cat)
        own = tab.works.id
        tab.end()
        await Tab(device).restore(own)

    asyncio.run(go())


def test_the_one_work_of_an_earlier_version_is_found_continued_and_deleted(device):
    async def before() -> str:
        tab = Tab(device)
        await tab.change(await tab.open("cat"))
        own = tab.works.id
        manifest = json.loads(device.entries.pop(f"{own}/list"))
        manifest["owner"] = manifest.pop("id")
        for name in ("writer", "changed", "thumbnail", "bytes"):
            del manifest[name]
        device.entries["list"] = json.dumps(manifest).encode()
        tab.end()
        return own

    async def go():
        own = await before()
        tab = Tab(device)
        assert await tab.names() == ["cat"]
        again = await tab.restore(own)
        await tab.change(again)
        assert "list" not in device.entries and f"{own}/list" in device.entries
        device.entries.clear()
        own = await before()
        await Tab(device).works.discard(own)
        assert device.entries == {}

    asyncio.run(go())


def test_the_oldest_goes_where_there_are_too_many_and_is_told(device, monkeypatch):
    monkeypatch.setattr(works, "MAX_WORKS", 2)

    async def go():
        tab = Tab(device)
        for name in ("cat", "dog", "fox"):
            await tab.change(await tab.open(name))
        return tab.told

    assert asyncio.run(go()) == [("dropped", "cat")]
    assert lists(device) == ["dog", "fox"]


def test_what_is_open_in_another_tab_never_goes(device, monkeypatch):
    monkeypatch.setattr(works, "MAX_WORKS", 1)

    async def go():
        one, two = Tab(device), Tab(device)
        await one.change(await one.open("cat"))
        await two.change(await two.open("dog"))
        return one.told + two.told

    assert asyncio.run(go()) == []
    assert lists(device) == ["cat", "dog"]


def test_a_full_device_drops_the_oldest_and_at_last_keeps_the_work_for_this_visit(device):
    async def go():
        tab = Tab(device)
        await tab.change(await tab.open("cat", 3000))
        device.room = int(1.5 * sum(map(len, device.entries.values())))
        await tab.change(await tab.open("dog", 3000))
        assert tab.told == [("dropped", "cat")] and lists(device) == ["dog"]
        device.room = 0
        fox = await tab.open("fox", 3000)
        await tab.change(fox)
        await tab.change(fox)
        assert tab.told[1:] == [("dropped", "dog"), ("full", "fox")]
        own = tab.works.id
        await tab.open("owl")
        assert await tab.names() == ["fox"]
        await tab.restore(own)

    asyncio.run(go())


def test_where_nothing_can_be_stored_the_way_back_works_and_it_is_said_once(device):
    device.is_refused = True

    async def go():
        tab = Tab(device)
        cat = await tab.open("cat")
        await tab.change(cat)
        await tab.change(cat)
        own = tab.works.id
        await tab.open("dog")
        await tab.restore(own)
        return tab.told

    assert asyncio.run(go()) == [("refused", "cat")]


def test_what_is_left_of_a_first_write_that_was_cut_short_is_deleted_unless_it_still_goes_on(device):
    device.entries.update({"left/photo": b"x", "going/photo": b"x"})

    async def go():
        other, tab = Tab(device), Tab(device)
        await other.take("going")
        await tab.change(await tab.open("cat"))

    asyncio.run(go())
    assert "left/photo" not in device.entries and "going/photo" in device.entries


def test_a_damaged_list_hides_no_other_work(device):
    async def go():
        tab = Tab(device)
        await tab.change(await tab.open("cat"))
        tab.end()
        device.entries["x/list"] = b"{"
        device.entries["y/list"] = b"[]"
        return await Tab(device).names()

    assert asyncio.run(go()) == ["cat"]
