"""`localStorage` as the page uses it.

It may be forbidden (app/boot.js makes that missing) or full, so what writes is an `attempt`.
"""

import js

from core.dom import JsException, attempt
from core.log import log
from core.preferences import Preferences
from core.tasks import spawn
from offcut.protocol.caches import PREFIX


async def open_preferences():
    """Return what this device remembers."""
    stored = {}
    storage = getattr(js.window, "localStorage", None)
    if not storage:
        log.info("No preferences are stored here: storage is forbidden")
        return Preferences(stored, lambda name, value: None)
    for key in js.Object.keys(storage):
        if key.startswith(PREFIX):
            stored[key[len(PREFIX) :]] = storage.getItem(key)
    return Preferences(stored, lambda name, value: _write(storage, name, value))


def _write(storage, name, value):
    # Written before anything else runs, so that a reload right after it finds it; only its failure is waited for.
    spawn(_note_failure(attempt(storage, "setItem", PREFIX + name, value)))


async def _note_failure(promise):
    try:
        await promise
    except JsException as error:  # the storage is full
        log.info("A preference is not stored: " + str(error.args[-1]))


async def delete_stored():
    """Delete what Offcut stored, in `localStorage` and `sessionStorage`, but nothing of other pages of this origin."""
    for name in ("localStorage", "sessionStorage"):
        storage = getattr(js.window, name, None)
        for key in list(js.Object.keys(storage)) if storage else ():  # where it is forbidden nothing is in it
            if key.startswith(PREFIX):
                storage.removeItem(key)
