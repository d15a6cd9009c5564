"""What of the browser the editor's logic is given."""

import json

import js
from core.dom import document, on
from core.signals import Signal
from pyscript.ffi import create_proxy


class Canvases:
    """Makes canvas elements, and tells when the system has emptied some."""

    def __init__(self):
        self.restored = Signal()
        """Emitted when a canvas can be drawn on again, after it was emptied."""

        self._proxy = create_proxy(lambda event: self.restored.emit())

    def make(self):
        """Return a new canvas element."""
        return self.watch(document.createElement("canvas"))

    def watch(self, canvas):
        """Watch a canvas element of the page, too. Returns it."""
        canvas.addEventListener("contextrestored", self._proxy)
        return canvas


def watch_sight(hide, show):
    """Call `hide()` when the page goes out of sight, and `show()` when it is seen again, also by the button Back."""
    on(document, "visibilitychange", lambda event: hide() if document.hidden else show())
    on(js.window, "pagehide", lambda event: hide())
    on(js.window, "pageshow", lambda event: show())


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
