"""Saving: a file that is ready is saved by the browser itself, any other is requested from the worker first."""

from core.i18n import t
from core.signals import Signal

from offcut.protocol.formats import FILE_TYPES
from offcut.protocol.settings import ENLARGED

_WHITE = ("#ffffff", "#fff", "white")


class PictureFile:
    """A finished picture as a file, however it leaves the page: saved, copied or shared."""

    def __init__(self, blob, name, width, height):
        self.blob, self.name = blob, name
        self.width, self.height = width, height


class _Making:
    """A file that the worker is making ahead, and who waits for it."""

    def __init__(self, key):
        self.key = key
        self.waiting = []


class Saving:
    """Knows which file the save button leads to.

    The file of a new photo is made ahead, so that saving it takes no time; while the options are shown also that of
    each choice, so that its size can be shown.
    """

    def __init__(self, controls, worker, queue, notice, urls, make_timer, background, canvas_size, naming):
        """
        Args:
            controls: the `Controls`; the group ``"save"`` is that of saving.
            worker: the `WorkerClient`.
            queue: the `RequestQueue`.
            notice: the `Notice`.
            urls: makes addresses of files (`create(blob)`) and frees them (`revoke(url)`).
            make_timer: makes a timer, as `editor.browser.make_timer`.
            background: function that returns the settings of the background.
            canvas_size: function that returns width and height of the whole picture, in pixels.
            naming: the `Naming`.
        """
        self._controls, self._worker, self._queue = controls, worker, queue
        self._notice, self._urls = notice, urls
        self._background, self._canvas_size, self.naming = background, canvas_size, naming
        self.name = "photo"
        """The name of the photo's file."""

        self._is_watched = False
        self._enlarged, self._is_head_guessed = None, False  # of the picture, as composed last
        self._revision = 0  # of the picture: a file of an earlier one is out of date
        self._ready = self._ready_key = None  # the file that was made ahead
        self._failed_key = None  # of what the worker refused to make ahead
        self._making = None
        self._ready_url = self._requested_url = None
        self._wait = make_timer(self._make_ahead, 300)
        self.url, self.filename = "#", ""
        """What the save button leads to."""

        self.is_preparing = False
        """Whether the file is being made that the save button leads to."""

        self.changed = Signal()
        """Emitted when any of these changes."""

        self.options_changed = Signal()
        """Emitted when the labels may have changed."""

        self.file_ready = Signal()
        """Emitted when a requested file is there to be saved."""

        controls.changed("save").connect(lambda name, is_moving: self._refresh())
        queue.idle_changed.connect(lambda is_idle: self._refresh())
        naming.changed.connect(self._rename)

    @property
    def size_label(self):
        """The text with the size of the file, in pixels, and in bytes as soon as that is known."""
        file = self.ready_file()
        if file:
            return t("save.pixels", width=file.width, height=file.height) + " · " + bytes_text(file.blob.size)
        width, height = self._canvas_size()
        scale = min(1, (self._max_side() or max(width, height)) / max(width, height))
        return t("save.pixels", width=max(1, round(width * scale)), height=max(1, round(height * scale)))

    @property
    def button_label(self):
        """The text of the save button."""
        return t("save.button", format=FILE_TYPES[self._format()].title)

    @property
    def note(self):
        """What a person should know of the chosen file type and size, or nothing."""
        texts = [t("save.on_white")] if self._is_laid_on_white() else []
        longest = round(max(self._canvas_size()))
        if (self._max_side() or 0) > longest:
            texts.append(t("save.not_enlarged", side=longest))
        return " ".join(texts)

    @property
    def check(self):
        """What a person should check before the picture is used, or nothing: a head whose place is a guess, or too few
        pixels in the photo for the picture to be sharp."""
        if self._is_mask():
            return ""
        return " ".join(([t("check.no_face")] if self._is_head_guessed else []) + self._not_sharp())

    def _not_sharp(self):
        enlarged, longest = self._enlarged, max(self._canvas_size())
        scale = min(1, (self._max_side() or longest) / longest)
        if not enlarged or enlarged.zoom * scale <= ENLARGED:
            return []
        needed = round(enlarged.pixels * enlarged.zoom * scale)
        return [t("check.enlarged_" + enlarged.kind, pixels=round(enlarged.pixels), needed=needed)]

    def note_composition(self, response):
        """Note what the response of `render_composition` says of the picture."""
        self._enlarged = getattr(response, "enlarged", None)
        self._is_head_guessed = getattr(response, "is_head_guessed", False)
        self.options_changed.emit()

    def open(self, name, is_new):
        """Another photo is open. `is_new`: it is as it was opened; otherwise it is restored work."""
        for url in (self._ready_url, self._requested_url):
            if url:
                self._urls.revoke(url)
        self._ready = self._ready_key = self._failed_key = self._making = None
        self._ready_url = self._requested_url = None
        self._revision += 1
        self._enlarged, self._is_head_guessed = None, False
        self.name, self.is_preparing = name, is_new
        self._lead_to("#", self._file_name(FILE_TYPES[self._format()].extension))
        self._refresh()
        if is_new:
            self._make()

    def watch(self, is_watched):
        """Whether the options are shown, and with them the size of the file."""
        self._is_watched = is_watched
        self._refresh()

    def outdate(self):
        """The picture may have changed: a file that was made before is not it."""
        self._revision += 1
        self._refresh()

    def use_ready_file(self):
        """Lead to the file that was made ahead, if that is what would be saved. Returns whether it is."""
        file = self.ready_file()
        if file:
            self._lead_to(self._ready_url, file.name)
            self._say_saved(file)
        return file is not None

    def request(self):
        """Have the worker make the file; `file_ready` follows."""
        self.make_file(self.hand_over)

    def hand_over(self, file):
        """Lead to a `PictureFile` that was just made; `file_ready` follows."""
        if self._requested_url:
            self._urls.revoke(self._requested_url)
        self._requested_url = self._urls.create(file.blob)
        self._lead_to(self._requested_url, file.name)
        self.file_ready.emit()
        self._say_saved(file)

    def ready_file(self, format=None):
        """Return the `PictureFile` that `make_file` would make, if it is there already; else None."""
        return self._ready if self._ready_key == self._key(format) else None

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
        elif self._making and self._making.key == self._key(format):
            self._making.waiting.append((on_success, on_error))
            self.is_preparing = True
            self._queue.wait_for(self._worker.save_picture)
            self.changed.emit()
        else:
            self._queue.submit(
                self._worker.save_picture,
                self._options(format),
                on_success=lambda response: on_success(self._file_of(response)),
                on_error=on_error,
            )

    def _format(self):
        return self._controls.value("save.format")

    def _options(self, format=None):
        """Return what the worker is asked for."""
        options = {"format": format or self._format(), "output": self._controls.value("save.output")}
        if FILE_TYPES[options["format"]].lossy:
            options["quality"] = int(self._controls.value("save.quality"))
            if self._controls.value("save.limit"):
                options["max_bytes"] = int(self._controls.value("save.limit")) * 1000
        max_side = self._max_side()
        if max_side:
            options["longest"] = max_side
        return options

    def _key(self, format=None):
        return self._revision, self._options(format)

    def _max_side(self):
        """Return the longer side of the file, None for full size."""
        size = self._controls.value("save.size")
        if size == "full":
            return None
        return max(1, round(self._controls.value("save.side") if size == "own" else float(size)))

    def _is_mask(self):
        return self._controls.value("save.output") == "mask"

    def _is_laid_on_white(self):
        """Whether the picture has transparent parts that the chosen file type cannot hold."""
        if self._is_mask() or FILE_TYPES[self._format()].transparent:
            return False
        background = self._background()
        return background["kind"] == "transparent" or background.get("fit") == "contain"

    def _file_name(self, extension):
        background = self._background()
        is_white = background["kind"] == "colour" and background["colour"].lower() in _WHITE
        if background["kind"] == "transparent":
            is_white = not any(kind.transparent for kind in FILE_TYPES.values() if kind.extension == extension)
        suffix = "-mask" if self._is_mask() else "-white" if is_white else "-cutout"
        return self.naming.name(self.name, suffix, extension)

    def _rename(self):
        """Give what is there already the names that files have now."""
        if self._ready:
            self._ready.name = self._file_name(_extension(self._ready.name))
        if self.filename:
            self._lead_to(self.url, self._file_name(_extension(self.filename)))

    def _refresh(self):
        self.options_changed.emit()
        if self._is_watched and self._needs_making():
            self._wait()

    def _needs_making(self):
        key = self._key()
        return not self._making and key not in (self._ready_key, self._failed_key) and self._queue.is_idle

    def _make_ahead(self):
        if self._is_watched and self._needs_making():
            self._make()

    def _make(self):
        """Have the worker make the file that the save button would lead to, while no person waits for it."""
        making = self._making = _Making(self._key())
        self._queue.submit(
            self._worker.save_picture,
            making.key[1],
            on_success=lambda response: self._on_made(making, response),
            on_error=lambda: self._on_made(making, None),
            low_priority=True,
            quiet=True,
        )

    def _on_made(self, making, response):
        if making is not self._making:  # of another photo
            return
        self._making, self.is_preparing = None, False
        file = self._file_of(response) if response else None
        if not file:
            self._failed_key = making.key
        elif making.key == self._key():
            if self._ready_url:
                self._urls.revoke(self._ready_url)
            self._ready, self._ready_key = file, making.key
            self._ready_url = self.url = self._urls.create(file.blob)
            self.filename = file.name
        self.changed.emit()
        self._refresh()
        for on_success, on_error in making.waiting:
            if file:
                on_success(file)
            elif on_error:
                on_error()

    def _say_saved(self, file):
        self._notice.toast(t("said.saved", name=file.name, width=file.width, height=file.height))

    def _file_of(self, response):
        return PictureFile(response.blob, self._file_name(response.extension), response.width, response.height)

    def _lead_to(self, url, filename):
        self.url, self.filename = url, filename
        self.changed.emit()


def _extension(name):
    return name.split(".")[-1]


def bytes_text(count):
    """Return the size of a file as people read it: `221 kB`, `1.4 MB`. A kilobyte has 1000 bytes."""
    megabytes = count / 1e6
    if count < 999_500:
        return t("size.kilo", count=str(max(1, round(count / 1000))))
    return t("size.mega", count=f"{megabytes:.1f}" if megabytes < 9.95 else str(round(megabytes)))
