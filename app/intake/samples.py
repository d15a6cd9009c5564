"""Sample photos for who has none at hand. Buttons with a `data-sample` name a file of `app/samples/`."""

import js
from core.dom import JsException, document, object_of, on
from core.log import log
from core.tasks import spawn
from pyscript.ffi import to_js

_TYPE = "webp"


def watch(take):
    """Call `take(files)` with the photo whose button is pressed."""
    for button in document.querySelectorAll("[data-sample]"):
        on(button, "click", lambda event: spawn(_open(event.currentTarget.dataset.sample, take)))


async def _open(name, take):
    try:
        blob = await (await js.fetch(f"app/samples/{name}.{_TYPE}")).blob()
    except JsException as error:  # no connection, and no copy of it on this device
        log.warning("A sample photo could not be had", cause=error)
        return
    take([js.File.new(to_js([blob]), f"{name}.{_TYPE}", object_of(type="image/" + _TYPE))])
