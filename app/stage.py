"""The place where the photo and its cutout are seen. Holds URLs of blobs, never pixels."""

import js
from dom import by_id, document, on


class Stage:
    """Shows one photo: the original at once, the cutout when it is there. A refused photo gives way to the last one."""

    def __init__(self):
        self._body = document.body
        self._original = by_id("original")
        self._cutout = by_id("cutout")
        self._save = by_id("save")
        self._view = document.querySelector("input[name=view][value=cutout]")
        self._kept = None  # (original URL, cutout URL, file name) of the last finished photo
        self._waiting = None  # original URL of the photo on its way
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

    def finish(self, answer, file):
        """Show the cutout of the photo that was opened, and offer it for saving."""
        if self._kept:
            for url in self._kept[:2]:
                js.URL.revokeObjectURL(url)
        cutout = js.URL.createObjectURL(answer.blob)
        self._kept = (self._waiting, cutout, file.name)
        self._waiting = None
        self._cutout.src = cutout
        self._cutout.alt = "Cutout of " + file.name
        self._save.href = cutout
        self._save.download = cutout_name(file.name, answer.extension)
        self._view.checked = True
        self._mark("state", "done")

    def abandon(self):
        """The photo that was opened could not be cut out: back to what was there before."""
        self._drop_waiting()
        if self._kept:
            self._original.src, self._original.alt = self._kept[0], self._kept[2]
            self._mark("state", "done")
        else:
            self._original.removeAttribute("src")
            self._mark("state", "empty")

    def _drop_waiting(self):
        if self._waiting:
            js.URL.revokeObjectURL(self._waiting)
            self._waiting = None

    def _mark(self, name, value):
        setattr(self._body.dataset, name, value)


def cutout_name(name, extension):
    """What the saved file is called: `photo.jpg` becomes `photo-cutout.png`."""
    stem = name.rsplit(".", 1)[0] if "." in name.strip(".") else name
    return (stem or "photo") + "-cutout." + extension
