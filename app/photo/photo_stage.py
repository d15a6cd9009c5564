"""The place where the photo is seen: the invitation, the photo while it is worked on, then the editor's canvas."""

import asyncio

import js
from core.dom import JsException, by_id, document, object_of, on
from core.tasks import spawn
from editor.camera import SHARP

from photo.waiting_size import waiting_size

FADE_SECONDS = 0.3
"""A little more than the style takes to fade out the picture of the photo."""


class PhotoStage:
    """Follows a `PhotoFlow`. After a refused photo, what was shown before is shown again. Holds no pixels."""

    def __init__(self, flow):
        self._body = document.body
        self._original = by_id("original")
        self._picture = self._original.getContext("bitmaprenderer")
        self._editing = document.querySelectorAll("#tools, .view-controls, .preset, .copy, .saving")
        self._is_filled = False  # a photo was finished
        self._waiting = None  # the photo on its way
        self._mark("state", "empty")
        flow.started.connect(self._on_started)
        flow.shown.connect(self._on_shown)
        flow.refused.connect(self._on_refused)
        flow.closed.connect(self._on_closed)

    @property
    def is_empty(self):
        """Whether there is no photo, nor one on its way."""
        return self._body.dataset.state == "empty"

    def _on_started(self, file):
        self._drop_waiting()
        self._waiting = file
        if file is None:  # saved work; there is nothing to show until it is open
            self._mark("preview", "none")
        self._mark("state", "working")
        if file is not None:
            spawn(self._show(file))

    async def _show(self, file):
        screen = round(js.innerWidth * min(2.0, js.devicePixelRatio))
        found = await _size_of(file)
        width, height = waiting_size(found[0], found[1], screen)
        # Finer smoothing is done on the page's own thread and takes long.
        options = object_of(resizeWidth=width, resizeHeight=height, resizeQuality="low")
        try:
            bitmap = await js.createImageBitmap(file, options) if found[0] and self._waiting is file else None
        except JsException:  # the browser cannot read it; the engine says what is wrong with it, if anything is
            bitmap = None
        if self._waiting is file:
            self._mark("preview", "shown" if bitmap else "none")
            if bitmap:
                original = self._original
                original.width, original.height = bitmap.width, bitmap.height
                # As large as the cutout will be shown.
                original.style.maxWidth, original.style.maxHeight = f"{SHARP * found[0]}px", f"{SHARP * found[1]}px"
                self._picture.transferFromImageBitmap(bitmap)  # to draw it would take the page's own thread longer
                original.setAttribute("role", "img")
                original.setAttribute("aria-label", file.name)
        elif bitmap:
            bitmap.close()

    def _on_shown(self, response, name, reopen):
        self._waiting = None
        self._is_filled = True
        self._mark("state", "done")
        spawn(self._fade())

    async def _fade(self):
        """Drop the picture of the photo once the style has faded it out above the cutout."""
        await asyncio.sleep(FADE_SECONDS)
        if self._waiting is None:
            self._drop_waiting()

    def _on_refused(self, error):
        self._drop_waiting()
        self._mark("state", "done" if self._is_filled else "empty")

    def _on_closed(self):
        self._drop_waiting()
        self._is_filled = False
        self._mark("state", "empty")

    def _drop_waiting(self):
        self._waiting = None
        self._original.width = self._original.height = 0

    def _mark(self, name, value):
        setattr(self._body.dataset, name, value)
        for element in self._editing:
            element.inert = self._body.dataset.state != "done"


async def _size_of(file):
    """Return a photo's width and height as the browser turns it, from its header; zeros where it cannot read it."""
    read = asyncio.Event()
    image, url = js.Image.new(), js.URL.createObjectURL(file)
    on(image, "load", lambda event: read.set())
    on(image, "error", lambda event: read.set())
    image.src = url
    await read.wait()
    size = image.naturalWidth, image.naturalHeight
    js.URL.revokeObjectURL(url)
    image.removeAttribute("src")
    return size
