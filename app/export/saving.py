"""Saving: a file that is ready is saved by the browser itself, any other is requested from the worker first."""

from core.i18n import t
from core.signals import Signal


class Saving:
    """Knows which file the save button leads to. The file of a new photo is made ahead: saving it takes no time."""

    def __init__(self, controls, worker, queue, notice, urls, is_untouched, canvas_size):
        """
        Args:
            controls: the `Controls`; the group ``"save"`` is that of saving.
            worker: the `WorkerClient`.
            queue: the `RequestQueue`.
            notice: the `Notice`.
            urls: makes addresses of files (`create(blob)`) and frees them (`revoke(url)`).
            is_untouched: function that returns whether the photo is as it was when it was opened.
            canvas_size: function that returns width and height of the whole picture, in pixels.
        """
        self._controls, self._worker, self._queue = controls, worker, queue
        self._notice, self._urls = notice, urls
        self._is_untouched, self._canvas_size = is_untouched, canvas_size
        self._name = "photo"
        self._ready_url = None  # of the file that was made ahead
        self._requested_url = None  # of the file that was requested last
        self.url, self.filename = "#", ""
        """What the save button leads to."""

        self.is_preparing = False
        """Whether the file is being made ahead."""

        self.changed = Signal()
        """Emitted when any of these changes."""

        self.options_changed = Signal()
        """Emitted when the labels may have changed."""

        self.file_ready = Signal()
        """Emitted when a requested file is there to be saved."""

        controls.changed("save").connect(lambda name, is_moving: self.options_changed.emit())

    @property
    def size_label(self):
        """The text with the size of the file, in pixels."""
        width, height = self._canvas_size()
        scale = min(1, (self._max_side() or max(width, height)) / max(width, height))
        return t("save.pixels", width=max(1, round(width * scale)), height=max(1, round(height * scale)))

    @property
    def button_label(self):
        """The text of the save button."""
        return t("save.button", format=self._format().upper())

    def open(self, name, is_new):
        """Another photo is open. `is_new`: it is as it was opened; otherwise it is restored work."""
        for url in (self._ready_url, self._requested_url):
            if url:
                self._urls.revoke(url)
        self._ready_url = self._requested_url = None
        self._name, self.is_preparing = name, is_new
        self._lead_to("#", "png")
        self.options_changed.emit()
        if is_new:
            self._queue.submit(
                self._worker.save_picture,
                {"format": "png"},
                on_success=self._on_prepared,
                on_error=self._stop_preparing,
                low_priority=True,
                quiet=True,
            )

    def use_ready_file(self):
        """Lead to the file that was made ahead, if that is what would be saved. Returns whether it is."""
        is_default = self._format() == "png" and self._controls.value("save.output") == "cutout"
        if not (self._ready_url and is_default and not self._max_side() and self._is_untouched()):
            return False
        self._lead_to(self._ready_url, "png")
        return True

    def request(self):
        """Have the worker make the file; `file_ready` follows."""
        options = {
            "format": self._format(),
            "quality": int(self._controls.value("save.quality")),
            "output": self._controls.value("save.output"),
        }
        max_side = self._max_side()
        if max_side:
            options["longest"] = max_side
        self._queue.submit(self._worker.save_picture, options, on_success=self._on_requested)

    def _format(self):
        return self._controls.value("save.format")

    def _max_side(self):
        """Return the longer side of the file, None for full size."""
        size = self._controls.value("save.size")
        if size == "full":
            return None
        return max(1, round(self._controls.value("save.side") if size == "own" else float(size)))

    def _on_prepared(self, response):
        self._ready_url = self.url = self._urls.create(response.blob)
        self._stop_preparing()

    def _stop_preparing(self):
        self.is_preparing = False
        self.changed.emit()

    def _on_requested(self, response):
        if self._requested_url:
            self._urls.revoke(self._requested_url)
        self._requested_url = self._urls.create(response.blob)
        self._lead_to(self._requested_url, response.extension)
        self.file_ready.emit()
        self._notice.announce(t("said.saved", width=response.width, height=response.height))

    def _lead_to(self, url, extension):
        self.url, self.filename = url, cutout_name(self._name, extension)
        self.changed.emit()


def cutout_name(name, extension):
    """Return the name of the saved file: `photo.jpg` becomes `photo-cutout.png`."""
    stem = name.rsplit(".", 1)[0] if "." in name.strip(".") else name
    return (stem or "photo") + "-cutout." + extension
