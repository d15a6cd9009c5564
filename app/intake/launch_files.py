"""PhotoFlow that come from outside the page: opened with the installed app, or shared to it from another one."""

import asyncio

import js
from core.dom import object_of
from core.i18n import t
from pyscript.ffi import create_proxy

from offcut.protocol import caches


def watch(take):
    """Call `take(file, others)` for each photo; `others` is how many more came with it and are left."""
    queue = getattr(js.window, "launchQueue", None)
    if queue:
        queue.setConsumer(create_proxy(lambda launch: asyncio.create_task(_opened(launch, take))))
    asked = js.URLSearchParams.new(js.location.search)
    if asked.has("shared"):
        asyncio.create_task(_shared(take))


def asked_for():
    """The panel that a shortcut of the installed app asks for, or None. The address is put back to the plain one."""
    asked = js.URLSearchParams.new(js.location.search).get("open")
    if js.location.search:
        js.history.replaceState(None, "", js.location.pathname)
    return asked


async def _opened(launch, take):
    handles = list(launch.files or [])
    if handles:
        await take(await handles[0].getFile(), len(handles) - 1)


async def _shared(take):
    """sw.js has put the photo aside on this device; it is taken from there and left nowhere."""
    cache = await js.caches.open(caches.SHARED)
    kept = await cache.match("share")
    if not kept:
        return
    await js.caches.delete(caches.SHARED)
    name = js.decodeURIComponent(kept.headers.get("X-Name") or "") or t("arrivals.name")
    parts = js.Array.new()
    parts.push(await kept.blob())
    file = js.File.new(parts, name, object_of(type=kept.headers.get("Content-Type") or ""))
    await take(file, int(kept.headers.get("X-Count") or 1) - 1)
