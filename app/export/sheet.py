"""The sheet for printing: how many pictures of the chosen size have room on a paper, and its file."""

from core.i18n import t
from core.signals import Signal

from export.saving import PictureFile
from offcut.protocol.sheets import arrange, millimetres


class Sheet:
    """Has the worker make sheets. There are some for a picture whose size in millimetres is known."""

    def __init__(self, controls, worker, queue, saving):
        """
        Args:
            controls: the `Controls`; ``"sheet.paper"`` is one of `offcut.protocol.sheets.PAPERS`.
            worker: the `WorkerClient`.
            queue: the `RequestQueue`.
            saving: the `Saving`, which knows the photo's name.
        """
        self._controls, self._worker, self._queue, self._saving = controls, worker, queue, saving
        self.changed = Signal()
        """Emitted when any of the properties may have changed."""

        for group in ("canvas", "sheet"):
            controls.changed(group).connect(lambda name, is_moving: self.changed.emit())

    @property
    def is_offered(self):
        """Whether the picture has a size in millimetres."""
        return self._controls.value("canvas.preset") == "own" and self._controls.value("canvas.dpi") > 0

    @property
    def count(self):
        """How many pictures have room on the paper."""
        return arrange(self._controls.value("sheet.paper"), *self._size()).count

    @property
    def note(self):
        """The text with the number of pictures and their size."""
        width, height = (_short(side) for side in self._size())
        return t("sheet.count" if self.count else "sheet.none", count=self.count, width=width, height=height)

    def make(self, kind, on_success):
        """Make a sheet, and call `on_success` with the `PictureFile`; `kind` is one of `SHEET_TYPES`."""

        def done(response):
            name = self._saving.naming.name(self._saving.name, "-sheet", response.extension)
            on_success(PictureFile(response.blob, name, response.width, response.height))

        self._queue.submit(self._worker.save_sheet, self._controls.value("sheet.paper"), kind, on_success=done)

    def _size(self):
        value = self._controls.value
        return [millimetres(value("canvas." + side), value("canvas.dpi")) for side in ("width", "height")]


def _short(length):
    """Return a length as people write it: `35`, `50.8`."""
    return str(round(length)) if abs(length - round(length)) < 0.06 else f"{length:.1f}"
