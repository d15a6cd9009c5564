"""What a device keeps of batches: photos, results, a list; and the ZIP file of all results."""

import asyncio
import io
import time
import zipfile

import pytest

from offcut.editing.batches import Batches
from offcut.editing.works import StorageFullError
from offcut.editing.zip_writer import PIECE, Entry, write_zip
from offcut.errors import BatchGoneError, NoRoomError, OptionError
from tests.unit.offcut.fakes import run


class Disk:
    """Files of several tabs, with room for so many bytes."""

    is_lasting = True

    def __init__(self, room: float = float("inf")) -> None:
        self.room = room
        self.folders: dict[str, dict[str, bytes]] = {}
        self.largest = 0
        """Bytes that were read or written at a time, at most."""

    async def batches(self):
        return list(self.folders)

    async def names(self, batch):
        return list(self.folders.get(batch, {}))

    async def file(self, batch, name):
        return self.folders.get(batch, {}).get(name)

    async def read(self, file, start, stop):
        await asyncio.sleep(0)
        self.largest = max(self.largest, stop - start)
        return bytes(file[start:stop])

    def size(self, file):
        return len(file)

    async def part(self, batch, name, start, stop):
        return await self.read(self.folders[batch][name], start, stop)

    async def sink(self, batch, name):
        disk, folder = self, self.folders.setdefault(batch, {})
        folder[name] = b""

        class Sink(io.BytesIO):
            def write(self, data):
                disk.largest = max(disk.largest, len(data))
                disk.room -= len(data)
                if disk.room < 0:
                    raise StorageFullError
                return super().write(data)

            def close(self):
                if not self.closed:
                    folder[name] = self.getvalue()
                super().close()

        return Sink()

    async def rename(self, batch, name, new_name):
        self.folders[batch][new_name] = self.folders[batch].pop(name)

    async def delete(self, batch, name):
        self.folders.get(batch, {}).pop(name, None)

    async def discard(self, batch):
        self.folders.pop(batch, None)


class Locks:
    """Locks of one tab; `elsewhere` are held by others."""

    can_tell = True

    def __init__(self, elsewhere=()) -> None:
        self.elsewhere, self.held = set(elsewhere), set()

    async def take(self, id):
        await asyncio.sleep(0)
        if id not in self.elsewhere:
            self.held.add(id)
        return id not in self.elsewhere

    def release(self, id):
        self.held.discard(id)

    async def taken_elsewhere(self):
        return self.elsewhere


def test_a_batch_is_there_again_after_a_reload_until_it_is_closed():
    disk, photo = Disk(), bytes(range(256)) * 40_000

    async def first():
        batches = Batches(disk, Locks())
        await batches.keep_photo("b1", 7, bytearray(photo + b"!"))
        await batches.keep_result("b1", 7, b"result", b"thumbnail")
        await batches.keep_found("b1", 7, b"found")
        await batches.keep_photo("b1", 8, b"another")
        await batches.keep_list("b1", '{"Ä": 1}')

    async def second():
        batches = Batches(disk, Locks())
        assert await batches.all() == [("b1", '{"Ä": 1}')]
        text, names, thumbnails = await batches.restore("b1")
        assert text == '{"Ä": 1}' and thumbnails == {7: b"thumbnail"}
        assert set(names) == {"photo-7", "result-7", "thumbnail-7", "found-7", "photo-8", "list"}
        assert await batches.found("b1", 7) == b"found" and await batches.found("b1", 8) is None
        assert await batches.photo("b1", 7) == photo + b"!" and await batches.result("b1", 7) == b"result"
        await batches.drop("b1", 7)
        with pytest.raises(BatchGoneError):
            await batches.photo("b1", 7)
        assert await batches.found("b1", 7) is None
        await batches.discard("b1")

    run(first())
    assert len(photo) > PIECE >= disk.largest
    run(second())
    assert disk.folders == {}


def test_a_batch_of_another_tab_is_left_alone():
    disk = Disk()
    run(Batches(disk, Locks()).keep_list("b1", "{}"))

    async def look():
        batches = Batches(disk, Locks(["b1"]))
        assert await batches.all() == []
        for call in (batches.restore("b1"), batches.keep_list("b1", "[]"), batches.keep_photo("b1", 1, b"")):
            with pytest.raises(BatchGoneError) as caught:
                await call
            assert caught.value.reason == "elsewhere"

    run(look())
    assert disk.folders == {"b1": {"list": b"{}"}}


def test_what_was_cut_short_is_deleted():
    disk = Disk()
    disk.folders = {"b1": {"photo-1": b"photo"}, "b2": {"list": b"{}"}}
    assert run(Batches(disk, Locks()).all()) == [("b2", "{}")]
    assert list(disk.folders) == ["b2"]


def test_what_is_written_again_is_there_until_the_new_is_complete():
    disk = Disk()

    class Ended(BaseException):
        """The tab is closed."""

    async def write():
        batches = Batches(disk, Locks())
        await batches.keep_list("b1", "old")
        await batches.keep_result("b1", 7, b"old", b"old")
        sink = disk.sink

        async def ending(batch, name):
            file = await sink(batch, name)
            file.write(b"ne")
            file.close()
            raise Ended

        disk.sink = ending
        for call in (batches.keep_list("b1", "new"), batches.keep_result("b1", 7, b"new", b"new")):
            with pytest.raises(Ended):
                await call
        disk.sink = sink

    run(write())
    assert disk.folders["b1"].items() >= {"list": b"old", "result-7": b"old", "new-list": b"ne"}.items()
    batches = Batches(disk, Locks())
    assert run(batches.all()) == [("b1", "old")]
    assert run(batches.restore("b1"))[2] == {7: b"old"}


def test_nothing_brings_a_discarded_batch_back():
    """The page closes a batch while the worker still writes a photo, and has another one in the network."""
    disk = Disk()

    async def scenario() -> None:
        batches = Batches(disk, Locks())
        await batches.keep_list("b", "list")
        writing = asyncio.ensure_future(batches.keep_photo("b", 1, bytearray(3 * PIECE)))
        for _ in range(9):
            if "new-photo-1" not in disk.folders["b"]:
                await asyncio.sleep(0)
        assert not writing.done() and "new-photo-1" in disk.folders["b"]
        discarding = asyncio.ensure_future(batches.discard("b"))
        await asyncio.gather(writing, discarding)
        await batches.keep_result("b", 2, b"late", b"late")
        await batches.keep_list("b", "late")

    run(scenario())
    assert disk.folders == {}


def test_a_full_disk_is_said_and_leaves_no_half_files():
    disk = Disk(room=100)

    async def fill():
        batches = Batches(disk, Locks())
        await batches.keep_result("b1", 1, b"x" * 40, b"t")
        with pytest.raises(NoRoomError):
            await batches.keep_photo("b1", 2, b"x" * 90)
        await batches.keep_found("b1", 1, b"x" * 90)  # is left out
        disk.room = 60
        with pytest.raises(NoRoomError) as caught:
            await batches.zip("b1", [(1, "a.png")], lambda *progress: None)
        assert caught.value.reason == "zip"
        assert await batches.result("b1", 1) == b"x" * 40

    run(fill())
    assert set(disk.folders["b1"]) == {"result-1", "thumbnail-1"}


@pytest.mark.parametrize("id", ["", "../b1", "a/b", "B", "x" * 65])
def test_an_id_is_never_a_path(id):
    with pytest.raises(OptionError):
        run(Batches(Disk(), Locks()).keep_list(id, "{}"))


def test_the_zip_holds_every_result_as_it_is_under_its_name():
    disk, done = Disk(), []
    results = {1: bytes(range(256)) * 30_000, 2: b"", 3: b"PNG"}

    async def pack():
        batches = Batches(disk, Locks())
        for number, data in results.items():
            await batches.keep_result("b1", number, data, b"")
        disk.largest = 0
        names = [(1, "café.png"), (2, "照片.png"), (3, "a b.png")]
        return await batches.zip("b1", names, lambda *progress: done.append(progress))

    with zipfile.ZipFile(io.BytesIO(run(pack()))) as archive:
        assert archive.testzip() is None
        assert {info.filename: archive.read(info) for info in archive.infolist()} == {
            "café.png": results[1],
            "照片.png": results[2],
            "a b.png": results[3],
        }
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
    assert disk.largest <= PIECE < len(results[1])
    assert done == [("zip", count, 3) for count in range(4)]


@pytest.mark.parametrize(("year", "said"), [(1970, 1980), (2026, 2026), (2200, 2107)])
def test_a_zip_is_written_whatever_the_clock_says(monkeypatch, year, said):
    monkeypatch.setattr(time, "localtime", lambda: time.struct_time((year, 1, 2, 3, 4, 5, 0, 0, 0)))
    sink = io.BytesIO()

    async def read(start: int, stop: int) -> bytes:
        return b"picture"[start:stop]

    run(write_zip(sink, [Entry("a.png", 7, read)], lambda count: None))
    with zipfile.ZipFile(sink) as archive:
        assert archive.getinfo("a.png").date_time[0] == said


def test_a_missing_result_is_said():
    with pytest.raises(BatchGoneError):
        run(Batches(Disk(), Locks()).zip("b1", [(1, "a.png")], lambda *progress: None))


def test_a_zip_of_more_than_four_gigabytes_is_zip64(monkeypatch):
    """With the limits of the old format lowered: the new one begins beyond them."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1000)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 3)
    sink = io.BytesIO()

    async def read(start, stop):
        return b"x" * (stop - start)

    run(write_zip(sink, [Entry(f"{number}.png", 600 * number, read) for number in range(5)], lambda count: None))
    monkeypatch.undo()
    assert b"PK\x06\x06" in sink.getvalue() and b"PK\x06\x07" in sink.getvalue()
    with zipfile.ZipFile(sink) as archive:
        assert archive.testzip() is None and [info.file_size for info in archive.infolist()] == [
            0,
            600,
            1200,
            1800,
            2400,
        ]
