"""The place where the photo is seen: the invitation, the photo while it is worked on, then the editor's canvas."""

import asyncio

import js
from core.dom import by_id, document, object_of

WIDEST = 1600
"""Pixels across of the copy that is shown meanwhile: an `<img>` would keep all of the photo's pixels for long."""


class PhotoStage:
    """Shows the photo that is on its way. A refused one gives way to what was there before. Holds no pixels."""

    def __init__(self):
        self._body = document.body
        self._original = by_id("original")
        self._editing = document.querySelectorAll("#tools, .views-switch, .saving")
        self._mark("state", "empty")
        self._is_filled = False  # some photo was finished
        self._waiting = None  # the photo on its way

    def is_working(self):
        """Whether a photo is on its way."""
        return self._body.dataset.state == "working"

    def open(self, file):
        """Show a photo that is being worked on."""
        self._drop_waiting()
        self._waiting = file
        self._mark("state", "working")
        asyncio.create_task(self._show(file))

    async def _show(self, file):
        across = min(WIDEST, round(js.innerWidth * min(2.0, js.devicePixelRatio)))
        try:
            # Finer smoothing is done on the page's own thread and takes long.
            bitmap = await js.createImageBitmap(file, object_of(resizeWidth=across, resizeQuality="low"))
        except Exception:
            bitmap = None  # the engine says what is wrong with it, if anything is
        if self._waiting is file:
            self._mark("preview", "shown" if bitmap else "none")
            if bitmap:
                original = self._original
                original.width, original.height = bitmap.width, bitmap.height
                original.getContext("2d").drawImage(bitmap, 0, 0)
                original.setAttribute("role", "img")
                original.setAttribute("aria-label", file.name)
        if bitmap:
            bitmap.close()

    def resume(self):
        """ResumeOffer work is on its way; there is no photo to show until it has come."""
        self._drop_waiting()
        self._mark("preview", "none")
        self._mark("state", "working")

    def finish(self):
        """The photo that was opened is cut out."""
        self._drop_waiting()
        self._is_filled = True
        self._mark("state", "done")

    def abandon(self):
        """The photo that was opened could not be cut out: back to what was there before."""
        self._drop_waiting()
        self._mark("state", "done" if self._is_filled else "empty")

    def _drop_waiting(self):
        self._waiting = None
        self._original.width = self._original.height = 0

    def _mark(self, name, value):
        setattr(self._body.dataset, name, value)
        for element in self._editing:
            element.inert = self._body.dataset.state != "done"
