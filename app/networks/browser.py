"""What networks of a person's own need of the browser."""

import json

import js
from core.dom import JsException, attempt, document, object_of
from core.log import log
from pyscript.ffi import to_js

from offcut.protocol import caches

_SAMPLE = "cat.webp"


async def kept_networks() -> dict:
    """Return what describes each network that this device keeps, by id, as a catalogue's models."""
    found = {}
    if not getattr(js, "caches", None):
        return found
    folder = js.URL.new("models/" + caches.OWN_NETWORKS + "/", document.baseURI).href
    try:
        if not await attempt(js.caches, "has", caches.MODELS):
            return found
        cache = await js.caches.open(caches.MODELS)
        for request in list(await cache.keys()):
            if request.url.startswith(folder):
                entry = json.loads(await (await cache.match(request)).text())
                found[request.url[len(folder) :].replace(".json", "")] = entry
    except (AttributeError, JsException, ValueError) as error:  # it is forbidden here, or cleared at this moment
        log.info("Kept networks cannot be read: " + str(error.args[-1]))
    return found


async def sample_photo():
    """Return a photo for who has none open, None where it cannot be had."""
    try:
        blob = await (await js.fetch("app/samples/" + _SAMPLE)).blob()
    except JsException as error:
        log.info("The sample photo cannot be had: " + str(error.args[-1]))
        return None
    return js.File.new(to_js([blob]), _SAMPLE, object_of(type="image/webp"))
