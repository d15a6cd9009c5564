"""What the photo's logic needs of the browser."""

import js
from core.dom import JsException, attempt, document
from core.log import log
from core.site import read_json
from core.tasks import spawn
from pyscript.ffi import to_js

from offcut.protocol.caches import PREFIX
from photo import model_policy


def read_device() -> tuple:
    """Return the device's memory in GB, None where it is not reported, and whether its connection is metered."""
    connection = getattr(js.navigator, "connection", None)
    reported = [getattr(connection, name, None) for name in ("saveData", "type", "effectiveType")]
    return getattr(js.navigator, "deviceMemory", None), model_policy.is_metered(*reported)


def make_file(blob, name: str):
    """Make a file of a blob."""
    return js.File.new(to_js([blob]), name)


def arrived_bytes() -> dict:
    """Return how many bytes have arrived of each file that the service worker fetches, by path."""
    arrived = js.offcut.arrived
    return {path: getattr(arrived, path) for path in js.Object.keys(arrived)}


class Tab:
    """What this tab remembers over a reload, apart from other tabs: which work, or which batch, it had open."""

    def __init__(self, kind: str) -> None:
        """`kind` is ``"work"`` or ``"batch"``."""
        self._key = f"{PREFIX}{kind}:{js.URL.new('./', document.baseURI).pathname}"  # each copy of an origin its own
        self._noted = ""

    async def read(self) -> str:
        """Return the id; empty where there was none."""
        try:
            storage = await attempt(js.Reflect, "get", js.window, "sessionStorage")
            found = await attempt(storage, "getItem", self._key) if storage else None
        except JsException:  # storage is forbidden here
            return ""
        return found if isinstance(found, str) else ""

    def note(self, work: str) -> None:
        """Remember an id, or that there is none: empty."""
        if work != self._noted:
            self._noted = work
            spawn(self._note(work))

    async def _note(self, work: str) -> None:
        try:
            storage = await attempt(js.Reflect, "get", js.window, "sessionStorage")
            if storage:
                await attempt(storage, "setItem", self._key, work)
        except JsException as error:
            log.info("What is open is not remembered: " + str(error.args[-1]))


async def load_catalogue(models) -> None:
    """Have the `ModelPicker` offer the site's models."""
    catalogue, _ = await read_json("models/catalogue.json")
    await models.load(catalogue)


async def load_file_list(runtime) -> None:
    """Have the `RuntimeDownload` know what is to arrive."""
    listing, _ = await read_json("files.json")
    runtime.set_files(listing)
