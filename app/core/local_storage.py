"""`localStorage` as the page uses it.

It may be forbidden (its mere mention then raises) or full, so every access that may raise is an `attempt`.
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
    try:
        storage = await attempt(js.Reflect, "get", js.window, "localStorage")
        for key in js.Object.keys(storage):
            if key.startswith(PREFIX):
                stored[key[len(PREFIX) :]] = storage.getItem(key)
    except JsException as error:  # storage is forbidden here
        log.info("No preferences are stored here: " + str(error.args[-1]))
        return Preferences(stored, lambda name, value: None)
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
        try:
            storage = await attempt(js.Reflect, "get", js.window, name)
        except JsException:  # forbidden, so nothing is in it
            continue
        for key in list(js.Object.keys(storage)):
            if key.startswith(PREFIX):
                storage.removeItem(key)
