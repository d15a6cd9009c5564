"""A photo of a batch in the editor, and its way back."""

from core.signals import Signal
from core.worker_client import EngineError

from batch.runner import result_of
from offcut.protocol.formats import FILE_TYPES

_HOLD = "editor"  # two photos at full size in memory are enough


class BatchEditing:
    """Opens one photo of a batch at a time. Meanwhile the batch waits."""

    def __init__(self, batch, runner, network, flow, editor, worker, urls, make_file) -> None:
        """
        Args:
            batch: the `Batch`.
            runner: the `BatchRunner`.
            network: the `BatchNetwork`.
            flow: the `PhotoFlow`.
            editor: an object with `work`, `has_steps`, `has_edits` and the coroutine function `settled()`.
            worker: the `WorkerClient`.
            urls: makes addresses of files and frees them.
            make_file: function that makes a file of a blob and a name.
        """
        self._batch, self._runner, self._network = batch, runner, network
        self._flow, self._editor = flow, editor
        self._worker, self._urls, self._make_file = worker, urls, make_file
        self._file, self._work = None, ""  # that are, or are being, opened
        self._is_returning = False
        self.photo = None
        """The photo that is in the editor, None while the list is shown."""

        self.changed = Signal()
        """Emitted when `photo` is another."""

        self.failed = Signal()
        """Emitted with the `EngineError` for which a photo was not opened or not returned."""

        flow.started.connect(self._on_started)
        flow.shown.connect(self._on_shown)
        flow.refused.connect(lambda error: self._leave())

    async def open(self, photo) -> None:
        """Open a photo as it is in the batch: with the look, or with what was done to it before."""
        if self.photo:
            return
        self._runner.hold(_HOLD)
        self._show(photo)
        try:
            if photo.work:
                self._work = photo.work
                if await self._flow.restore(photo.work):
                    return
            file = photo.file or self._make_file(
                (await self._worker.photo_file(self._batch.id, photo.number)).file, photo.name
            )
        except EngineError as error:
            self._leave()
            self.failed.emit(error)
            return
        self._show(photo, file)
        self._runner.hold(_HOLD)  # where the saved work could not be opened
        more = {"look": self._batch.look, "reduce": True}
        if self._network.chosen:
            more["model"] = self._network.chosen
        await self._flow.take(file, more)

    async def back(self) -> None:
        """Return to the list, with what was done to the photo."""
        photo, editor = self.photo, self._editor
        if photo is None or self._is_returning:
            return
        self._is_returning = True
        try:
            await editor.settled()
            if editor.work and editor.has_steps:
                await self._take(photo, editor.work if editor.has_edits else "")
        except EngineError as error:
            self.failed.emit(error)
            return
        finally:
            self._is_returning = False
        self._leave()
        self._flow.close()

    def forget(self) -> None:
        """The batch is closed, or what is kept of the photo is deleted."""
        self._leave()

    async def _take(self, photo, work: str) -> None:
        look = self._batch.look
        options = {"format": look["format"]}
        if FILE_TYPES[look["format"]].lossy:
            options["quality"] = look["quality"]
        if look.get("max_bytes"):
            options["max_bytes"] = look["max_bytes"]
        response = await self._worker.return_photo(self._batch.id, photo.number, options)
        old, new = photo.thumbnail, self._urls.create(response.thumbnail)
        self._batch.note_returned(photo, result_of(response), new, work)
        self._urls.revoke(old)

    def _show(self, photo, file=None) -> None:
        self.photo, self._file, self._work = photo, file, ""
        self.changed.emit()

    def _on_started(self, file) -> None:
        """Another photo than that of the batch is opened: there is nothing to return any more."""
        is_own = file is self._file if file is not None else self._flow.coming_work == self._work
        if self.photo and not is_own:
            self._leave()

    def _on_shown(self, response, name, reopen) -> None:
        if self.photo:
            self._file = self._flow.current
            self._work = response.work if hasattr(response, "work") else ""

    def _leave(self) -> None:
        if self.photo:
            self._show(None)
            self._runner.let_go(_HOLD)
