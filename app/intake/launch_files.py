"""Photos that come from outside the page: opened with the installed app, or shared to it from another one."""

import js
from core.dom import object_of
from core.i18n import t
from core.tasks import spawn
from pyscript.ffi import create_proxy, to_js

from offcut.protocol import caches


def watch(choose):
    """Call `choose(file, others)` for each photo; `others` is how many more came with it and are left."""
    queue = getattr(js.window, "launchQueue", None)
    if queue:
        queue.setConsumer(create_proxy(lambda launch: spawn(_open(launch, choose))))
    parameters = js.URLSearchParams.new(js.location.search)
    if parameters.has("shared"):
        spawn(_open_shared(choose))


def requested_dialog():
    """Return the name of the dialog that a shortcut of the installed app asks for, or None.

    The address loses its query.
    """
    name = js.URLSearchParams.new(js.location.search).get("open")
    if js.location.search:
        js.history.replaceState(None, "", js.location.pathname)
    return name


async def _open(launch, choose):
    handles = list(launch.files or [])
    if handles:
        choose(await handles[0].getFile(), len(handles) - 1)


async def _open_shared(choose):
    """The service worker has stored the photo on this device; it is taken from there and deleted."""
    cache = await js.caches.open(caches.SHARED)
    stored = await cache.match("share")
    if not stored:
        return
    await js.caches.delete(caches.SHARED)
    name = js.decodeURIComponent(stored.headers.get("X-Name") or "") or t("arrivals.name")
    file = js.File.new(to_js([await stored.blob()]), name, object_of(type=stored.headers.get("Content-Type") or ""))
    choose(file, int(stored.headers.get("X-Count") or 1) - 1)
