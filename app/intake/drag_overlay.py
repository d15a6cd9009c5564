"""Shows, while a file is held over the page, where it may be dropped. app/boot.js takes the drop itself."""

import js
from core.dom import by_id, document, on
from pyscript.ffi import create_proxy

GONE_AFTER_MS = 800
"""Milliseconds without a `dragover` after which nothing is held over the page any more. Firefox sends one each 350."""


class DragOverlay:
    """Keeps `data-dragging` of the body up to date, and `data-drop`, which is what the file would become."""

    def __init__(self, wants_background):
        """`wants_background(is_on_tool)` returns whether what is dropped becomes the background."""
        self._wants_background, self._tool = wants_background, by_id("tool-background")
        self._is_own = False  # what is dragged is part of this page
        self._timer = None
        self._hide_later = create_proxy(self._hide)
        on(js.window, "dragstart", lambda event: self._set_own(True))
        on(js.window, "dragend", lambda event: self._set_own(False))
        on(js.window, "dragenter", self._over)
        on(js.window, "dragover", self._over)
        on(js.window, "dragleave", self._left)
        on(js.window, "drop", lambda event: self._hide())

    def _set_own(self, is_own):
        self._is_own = is_own
        self._hide()

    def _over(self, event):
        if self._is_own or "Files" not in list(event.dataTransfer.types):
            return
        js.clearTimeout(self._timer)
        self._timer = js.setTimeout(self._hide_later, GONE_AFTER_MS)
        document.body.dataset.drop = (
            "background" if self._wants_background(self._tool.contains(event.target)) else "photo"
        )
        document.body.dataset.dragging = "yes"

    def _left(self, event):
        # Safari names no target where the pointer only leaves one element for another.
        is_inside = 0 < event.clientX < js.innerWidth - 1 and 0 < event.clientY < js.innerHeight - 1
        if not event.relatedTarget and not is_inside:
            self._hide()

    def _hide(self):
        js.clearTimeout(self._timer)
        document.body.dataset.dragging = "no"
