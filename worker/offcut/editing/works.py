"""The works that this device keeps: photos that a person has changed, with everything that was done to them.

Nothing is kept of a photo before the first change to it. Each work has an id of its own, and of its parts that of the
list is written last: whenever the page is closed, everything that a list names is complete. A tab writes its own work
and no other's; what has to go for want of room goes oldest first, and is told.
"""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from offcut.editing.document import Document
from offcut.editing.persistence import manifest_of, parts_of
from offcut.editing.thumbnail import thumbnail_of
from offcut.errors import WorkDamagedError

MAX_WORKS = 12
"""Works that are kept on one device."""

MAX_BYTES = 600_000_000
"""Bytes that they may take together. A photo of 48 megapixels with its steps takes about 25 million."""

LIST = "list"
"""Name of the part that names the others. Before works had ids, the one list lay beside the works instead of in one."""

File = Any
"""An image file, such as a JavaScript `Blob`."""


class StorageRefusedError(Exception):
    """Nothing can be stored on this device, or not from this page."""


class StorageFullError(Exception):
    """There is no room for an entry."""


class Entries(Protocol):
    """Where parts are stored, by names such as ``"ID/alpha"``."""

    async def names(self) -> list[str]:
        """Return the names of all entries of this copy of Offcut; none where nothing can be stored."""
        ...

    async def read(self, name: str) -> bytes | None:
        """Return what was stored; None where nothing was."""
        ...

    async def file(self, name: str) -> File | None:
        """Return what was stored as a file; None where nothing was."""
        ...

    async def write(self, name: str, body: File | bytes) -> int:
        """Store an entry, and return how many bytes it takes. Raises StorageRefusedError or StorageFullError."""
        ...

    async def delete(self, name: str) -> None:
        """Delete an entry, if there is one."""
        ...


class Locks(Protocol):
    """Which tab has which work open."""

    can_tell: bool
    """Whether the browser has locks. Without them every work counts as open here alone."""

    async def take(self, id: str) -> bool:
        """Mark a work as open here. Returns whether it was not open in another tab."""
        ...

    def release(self, id: str) -> None:
        """It is not open here any more."""
        ...

    async def taken_elsewhere(self) -> set[str]:
        """Return the ids of works that are open in other tabs."""
        ...


class MemoryEntries:
    """Entries for the time of this visit, where nothing can be stored for longer."""

    def __init__(self) -> None:
        self._entries: dict[str, File | bytes] = {}

    async def names(self) -> list[str]:
        """Return the names of all entries."""
        return list(self._entries)

    async def read(self, name: str) -> bytes | None:
        """Return what was stored."""
        return self._entries.get(name)

    async def file(self, name: str) -> File | None:
        """Return the file that was stored."""
        return self._entries.get(name)

    async def write(self, name: str, body: File | bytes) -> int:
        """Store an entry."""
        self._entries[name] = body
        return len(body) if isinstance(body, bytes) else 0

    async def delete(self, name: str) -> None:
        """Delete an entry."""
        self._entries.pop(name, None)


@dataclass
class _Work:
    """What is to be saved, and what of it is."""

    id: str
    document: Document
    files: dict[str, File]
    """Image files by the name of their part: ``"photo"``, and ``"background-N"``."""

    name: str
    """Of the photo's file; a file from the cache has none."""

    written: dict[str, int] = field(default_factory=dict)
    """The parts that are stored, with the bytes that they take."""

    changed: float = 0
    """The time of its last change, in seconds: later than that of anything that was saved before it."""

    is_own: bool = False
    """Whether this worker has written the list; if another is found after that, another tab continues the work."""


class Works:
    """Saves the open document, and knows what else is saved."""

    def __init__(
        self,
        entries: Entries,
        locks: Locks,
        make_id: Callable[[], str],
        tell: Callable[[str, str], object],
        now: Callable[[], float] = time.time,
    ) -> None:
        """
        Args:
            entries: where parts are stored.
            locks: which tab has which work open.
            make_id: makes an id like no other.
            tell: called with a key and a photo's name when a person should know something: ``"dropped"`` (an older work
                was deleted for want of room), ``"full"`` or ``"refused"`` (the open one is kept for this visit only).
            now: returns the time in seconds.
        """
        self._stored, self._memory = entries, MemoryEntries()
        self._locks, self._make_id, self._tell, self._now = locks, make_id, tell, now
        self._writer = make_id()  # unlike that of every other tab, and of this one after a reload
        self._told: set[str] = set()
        self._lock = asyncio.Lock()
        self._work: _Work | None = None
        self._task: asyncio.Task[None] | None = None
        self._has_changed = False
        self.revision = 0
        """Counts the changes to the open work, over reloads too; what is saved of it has the number of its own."""

    @property
    def id(self) -> str:
        """The id of the open work; empty where none is open."""
        return self._work.id if self._work else ""

    def follow(self, document: Document, photo: File, name: str) -> str:
        """Save this document, from its next change on, instead of the one before. Returns the id of its work.

        Args:
            document: the document.
            photo: the image file that it was opened with.
            name: of the file.
        """
        self._open(_Work(self._make_id(), document, {"photo": photo}, name))
        return self.id

    async def follow_saved(self, document: Document, manifest: dict[str, Any], files: dict[str, File]) -> str:
        """Continue to save a document that `read` has returned. Returns the id of its work.

        Where another tab has it open, this is a copy with an id of its own.
        """
        if await self._locks.take(manifest["id"]):
            written = dict.fromkeys(manifest["parts"], 0)
            self._open(_Work(manifest["id"], document, files, manifest["name"], written))
        else:
            self._open(_Work(self._make_id(), document, files, manifest["name"]))
        self.revision = manifest.get("revision", 0)
        return self.id

    def take_background(self, number: int, file: File) -> None:
        """Save this image file with the document, from the next change on, while a step uses it."""
        if self._work:
            self._work.files[f"background-{number}"] = file

    def changed(self) -> None:
        """Save what has changed, soon; the caller does not wait for it."""
        self._has_changed = True
        self.revision += 1
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._write_all())

    async def flush(self) -> None:
        """Wait until everything is saved. To be called before another photo is opened."""
        if self._task:
            await self._task

    async def all(self, first: str = "") -> list[dict[str, Any]]:
        """Return what can be continued, the last one first: ``{"id", "name", "changed", "thumbnail"}`` each.

        Args:
            first: id of the work that comes first: the one that this tab had open before it was reloaded.

        What is open, here or in another tab, is left out, but for `first`.
        """
        elsewhere = await self._locks.taken_elsewhere()
        found = []
        for manifest in await self._manifests():
            is_open = manifest["id"] in elsewhere and manifest["id"] != first
            if manifest["id"] != self.id and not is_open:
                found.append({key: manifest.get(key, "") for key in ("id", "name", "changed", "thumbnail")})
        return sorted(found, key=lambda work: (work["id"] == first, work["changed"] or 0), reverse=True)

    async def read(self, id: str) -> tuple[dict[str, Any], dict[str, File], dict[str, bytes]]:
        """Return what is saved of a work: the manifest, the files (``"photo"``, ``"background-N"``), the other parts.

        The manifest is that of `manifest_of`, with ``"id"``, ``"parts"``, and the ``"name"`` of the photo's file.

        Raises:
            WorkDamagedError: it is not saved, or a part is missing.
        """
        await self.flush()
        places = [(await _manifest(entries, id), entries) for entries in (self._stored, self._memory)]
        manifest, entries = max(places, key=lambda place: place[0].get("changed", 0) if place[0] else -1)
        if manifest is None:
            raise WorkDamagedError("This work is no longer kept on this device. Choose a photo.")
        files: dict[str, File] = {}
        parts: dict[str, bytes] = {}
        for name in manifest["parts"]:
            is_file = name == "photo" or name.startswith("background-")
            body = await (entries.file if is_file else entries.read)(f"{id}/{name}")
            if body is None:
                raise WorkDamagedError("Some of the kept work is gone from this device. Choose the photo again.")
            (files if is_file else parts)[name] = body
        return manifest, files, parts

    async def discard(self, id: str) -> None:
        """Delete a work. If it is the open one, nothing more of it is saved."""
        if id == self.id:
            self._work = None
            self._locks.release(id)
        async with self._lock:
            for entries in (self._stored, self._memory):
                await _delete(entries, id)

    def _open(self, work: _Work) -> None:
        if self._work and self._work.id != work.id:
            self._locks.release(self._work.id)
        self._work, self.revision = work, 0

    async def _write_all(self) -> None:
        while self._has_changed:
            self._has_changed = False
            async with self._lock:
                if self._work:
                    await self._write(self._work)

    async def _write(self, work: _Work) -> None:
        try:
            while True:
                try:
                    if await self._write_to(self._stored, work):
                        await self._make_room(work)
                    return
                except StorageFullError:
                    if not await self._drop_oldest(work):
                        self._tell_once("full", work.name)
                        break
        except StorageRefusedError:
            self._tell_once("refused", work.name)
        if not work.is_own:
            await _delete(self._stored, work.id)  # what was written before the room ended
        work.written.clear()
        await self._write_to(self._memory, work)

    async def _write_to(self, entries: Entries, work: _Work) -> bool:
        """Store what is not stored yet. Returns whether the work is new there."""
        saved = await _manifest(entries, work.id)
        if saved is None:
            work.written.clear()  # it is new, or was deleted meanwhile
            await self._locks.take(work.id)
        elif work.is_own and saved.get("writer") != self._writer:
            # Another tab continues this work, in a browser where tabs cannot tell each other: both keep theirs.
            work.id = self._make_id()
            work.written.clear()
        if not work.is_own:
            work.changed = max((found.get("changed") or 0 for found in await self._manifests()), default=0)
        work.changed = max(self._now(), work.changed + 0.001)  # the clock may be set back
        parts = parts_of(work.document)
        used = {"photo", *(f"background-{number}" for number in work.document.images)}
        names = [*(name for name in work.files if name in used), *parts]
        # Made now: while the parts are being written, the person goes on.
        manifest = manifest_of(work.document) | {
            "id": work.id,
            "writer": self._writer,
            "parts": names,
            "name": work.name,
            "changed": work.changed,
            "revision": self.revision,
            "thumbnail": thumbnail_of(work.document),
        }
        for name in names:
            if name not in work.written:
                body = work.files[name] if name in work.files else parts[name]()
                work.written[name] = await entries.write(f"{work.id}/{name}", body)
        if self._work is not work:
            await _delete(entries, work.id)  # it was discarded meanwhile
            return False
        manifest["bytes"] = sum(work.written.values())
        await entries.write(f"{work.id}/{LIST}", json.dumps(manifest).encode())
        work.is_own = True
        needed = {f"{work.id}/{name}" for name in (*names, LIST)}
        for entry in await entries.names():
            if (entry.startswith(work.id + "/") and entry not in needed) or (
                entry == LIST and (await _manifest(entries, work.id, LIST)) is not None
            ):
                await entries.delete(entry)
        work.written = {name: work.written[name] for name in names}
        return saved is None

    async def _make_room(self, work: _Work) -> None:
        await self._delete_remains(work)
        while True:
            manifests = await self._manifests(self._stored)
            total = sum(manifest.get("bytes", 0) for manifest in manifests)
            if (len(manifests) <= MAX_WORKS and total <= MAX_BYTES) or not await self._drop_oldest(work):
                return

    async def _delete_remains(self, work: _Work) -> None:
        """Delete what has no list: its first write was cut short, by a crash."""
        if not self._locks.can_tell:
            return  # another tab may be writing it just now
        known = {manifest["id"] for manifest in await self._manifests(self._stored)}
        known |= {work.id} | await self._locks.taken_elsewhere()
        for entry in await self._stored.names():
            if entry != LIST and entry.split("/")[0] not in known:
                await self._stored.delete(entry)

    async def _drop_oldest(self, work: _Work) -> bool:
        """Delete the oldest work that nobody has open, but for this one. Returns whether there was one."""
        elsewhere = await self._locks.taken_elsewhere()
        others = [
            manifest
            for manifest in await self._manifests(self._stored)
            if manifest["id"] != work.id and manifest["id"] not in elsewhere
        ]
        if not others:
            return False
        oldest = min(others, key=lambda manifest: manifest.get("changed", 0))
        await _delete(self._stored, oldest["id"])
        self._tell("dropped", oldest["name"])
        return True

    async def _manifests(self, *places: Entries) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for entries in places or (self._stored, self._memory):
            for entry in await entries.names():
                if entry == LIST or entry.endswith("/" + LIST):
                    manifest = _read(await entries.read(entry))
                    if manifest:
                        found.setdefault(manifest["id"], manifest)
        return list(found.values())

    def _tell_once(self, key: str, name: str) -> None:
        if key not in self._told:
            self._told.add(key)
            self._tell(key, name)


async def _manifest(entries: Entries, id: str, *names: str) -> dict[str, Any] | None:
    """Return the manifest of a work; None where it is not saved."""
    for name in names or (f"{id}/{LIST}", LIST):
        manifest = _read(await entries.read(name))
        if manifest and manifest["id"] == id:
            return manifest
    return None


def _read(body: bytes | None) -> dict[str, Any] | None:
    if body is None:
        return None
    try:
        manifest: dict[str, Any] = json.loads(body)
        # Before a device kept several works, the id was called the owner.
        return manifest | {"id": manifest.get("id") or manifest["owner"], "name": manifest.get("name", "")}
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


async def _delete(entries: Entries, id: str) -> None:
    """Delete a work, its list first: what is left of it after a crash is no work."""
    if await _manifest(entries, id, LIST):
        await entries.delete(LIST)
    names = [name for name in await entries.names() if name.startswith(id + "/")]
    for name in sorted(names, key=lambda name: not name.endswith("/" + LIST)):
        await entries.delete(name)
