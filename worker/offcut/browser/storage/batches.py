"""Where batches are kept in a browser: files of the origin's private file system, or in memory where it has none."""

import io
from contextlib import suppress
from functools import cache
from typing import IO, Any, cast
from urllib.parse import quote

import js
from pyodide.ffi import JsException, JsProxy, to_js

from offcut.browser.interop import PositionedFile, free_buffer, to_plain_js
from offcut.browser.storage.work import WebLocks
from offcut.editing.batches import Batches
from offcut.editing.works import StorageFullError
from offcut.editing.zip_writer import PIECE
from offcut.errors import UnreadableFileError
from offcut.protocol import caches


async def make_batches(site: str) -> Batches:
    """Make the batches of this copy of Offcut. `site` is the absolute URL of index.html's folder."""
    return Batches(await _files(site), WebLocks(f"{site}{caches.BATCHES}/"))


async def _files(site: str) -> "PrivateFiles | MemoryFiles":
    try:
        root = await js.navigator.storage.getDirectory()
        folder = await _folder(await _folder(root, caches.BATCHES, True), quote(js.URL.new(site).pathname, ""), True)
    except (AttributeError, JsException):  # plain http, some private windows and frames, or it is forbidden
        return MemoryFiles()
    return PrivateFiles(folder) if hasattr(js, "FileSystemSyncAccessHandle") else MemoryFiles()


class _Files:
    """What both have in common: files are `Blob`."""

    def size(self, file: JsProxy) -> int:
        """Return a file's size in bytes."""
        return int(file.size)

    async def read(self, file: JsProxy, start: int, stop: int) -> bytes:
        """Return a part of a file's bytes."""
        try:
            buffer = await file.slice(start, stop).arrayBuffer()
        except JsException as error:
            raise _gone() from error
        data: bytes = buffer.to_bytes()
        free_buffer(buffer)
        return data


class PrivateFiles(_Files):
    """Files in the origin's private file system, a folder for each batch."""

    is_lasting = True

    def __init__(self, folder: JsProxy) -> None:
        """`folder` is the `FileSystemDirectoryHandle` of this copy of Offcut."""
        self._folder = folder

    async def batches(self) -> list[str]:
        """Return the ids of all batches."""
        return await _names(self._folder)

    async def names(self, batch: str) -> list[str]:
        """Return the names of a batch's files."""
        try:
            return await _names(await _folder(self._folder, batch, False))
        except JsException:
            return []

    async def file(self, batch: str, name: str) -> JsProxy | None:
        """Return a file as a `File`, whose bytes stay on the disk."""
        try:
            folder = await _folder(self._folder, batch, False)
            file: JsProxy = await (await folder.getFileHandle(name)).getFile()
            return file
        except JsException:
            return None

    async def part(self, batch: str, name: str, start: int, stop: int) -> bytes:
        """Return a part of a kept file's bytes, at most `PIECE`.

        Not as a `Blob`: what is read of one stays in the worker's memory until the browser collects its garbage
        (`_scratch`).
        """
        try:
            handle = await (await _folder(self._folder, batch, False)).getFileHandle(name)
        except JsException as error:
            raise _gone() from error
        try:
            access = await handle.createSyncAccessHandle(to_plain_js({"mode": "read-only"}))
        except JsException:  # it is open
            return await self.read(await handle.getFile(), start, stop)
        piece = _scratch().subarray(0, stop - start)
        try:
            access.read(piece, to_plain_js({"at": start}))
            data: bytes = piece.to_bytes()
        finally:
            access.close()
        return data

    async def sink(self, batch: str, name: str) -> IO[bytes]:
        """Make an empty file to be written to."""
        try:
            folder = await _folder(self._folder, batch, True)
            handle = await folder.getFileHandle(name, to_plain_js({"create": True}))
            access = await handle.createSyncAccessHandle()
        except JsException as error:
            raise StorageFullError from error
        access.truncate(0)
        return cast(IO[bytes], _AccessHandle(access))

    async def rename(self, batch: str, name: str, new_name: str) -> None:
        """Give a file another name."""
        folder = await _folder(self._folder, batch, False)
        handle = await folder.getFileHandle(name)
        try:
            await handle.move(new_name)
        except JsException:  # a browser may refuse to replace a file
            await self.delete(batch, new_name)
            try:
                await handle.move(new_name)
            except JsException as error:
                raise StorageFullError from error

    async def delete(self, batch: str, name: str) -> None:
        """Delete a file."""
        with suppress(JsException):
            await (await _folder(self._folder, batch, False)).removeEntry(name)

    async def discard(self, batch: str) -> None:
        """Delete a batch."""
        with suppress(JsException):
            await self._folder.removeEntry(batch, to_plain_js({"recursive": True}))


class _AccessHandle(PositionedFile):
    """A file that is written to through a `FileSystemSyncAccessHandle`, which only workers have."""

    def __init__(self, access: JsProxy) -> None:
        self._access = access

    def size(self) -> int:
        return int(self._access.getSize())

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        given = memoryview(data).cast("B")
        for start in range(0, len(given), PIECE):
            some = given[start : start + PIECE]
            piece = _scratch().subarray(0, len(some))
            piece.assign(some)
            try:
                written = self._access.write(piece, to_plain_js({"at": self._at}))
            except JsException as error:  # the quota is exceeded
                raise StorageFullError from error
            if written != len(some):  # Chromium 156 returns an error number as a large count where there is no room
                raise StorageFullError
            self._at += len(some)
        return len(given)

    def close(self) -> None:
        if not self.closed:
            with suppress(JsException):
                self._access.flush()
            self._access.close()
        super().close()


class MemoryFiles(_Files):
    """Files for the time of this visit, where the browser keeps none."""

    is_lasting = False

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, JsProxy]] = {}

    async def batches(self) -> list[str]:
        """Return the ids of all batches."""
        return list(self._kept)

    async def names(self, batch: str) -> list[str]:
        """Return the names of a batch's files."""
        return list(self._kept.get(batch, {}))

    async def file(self, batch: str, name: str) -> JsProxy | None:
        """Return a file as a `Blob`, which the browser may move to the disk."""
        return self._kept.get(batch, {}).get(name)

    async def part(self, batch: str, name: str, start: int, stop: int) -> bytes:
        """Return a part of a kept file's bytes."""
        return await self.read(self._kept[batch][name], start, stop)

    async def sink(self, batch: str, name: str) -> IO[bytes]:
        """Make an empty file to be written to."""
        return _Memory(self._kept.setdefault(batch, {}), name)

    async def rename(self, batch: str, name: str, new_name: str) -> None:
        """Give a file another name."""
        self._kept[batch][new_name] = self._kept[batch].pop(name)

    async def delete(self, batch: str, name: str) -> None:
        """Delete a file."""
        self._kept.get(batch, {}).pop(name, None)

    async def discard(self, batch: str) -> None:
        """Delete a batch."""
        self._kept.pop(batch, None)


class _Memory(io.BytesIO):
    """A file that becomes a `Blob` once it is written."""

    def __init__(self, kept: dict[str, JsProxy], name: str) -> None:
        super().__init__()
        self._kept, self._name = kept, name

    def close(self) -> None:
        if not self.closed:
            copy = to_js(self.getbuffer())
            self._kept[self._name] = js.Blob.new(to_js([copy]))
            free_buffer(copy.buffer)
        super().close()


@cache
def _scratch() -> JsProxy:
    """Memory for what is read or written, used again and again.

    Chromium keeps all memory that files were read into until it collects garbage, and while files are only copied it
    collects none: a ZIP file of 1.2 GB took as much memory.
    """
    made: JsProxy = js.Uint8Array.new(PIECE)
    return made


def _gone() -> UnreadableFileError:
    return UnreadableFileError("The browser cannot read this file: it may have been moved or changed. Choose it again.")


async def _folder(parent: JsProxy, name: str, is_made: bool) -> JsProxy:
    folder: JsProxy = await parent.getDirectoryHandle(name, to_plain_js({"create": is_made}))
    return folder


async def _names(folder: JsProxy) -> list[str]:
    names = folder.keys()
    return [name async for name in names]
