"""What the photo's logic needs of the browser."""

import js
from core.site import read_json
from pyscript.ffi import to_js

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


def confirm(question: str) -> bool:
    """Ask the person; return whether the answer is yes."""
    return js.confirm(question)


async def load_catalogue(models) -> None:
    """Have the `ModelPicker` offer the site's models."""
    catalogue, _ = await read_json("models/catalogue.json")
    models.fill(catalogue)


async def load_file_list(runtime) -> None:
    """Have the `RuntimeDownload` know what is to arrive."""
    listing, _ = await read_json("files.json")
    runtime.set_files(listing)
