"""The work on a photo, saved on this device for a reload or a crash: in Cache Storage, one entry a part.

Nothing is saved before the first change. Only the last work is, whichever tab it was in: a tab that finds another's
manifest stops saving its own.
"""

import asyncio
import json
import os
from contextlib import suppress
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
    """What is to be saved, and what of it is."""

    document: Document
    files: dict[str, JsProxy]
    """Blobs by the name of their part: ``"photo"``, and ``"background-N"`` where there is one."""

    name: str
    """Of the photo's file; a file from the cache has none."""

    owner: str
    """Unlike that of any other work."""

    is_listed: bool = False
    """Whether this work's manifest was written. After that, another manifest means that another tab saves its work."""

    written: set[str] = field(default_factory=set)


class WorkStore:
    """One document's parts in the cache."""

    def __init__(self, folder: str) -> None:
        """`folder` is an absolute URL that ends in a slash. Nothing is ever fetched from it: it only names entries."""
        self._folder = folder
        self._manifest_url = folder + "list"
        self._lock = asyncio.Lock()
        self._work: _Work | None = None
        self._task: asyncio.Task[None] | None = None
        self._has_changed = False

    def follow(self, document: Document, photo: JsProxy) -> None:
        """Save this document, from its next change on, instead of the one before. `photo` is its file."""
        self._work = _Work(document, {"photo": photo}, getattr(photo, "name", ""), os.urandom(16).hex())

    def follow_saved(self, document: Document, manifest: dict[str, Any], files: dict[str, JsProxy]) -> None:
        """Continue to save a document that `read` has returned."""
        self._work = _Work(document, files, manifest["name"], manifest["owner"], True, set(manifest["parts"]))

    def take_background(self, number: int, file: JsProxy) -> None:
        """Save this image file with the document, from the next change on, where a step uses it."""
        if self._work:
            self._work.files[f"background-{number}"] = file

    def changed(self) -> None:
        """Save what has changed, soon; the caller does not wait for it."""
        self._has_changed = True
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._write_all())

    async def exists(self) -> bool:
        """Return whether there is saved work."""
        cache = await self._cache()
        return cache is not None and await self._manifest(cache) is not None

    async def read(self) -> tuple[dict[str, Any], dict[str, JsProxy], dict[str, bytes]]:
        """Return what is saved: the manifest, the files (``"photo"``, ``"background-N"``), and the other parts.

        The manifest is that of `manifest_of`, with ``"owner"``, ``"parts"``, and the ``"name"`` of the photo's file.

        Raises:
            WorkDamagedError: nothing is saved, or a part is missing.
        """
        cache = await self._cache()
        manifest = await self._manifest(cache) if cache else None
        if not cache or not manifest:
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

    async def discard(self) -> None:
        """Delete what is saved, and save nothing more of this document."""
        self._work = None
        async with self._lock:
            with suppress(AttributeError, JsException):  # where there is no cache nothing is saved
                await js.caches.delete(caches.WORK)

    async def _write_all(self) -> None:
        while self._has_changed:
            self._has_changed = False
            async with self._lock:
                try:
                    await self._write()
                except JsException:
                    return  # a full disk must not stop the work itself

    async def _write(self) -> None:
        work, cache = self._work, await self._cache()
        if work is None or cache is None:
            return
        if work.is_listed and ((await self._manifest(cache)) or {}).get("owner") != work.owner:
            self._work = None  # another tab saves its own, or everything was deleted there
            return
        parts = parts_of(work.document)
        used = {"photo", *(f"background-{number}" for number in work.document.images)}
        names = [*(name for name in work.files if name in used), *parts]
        # Made now: while the parts are being written, the person goes on.
        manifest = manifest_of(work.document) | {
            "owner": work.owner,
            "parts": names,
            "name": work.name,
        }
        for name in names:
            if name not in work.written:
                body = work.files[name] if name in work.files else to_js(parts[name]())
                await cache.put(self._url(work.owner, name), js.Response.new(body))
                work.written.add(name)
        if self._work is work:
            await cache.put(self._manifest_url, js.Response.new(json.dumps(manifest)))
            work.is_listed = True
            await self._delete_others(cache, work, names)

    async def _delete_others(self, cache: JsProxy, work: _Work, names: list[str]) -> None:
        needed = {self._url(work.owner, name) for name in names} | {self._manifest_url}
        work.written &= set(names)
        for request in await cache.keys():
            if request.url not in needed:
                await cache.delete(request)

    async def _manifest(self, cache: JsProxy) -> dict[str, Any] | None:
        response = await cache.match(self._manifest_url)
        return json.loads(await response.text()) if response else None

    async def _cache(self) -> JsProxy | None:
        try:
            cache: JsProxy = await js.caches.open(caches.WORK)
            return cache
        except (AttributeError, JsException):
            return None

    def _url(self, owner: str, name: str) -> str:
        return f"{self._folder}{owner}/{name}"
