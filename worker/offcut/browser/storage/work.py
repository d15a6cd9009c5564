"""Where works are kept in a browser: parts in Cache Storage, one entry each, and locks between tabs."""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress

import js
from pyodide.ffi import JsException, JsProxy, create_proxy, to_js

from offcut.browser.interop import to_plain_js
from offcut.editing.works import StorageFullError, StorageRefusedError, Works
from offcut.protocol import caches

_LOCK_SECONDS = 1.5
"""How long to wait for a lock: a tab that was reloaded, or a worker that was stopped, may hold it for a moment yet."""


def make_works(site: str, tell: Callable[[str, str], object]) -> Works:
    """Make the works of this copy of Offcut. `site` is the absolute URL of index.html's folder."""
    folder = f"{site}{caches.WORK}/"
    return Works(CacheEntries(folder), WebLocks(folder), lambda: os.urandom(16).hex(), tell)


class CacheEntries:
    """Entries of one cache below one address, which other copies on the same origin never touch."""

    def __init__(self, folder: str) -> None:
        """`folder` is an absolute URL that ends in a slash. Nothing is ever fetched from it: it only names entries."""
        self._folder = folder

    async def names(self) -> list[str]:
        """Return the names of the entries below the folder."""
        try:
            cache = await self._existing_cache()
            requests = await cache.keys() if cache else []
        except (StorageRefusedError, JsException):
            return []
        return [request.url[len(self._folder) :] for request in requests if request.url.startswith(self._folder)]

    async def read(self, name: str) -> bytes | None:
        """Return an entry's bytes."""
        response = await self._match(name)
        data: bytes | None = (await response.arrayBuffer()).to_bytes() if response else None
        return data

    async def file(self, name: str) -> JsProxy | None:
        """Return an entry as a `Blob`."""
        response = await self._match(name)
        return await response.blob() if response else None

    async def write(self, name: str, body: JsProxy | bytes) -> int:
        """Store an entry."""
        cache = await self._cache()
        content, size = (to_js(body), len(body)) if isinstance(body, bytes) else (body, body.size)
        try:
            await cache.put(self._folder + name, js.Response.new(content))
        except JsException as error:
            raise StorageFullError from error
        return int(size)

    async def delete(self, name: str) -> None:
        """Delete an entry, and the cache with the last one."""
        with suppress(StorageRefusedError, JsException):
            cache = await self._existing_cache()
            if cache:
                await cache.delete(self._folder + name)
                if not (await cache.keys()).length:
                    await js.caches.delete(caches.WORK)

    async def _match(self, name: str) -> JsProxy | None:
        try:
            cache = await self._existing_cache()
            response: JsProxy | None = await cache.match(self._folder + name) if cache else None
            return response or None
        except (StorageRefusedError, JsException):
            return None

    async def _existing_cache(self) -> JsProxy | None:
        """Return the cache, which is not made just to find out that nothing is in it."""
        try:
            return await self._cache() if await js.caches.has(caches.WORK) else None
        except (AttributeError, JsException):
            raise StorageRefusedError from None

    async def _cache(self) -> JsProxy:
        try:
            cache: JsProxy = await js.caches.open(caches.WORK)
            return cache
        except (AttributeError, JsException):  # plain http, some private windows and frames, or it is forbidden
            raise StorageRefusedError from None


class WebLocks:
    """Locks that last as long as the worker. In browsers without them every work counts as open here alone."""

    def __init__(self, folder: str) -> None:
        """`folder` begins the names of the locks."""
        self._folder = folder
        self._held: dict[str, JsProxy] = {}  # functions that let go, by id
        self.can_tell = _manager() is not None

    async def take(self, id: str) -> bool:
        """Mark a work as open here. Returns whether it was not open in another tab."""
        manager = _manager()
        if manager is None or id in self._held:
            return True
        granted: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        release = js.Promise.withResolvers() if hasattr(js.Promise, "withResolvers") else _resolvers()

        def on_lock(lock: JsProxy) -> JsProxy:
            if not granted.done():
                granted.set_result(True)
            promise: JsProxy = release.promise
            return promise

        abort = js.AbortController.new()
        request = manager.request(self._folder + id, to_plain_js({"signal": abort.signal}), create_proxy(on_lock))
        request.then(create_proxy(_ignore), create_proxy(_ignore))
        try:
            await asyncio.wait_for(asyncio.shield(granted), _LOCK_SECONDS)
        except TimeoutError:
            abort.abort()
            release.resolve(None)
            return False
        self._held[id] = release
        return True

    def release(self, id: str) -> None:
        """It is not open here any more."""
        release = self._held.pop(id, None)
        if release:
            release.resolve(None)

    async def taken_elsewhere(self) -> set[str]:
        """Return the ids of works that are open in other tabs."""
        manager = _manager()
        if manager is None:
            return set()
        try:
            names = [lock.name for lock in (await manager.query()).held]
        except JsException:
            return set()
        ids = {name[len(self._folder) :] for name in names if name.startswith(self._folder)}
        return ids - set(self._held)


def _manager() -> JsProxy | None:
    try:
        manager: JsProxy | None = getattr(js.navigator, "locks", None)
        return manager or None
    except JsException:  # forbidden, as in a sandboxed frame
        return None


def _resolvers() -> JsProxy:
    """Return what `Promise.withResolvers` does, for browsers without it."""
    found: JsProxy = js.Object.new()

    def executor(resolve: JsProxy, reject: JsProxy) -> None:
        found.resolve, found.reject = resolve, reject

    found.promise = js.Promise.new(create_proxy(executor))
    return found


def _ignore(value: object) -> None:
    """Take the end of a lock's request."""
