"""Photos that come from outside the page: opened with the installed app, or shared to it from another one."""

import js
from core.dom import object_of
from core.i18n import t
from core.tasks import spawn
from pyscript.ffi import create_proxy, to_js

from offcut.protocol import caches


def watch(take):
    """Call `take(files)` with what comes at a time."""
    queue = getattr(js.window, "launchQueue", None)
    if queue:
        queue.setConsumer(create_proxy(lambda launch: spawn(_open(launch, take))))
    parameters = js.URLSearchParams.new(js.location.search)
    if parameters.has("shared"):
        spawn(_open_shared(take))


def requested_dialog():
    """Return the name of the dialog that a shortcut of the installed app asks for, or None.

    The address loses its query.
    """
    name = js.URLSearchParams.new(js.location.search).get("open")
    if js.location.search:
        js.history.replaceState(None, "", js.location.pathname)
    return name


async def _open(launch, take):
    files = []
    for handle in list(launch.files or []):
        files.append(await handle.getFile())  # noqa: PERF401 (MicroPython awaits nothing inside of brackets)
    if files:
        take(files)


async def _open_shared(take):
    """The service worker has stored the photos on this device; they are taken from there and deleted."""
    cache = await js.caches.open(caches.SHARED)
    files = []
    for request in list(await cache.keys()):
        stored = await cache.match(request)
        name = js.decodeURIComponent(stored.headers.get("X-Name") or "") or t("arrivals.name")
        kind = object_of(type=stored.headers.get("Content-Type") or "")
        files.append(js.File.new(to_js([await stored.blob()]), name, kind))
    await js.caches.delete(caches.SHARED)
    if files:
        take(files)
