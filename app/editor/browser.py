"""What of the browser the editor's logic is given."""

import json

import js
from core.dom import document
from pyscript.ffi import create_proxy


def make_canvas():
    """Return a new canvas element."""
    return document.createElement("canvas")


def make_path():
    """Return an empty path of canvas calls."""
    return js.Path2D.new()


def make_frame_request(callback):
    """Return a function that has `callback()` called with the next frame."""
    proxy = create_proxy(lambda time: callback())
    return lambda: js.requestAnimationFrame(proxy)


def make_timer(callback, milliseconds):
    """Return a function that has `callback()` called after so long, and starts again at each call."""
    proxy = create_proxy(callback)
    timer = [None]

    def restart():
        js.clearTimeout(timer[0])
        timer[0] = js.setTimeout(proxy, milliseconds)

    return restart


def to_python(value):
    """Return a copy of a JavaScript object as dictionaries, lists, numbers and texts."""
    return json.loads(js.JSON.stringify(value))


class ObjectUrls:
    """Addresses of files in the browser's memory."""

    def create(self, blob):
        """Return an address of a file."""
        return js.URL.createObjectURL(blob)

    def revoke(self, url):
        """Free the memory of a file."""
        js.URL.revokeObjectURL(url)
