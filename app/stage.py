"""The place where the photo is seen: the invitation, the photo while it is worked on, then the editor's canvas."""

import js
from dom import by_id, document, on


class Stage:
    """Shows the photo that is on its way. A refused one gives way to what was there before. Holds URLs, never pixels."""

    def __init__(self):
        self._body = document.body
        self._original = by_id("original")
        self._is_filled = False  # some photo was finished
        self._waiting = None  # URL of the photo on its way
        on(self._original, "error", lambda event: self._mark("preview", "none"))
        on(self._original, "load", lambda event: self._mark("preview", "shown"))

    def is_working(self):
        """Whether a photo is on its way."""
        return self._body.dataset.state == "working"

    def open(self, file):
        """Show a photo that is being worked on."""
        self._drop_waiting()
        self._waiting = js.URL.createObjectURL(file)
        self._original.src = self._waiting
        self._original.alt = file.name
        self._mark("state", "working")

    def resume(self):
        """Kept work is on its way; there is no photo to show until it has come."""
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
        if self._waiting:
            self._original.removeAttribute("src")
            js.URL.revokeObjectURL(self._waiting)
            self._waiting = None

    def _mark(self, name, value):
        setattr(self._body.dataset, name, value)
