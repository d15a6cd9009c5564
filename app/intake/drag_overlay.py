"""Shows, while a file is held over the page, that it may be dropped. app/boot.js takes the drop itself."""

import js
from core.dom import document, on


def watch():
    """Keep `data-dragging` of the body up to date."""

    def over(event):
        if "Files" in list(event.dataTransfer.types):
            document.body.dataset.dragging = "yes"

    def left(event):
        if not event.relatedTarget:  # None where the pointer leaves the window, not just one element for another
            document.body.dataset.dragging = "no"

    def dropped(event):
        document.body.dataset.dragging = "no"

    on(js.window, "dragenter", over)
    on(js.window, "dragleave", left)
    on(js.window, "drop", dropped)
