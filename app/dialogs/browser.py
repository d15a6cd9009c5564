"""What the dialogs ask of the browser: requests that were made, and what is stored on this device."""

import asyncio
import json

import js
from core.dom import JsException, attempt, document, object_of, on
from core.local_storage import delete_stored
from core.log import log
from core.site import read_json
from core.timing import timing
from core.worker_client import EngineError
from pyscript.ffi import to_js

from dialogs.request_log import sort_requests
from offcut.protocol import caches


async def read_requests(worker):
    """Return the `RequestLog` of everything up to now, as the page, its worker and the service worker have noted it."""
    listing, listing_bytes = await read_json("files.json")
    addresses = [js.location.href.split("?")[0].split("#")[0]]
    addresses += [entry.name for entry in js.performance.getEntriesByType("resource")]
    try:
        addresses += [entry.name for entry in await worker.list_requests()]
    except EngineError as error:
        log.info("The worker's requests are not listed: " + error.name)  # it was stopped, or did not start
    addresses += await _service_worker_requests()
    return sort_requests(addresses, js.URL.new("./", document.baseURI).href, listing, listing_bytes)


async def _service_worker_requests():
    """Return what the service worker has requested by itself, for the next visit."""
    controller = getattr(js.navigator, "serviceWorker", None) and js.navigator.serviceWorker.controller
    if not controller:
        return []
    channel = js.MessageChannel.new()
    replies, replied = [], asyncio.Event()

    def on_message(event) -> None:
        replies.append(event.data)
        replied.set()

    on(channel.port1, "message", on_message)
    channel.port1.start()
    controller.postMessage("requests", to_js([channel.port2]))
    try:
        await asyncio.wait_for(replied.wait(), timing.service_worker_reply)
    except TimeoutError:
        log.warning("The service worker did not list its requests")
        return []
    opened = js.performance.now()
    return [entry.name for entry in replies[0] if entry.age <= opened]


async def delete_everything() -> None:
    """Delete what Offcut has stored on this device, but nothing that other pages of this origin stored."""
    if getattr(js.window, "caches", None):
        try:
            for name in await js.caches.keys():
                if name.startswith(caches.PREFIX):
                    await js.caches.delete(name)
        except JsException as error:  # it is forbidden here, such as in a frame, so nothing is in it
            log.info("No caches to delete: " + str(error.args[-1]))
    await _delete_batches()
    await delete_stored()


async def _delete_batches() -> None:
    """Delete the photos and results of batches. Those that are being written stay until they are."""
    try:
        root = await js.navigator.storage.getDirectory()
        await root.removeEntry(caches.BATCHES, object_of(recursive=True))
    except (AttributeError, JsException) as error:
        log.info("No batches to delete: " + str(error.args[-1]))
    if getattr(js.window, "indexedDB", None):
        try:
            await attempt(js.indexedDB, "deleteDatabase", caches.FOLDERS)
        except JsException as error:  # it is forbidden here
            log.info("No folders to forget: " + str(error.args[-1]))


async def read_storage() -> tuple | None:
    """Return bytes in use, bytes available and whether they are safe from clean-up.

    Returns None where the browser does not report them.
    """
    storage = getattr(js.navigator, "storage", None)
    if not storage:
        return None
    try:
        estimate, is_persistent = await storage.estimate(), await storage.persisted()
    except (AttributeError, JsException):  # Safari 16 has no estimate; or it is forbidden here, such as in a frame
        return None
    # Through text: MicroPython takes a whole number of this size for a negative one.
    counts = json.loads(js.JSON.stringify(estimate))
    return counts["usage"], counts["quota"], is_persistent


class LastingStorage:
    """The storage of `Persistence`. Where the browser has none, or forbids it as in a frame, nothing is promised."""

    async def persisted(self) -> bool:
        """Whether the browser has promised to keep what is stored."""
        return await self._ask("persisted")

    async def persist(self) -> bool:
        """Have the browser promise it; in some it asks the person. Returns whether it has."""
        return await self._ask("persist")

    async def permission(self) -> str:
        """Return the permission's state, empty where the browser does not tell."""
        try:
            return (await js.navigator.permissions.query(object_of(name="persistent-storage"))).state
        except (AttributeError, JsException):
            return ""

    async def _ask(self, name) -> bool:
        storage = getattr(js.navigator, "storage", None)
        if not getattr(storage, name, None):
            return False
        try:
            return bool(await attempt(storage, name))
        except JsException:
            return False
