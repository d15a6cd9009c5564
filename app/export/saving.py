"""Saving: a file that is ready is saved by the browser itself, any other is requested from the worker first."""

from core.i18n import t
from core.signals import Signal


class PictureFile:
    """A finished picture as a file, however it leaves the page: saved, copied or shared."""

    def __init__(self, blob, name, width, height):
        self.blob, self.name = blob, name
        self.width, self.height = width, height


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
        self._ready = self._ready_url = None  # the file that was made ahead, and its address
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
        self._ready = self._ready_url = self._requested_url = None
        self._name, self.is_preparing = name, is_new
        self._lead_to("#", cutout_name(name, "png"))
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
        file = self.ready_file()
        if file:
            self._lead_to(self._ready_url, file.name)
        return file is not None

    def request(self):
        """Have the worker make the file; `file_ready` follows."""
        self.make_file(self._on_requested)

    def ready_file(self, format=None):
        """Return the `PictureFile` that `make_file` would make, if it is there already; else None."""
        is_default = (format or self._format()) == "png" and self._controls.value("save.output") == "cutout"
        return self._ready if is_default and not self._max_side() and self._is_untouched() else None

    def make_file(self, on_success, on_error=None, format=None):
        """Make the picture as it would be saved now.

        Args:
            on_success: called with the `PictureFile`, at once where it is there already.
            on_error: called without arguments if the worker refused; the notice says why.
            format: instead of the chosen file type.
        """
        file = self.ready_file(format)
        if file:
            on_success(file)
            return
        options = {
            "format": format or self._format(),
            "quality": int(self._controls.value("save.quality")),
            "output": self._controls.value("save.output"),
        }
        max_side = self._max_side()
        if max_side:
            options["longest"] = max_side
        self._queue.submit(
            self._worker.save_picture,
            options,
            on_success=lambda response: on_success(self._file_of(response)),
            on_error=on_error,
        )

    def _format(self):
        return self._controls.value("save.format")

    def _max_side(self):
        """Return the longer side of the file, None for full size."""
        size = self._controls.value("save.size")
        if size == "full":
            return None
        return max(1, round(self._controls.value("save.side") if size == "own" else float(size)))

    def _on_prepared(self, response):
        self._ready = self._file_of(response)
        self._ready_url = self.url = self._urls.create(response.blob)
        self._stop_preparing()

    def _stop_preparing(self):
        self.is_preparing = False
        self.changed.emit()

    def _on_requested(self, file):
        if self._requested_url:
            self._urls.revoke(self._requested_url)
        self._requested_url = self._urls.create(file.blob)
        self._lead_to(self._requested_url, file.name)
        self.file_ready.emit()
        self._notice.announce(t("said.saved", width=file.width, height=file.height))

    def _file_of(self, response):
        name = cutout_name(self._name, response.extension)
        return PictureFile(response.blob, name, response.width, response.height)

    def _lead_to(self, url, filename):
        self.url, self.filename = url, filename
        self.changed.emit()


def cutout_name(name, extension):
    """Return the name of the saved file: `photo.jpg` becomes `photo-cutout.png`."""
    stem = name.rsplit(".", 1)[0] if "." in name.strip(".") else name
    return (stem or "photo") + "-cutout." + extension
