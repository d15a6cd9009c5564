"""The work on a photo, kept on this device for a reload or a crash: Cache Storage, one entry a part.

Nothing is kept before the first change. Only the last work is, whichever tab it was in: a tab that finds another's list
of parts stops keeping its own.
"""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import js
from pyodide.ffi import JsException, JsProxy, to_js

from offcut.editing.document import Document
from offcut.editing.persistence import manifest_of, parts_of
from offcut.errors import WorkDamagedError
from offcut.protocol import caches


@dataclass
class _Work:
    """What is to be kept, and what of it is."""

    document: Document
    files: dict[str, JsProxy]
    """Blobs by the name of their part: ``"photo"``, and ``"background-N"`` where there is one."""

    name: str
    """Of the photo's file; what comes back from the cache has none."""

    owner: str
    """Unlike that of any other work."""

    is_listed: bool = False
    """Whether this work's list was written: from then on another's list means that another tab keeps its own."""

    written: set[str] = field(default_factory=set)


class WorkStore:
    """One document's parts in the cache."""

    def __init__(self, folder: str) -> None:
        """`folder` is an absolute URL that ends in a slash. Nothing is ever fetched from it: it only names entries."""
        self._folder = folder
        self._turn = asyncio.Lock()
        self._work: _Work | None = None
        self._task: asyncio.Task | None = None
        self._again = False

    def follow(self, document: Document, photo: JsProxy) -> None:
        """Keep this document, from its next change on, instead of the one before. `photo` is its file."""
        self._work = _Work(document, {"photo": photo}, getattr(photo, "name", ""), js.crypto.randomUUID())

    def follow_kept(self, document: Document, manifest: dict[str, Any], files: dict[str, JsProxy]) -> None:
        """Go on keeping a document that `read` has brought back."""
        self._work = _Work(document, files, manifest["name"], manifest["owner"], True, set(manifest["parts"]))

    def take_background(self, file: JsProxy) -> None:
        """Keep this image file with the document."""
        if self._work:
            files = self._work.files
            last = max((int(name.split("-")[1]) for name in files if name != "photo"), default=0)
            self._work.files = {"photo": files["photo"], f"background-{last + 1}": file}
            self.changed()

    def changed(self) -> None:
        """Write what has changed, soon; the caller does not wait for it."""
        self._again = True
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._write_all())

    async def kept(self) -> dict[str, Any] | None:
        """The list of what is kept: that of `manifest_of`, with ``"owner"``, ``"name"`` of the file and ``"saved"``, in
        milliseconds since 1970; None where nothing is."""
        cache = await self._cache()
        return cache and await self._manifest(cache)

    async def read(self) -> tuple[dict[str, Any], dict[str, JsProxy], dict[str, bytes]]:
        """What is kept: the list, the files (``"photo"``, ``"background-N"``), and the other parts.

        Raises WorkDamagedError where nothing is kept, or something is missing.
        """
        cache = await self._cache()
        manifest = cache and await self._manifest(cache)
        if not manifest:
            raise WorkDamagedError("No work is kept on this device. Choose a photo.")
        files: dict[str, JsProxy] = {}
        parts: dict[str, bytes] = {}
        for name in manifest["parts"]:
            response = await cache.match(self._url(manifest["owner"], name))
            if not response:
                raise WorkDamagedError("Some of the kept work is gone from this device. Choose the photo again.")
            if name == "photo" or name.startswith("background-"):
                files[name] = await response.blob()
            else:
                parts[name] = (await response.arrayBuffer()).to_bytes()
        return manifest, files, parts

    async def forget(self) -> None:
        """Throw away for good what is kept, and keep nothing more of this document."""
        self._work = None
        async with self._turn:
            try:
                await js.caches.delete(caches.WORK)
            except (AttributeError, JsException):
                pass  # Where there is no cache nothing is kept.

    async def _write_all(self) -> None:
        while self._again:
            self._again = False
            async with self._turn:
                try:
                    await self._write()
                except JsException:
                    return  # A full disk is no reason to stop the work itself.

    async def _write(self) -> None:
        work, cache = self._work, await self._cache()
        if work is None or cache is None:
            return
        if work.is_listed and ((await self._manifest(cache)) or {}).get("owner") != work.owner:
            self._work = None  # another tab keeps its own, or all was thrown away there
            return
        parts = parts_of(work.document)
        names = [*work.files, *parts]
        # Taken now: while the parts are being written, the person goes on.
        manifest = manifest_of(work.document) | {
            "owner": work.owner,
            "parts": names,
            "name": work.name,
            "saved": js.Date.now(),
        }
        for name in names:
            if name not in work.written:
                body = work.files[name] if name in work.files else to_js(parts[name]())
                await cache.put(self._url(work.owner, name), js.Response.new(body))
                work.written.add(name)
        if self._work is work:
            await cache.put(self._folder + "list", js.Response.new(json.dumps(manifest)))
            work.is_listed = True
            await self._sweep(cache, work, names)

    async def _sweep(self, cache: JsProxy, work: _Work, names: list[str]) -> None:
        wanted = {self._url(work.owner, name) for name in names} | {self._folder + "list"}
        work.written &= set(names)
        for request in await cache.keys():
            if request.url not in wanted:
                await cache.delete(request)

    async def _manifest(self, cache: JsProxy) -> dict[str, Any] | None:
        response = await cache.match(self._folder + "list")
        return json.loads(await response.text()) if response else None

    async def _cache(self) -> JsProxy | None:
        try:
            return await js.caches.open(caches.WORK)
        except (AttributeError, JsException):
            return None

    def _url(self, owner: str, name: str) -> str:
        return f"{self._folder}{owner}/{name}"
