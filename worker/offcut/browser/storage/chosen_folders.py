"""The folder that a person has chosen for the results of a batch, in IndexedDB: nothing else keeps such a handle."""

import asyncio
from typing import Any

import js
from pyodide.ffi import JsException, JsProxy, create_proxy

from offcut.protocol import caches

_STORE = "folders"


async def keep(batch: str, folder: JsProxy) -> None:
    """Keep a `FileSystemDirectoryHandle` for a batch. Where that fails, it is not known after a reload."""
    await _ask("readwrite", "put", folder, batch)


async def kept(batch: str) -> JsProxy | None:
    """Return the handle that is kept for a batch; None where there is none."""
    return await _ask("readonly", "get", batch) or None


async def forget(batch: str) -> None:
    """Keep no folder for a batch any more."""
    await _ask("readwrite", "delete", batch)


async def _ask(mode: str, method: str, *arguments: Any) -> Any:
    """Return what a method of the store returns; None where the browser keeps nothing here."""
    try:
        request = js.indexedDB.open(caches.FOLDERS, 1)
        request.onupgradeneeded = made = create_proxy(lambda event: request.result.createObjectStore(_STORE))
        database = await _result(request)
        made.destroy()
        if database is None:
            return None
        try:
            store = database.transaction(_STORE, mode).objectStore(_STORE)
            return await _result(getattr(store, method)(*arguments))
        finally:
            database.close()
    except (AttributeError, JsException):
        return None


async def _result(request: JsProxy) -> Any:
    """Wait for an `IDBRequest`. Returns its result; None where it fails."""
    done = asyncio.Event()
    ended = create_proxy(lambda event: done.set())
    request.onsuccess = request.onerror = request.onblocked = ended
    await done.wait()
    ended.destroy()
    return request.result if request.readyState == "done" and not request.error else None
