"""The batches that this device keeps: photos, results and thumbnails as files, and a list of each batch.

The page has the list and says what is to be done; here are the files. A batch is a folder that is deleted as a whole
when the person closes it. Its list is written by the page whenever it changes, so that a reload goes on where it was.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import IO, Any, Protocol

from offcut.editing.works import Locks, StorageFullError
from offcut.editing.zip_writer import PIECE, Entry, write_zip
from offcut.errors import BatchGoneError, NoRoomError, OptionError
from offcut.progress import Progress

LIST = "list"
"""Name of the file with the list, a text that only the page reads."""

ZIP = "zip"

_NEW = "new-"
"""Begins the name of a file until it is written whole: a tab may end at any time."""

_ID = re.compile(r"[0-9a-z]{1,64}")

File = Any
"""A file as the storage has it, such as a JavaScript `File`."""


class BatchFiles(Protocol):
    """Where files are stored, by the id of a batch and a name such as ``"photo-7"``."""

    is_lasting: bool
    """Whether they survive a reload."""

    async def batches(self) -> list[str]:
        """Return the ids of all batches of this copy of Offcut."""
        ...

    async def names(self, batch: str) -> list[str]:
        """Return the names of a batch's files; none where there is no such batch."""
        ...

    async def file(self, batch: str, name: str) -> File | None:
        """Return a file; None where there is none."""
        ...

    async def read(self, file: File, start: int, stop: int) -> bytes:
        """Return a part of a file's bytes."""
        ...

    def size(self, file: File) -> int:
        """Return a file's size in bytes."""
        ...

    async def part(self, batch: str, name: str, start: int, stop: int) -> bytes:
        """Return a part of a kept file's bytes; of many files as well, without more and more memory."""
        ...

    async def sink(self, batch: str, name: str) -> IO[bytes]:
        """Make an empty file, and return it to be written to. Raises StorageFullError, as its methods do."""
        ...

    async def rename(self, batch: str, name: str, new_name: str) -> None:
        """Give a file another name. A file that had this name is replaced. Raises StorageFullError."""
        ...

    async def delete(self, batch: str, name: str) -> None:
        """Delete a file, if there is one."""
        ...

    async def discard(self, batch: str) -> None:
        """Delete a batch with everything in it."""
        ...


class Batches:
    """Keeps batches in files."""

    def __init__(self, files: BatchFiles, locks: Locks) -> None:
        """
        Args:
            files: where they are stored.
            locks: which tab has which batch open.
        """
        self._files, self._locks = files, locks
        self._taking = asyncio.Lock()
        self._writers: dict[str, int] = {}  # how many files of a batch are being written
        self._written_one = asyncio.Condition()
        self._discarded: set[str] = set()  # no late result may bring a batch back

    @property
    def is_lasting(self) -> bool:
        """Whether batches survive a reload here."""
        return self._files.is_lasting

    async def open_here(self, batch: str) -> None:
        """Mark a batch as open in this tab. Raises BatchGoneError where another tab has it open."""
        if not _ID.fullmatch(batch):
            raise OptionError(f"The batch {batch!r} has no valid id.")
        async with self._taking:  # two requests for one lock would wait for each other
            is_here = await self._locks.take(batch)
        if not is_here:
            raise BatchGoneError("This batch is open in another tab. Go on there.", "elsewhere")

    async def keep_photo(self, batch: str, photo: int, file: File) -> None:
        """Keep a copy of a photo. Raises NoRoomError."""
        await self._write(batch, f"photo-{photo}", file)

    async def photo(self, batch: str, photo: int) -> File:
        """Return the copy of a photo. Raises BatchGoneError."""
        return await self._file(batch, f"photo-{photo}")

    async def keep_result(self, batch: str, photo: int, data: bytes, thumbnail: bytes) -> None:
        """Keep the finished picture of a photo. Raises NoRoomError."""
        await self._write(batch, f"result-{photo}", data)
        await self._write(batch, f"thumbnail-{photo}", thumbnail)

    async def keep_found(self, batch: str, photo: int, data: bytes) -> None:
        """Keep what a network found in a photo, for another look. Without room it is left out: nothing needs it."""
        with suppress(NoRoomError):
            await self._write(batch, f"found-{photo}", data)

    async def found(self, batch: str, photo: int) -> bytes | None:
        """Return what a network found in a photo; None where that is not kept."""
        file = await self._files.file(batch, f"found-{photo}")
        return None if file is None else await self._files.read(file, 0, self._files.size(file))

    async def result(self, batch: str, photo: int) -> File:
        """Return the finished picture of a photo. Raises BatchGoneError."""
        return await self._file(batch, f"result-{photo}")

    async def drop(self, batch: str, photo: int) -> None:
        """Delete what is kept of a photo."""
        for kind in ("photo", "result", "thumbnail", "found"):
            await self._files.delete(batch, f"{kind}-{photo}")

    async def zip(self, batch: str, names: Sequence[tuple[int, str]], progress: Progress) -> File:
        """Put results into a ZIP file.

        Args:
            batch: the batch.
            names: each photo, and the name that its result gets.
            progress: called with the stage ``"zip"``, how many results are in it, and of how many.

        Raises:
            BatchGoneError: a result is missing.
            NoRoomError: there is no room for it.
        """
        files = [(photo, name, await self.result(batch, photo)) for photo, name in names]
        entries = [
            Entry(name, self._files.size(file), partial(self._files.part, batch, f"result-{photo}"))
            for photo, name, file in files
        ]
        progress("zip", 0, len(entries))
        await self._files.delete(batch, ZIP)  # two of them may be more than there is room for
        try:
            async with self._written(batch, ZIP) as sink:
                await write_zip(sink, entries, lambda count: progress("zip", count, len(entries)))
        except NoRoomError:
            raise NoRoomError(
                "There is no room left on this device for the ZIP file, which takes as much as all pictures together. "
                "Save them to a folder where the browser offers that, or delete something and save again: nothing is "
                "lost.",
                "zip",
            ) from None
        return await self._file(batch, ZIP)

    async def keep_list(self, batch: str, text: str) -> None:
        """Keep the list of a batch. Raises NoRoomError."""
        await self._write(batch, LIST, text.encode())

    async def all(self) -> list[tuple[str, str]]:
        """Return the id and the list of each batch that is not open in another tab.

        What has no list is deleted: its first write was cut short.
        """
        elsewhere = await self._locks.taken_elsewhere()
        found = []
        for batch in await self._files.batches():
            if batch in elsewhere:
                continue
            text = await self._text(batch)
            if text:
                found.append((batch, text))
            elif self._locks.can_tell:  # otherwise another tab may be writing it just now
                await self._files.discard(batch)
        return found

    async def restore(self, batch: str) -> tuple[str, list[str], dict[int, File]]:
        """Return the list of a batch, the names of its files, and the thumbnails by photo. Raises BatchGoneError."""
        await self.open_here(batch)
        text, names = await self._text(batch), await self._files.names(batch)
        if not text:
            raise BatchGoneError("This batch is no longer kept on this device. Choose the photos again.")
        numbers = [int(name.split("-")[1]) for name in names if name.startswith("thumbnail-")]
        return text, names, {number: await self._file(batch, f"thumbnail-{number}") for number in numbers}

    async def discard(self, batch: str) -> None:
        """Delete a batch with everything in it. What is still to be written of it is left out."""
        self._discarded.add(batch)
        async with self._written_one:  # browsers delete no file that is being written
            await self._written_one.wait_for(lambda: not self._writers.get(batch))
        await self._files.discard(batch)
        self._locks.release(batch)

    async def _write(self, batch: str, name: str, content: File | bytes) -> None:
        """Write a file, piece by piece where it is not bytes. Of a batch that is discarded nothing is written."""
        await self.open_here(batch)
        if batch in self._discarded:
            self._locks.release(batch)
            return
        async with self._written(batch, name) as sink:
            if isinstance(content, bytes):
                sink.write(content)
            else:
                size = self._files.size(content)
                for start in range(0, size, PIECE):
                    sink.write(await self._files.read(content, start, min(size, start + PIECE)))

    @asynccontextmanager
    async def _written(self, batch: str, name: str) -> AsyncIterator[IO[bytes]]:
        """A file to be written to. Until all of it is written, one of this name stays as it was. Raises NoRoomError."""
        self._writers[batch] = self._writers.get(batch, 0) + 1
        try:
            with await self._files.sink(batch, _NEW + name) as sink:
                yield sink
            await self._files.rename(batch, _NEW + name, name)
        except Exception as error:  # whatever it is, half a file is of no use and takes room
            await self._files.delete(batch, _NEW + name)
            if isinstance(error, StorageFullError):
                raise _no_room() from None
            raise
        finally:
            self._writers[batch] -= 1
            async with self._written_one:
                self._written_one.notify_all()

    async def _file(self, batch: str, name: str) -> File:
        file = await self._files.file(batch, name)
        if file is None:
            raise BatchGoneError("Some of this batch is gone from this device. Choose the photo again.", "part")
        return file

    async def _text(self, batch: str) -> str:
        file = await self._files.file(batch, LIST)
        return "" if file is None else (await self._files.read(file, 0, self._files.size(file))).decode()


def _no_room() -> NoRoomError:
    return NoRoomError("There is no room left on this device. Save what is done, delete something, then go on.")
