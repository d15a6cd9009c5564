"""What of a batch is on the page: its list, one of its photos in the editor, or a photo that does not belong to it."""

from core.signals import Signal
from core.tasks import spawn

LIST, PHOTO, NONE = "list", "photo", ""

_HOLD = "another"  # two photos at full size in memory are enough


class BatchMode:
    """Follows the editor: where a photo is opened, the list makes room, and is there again afterwards."""

    def __init__(self, batch, runner, editing, flow, editor) -> None:
        """
        Args:
            batch: the `Batch`.
            runner: the `BatchRunner`.
            editing: the `BatchEditing`.
            flow: the `PhotoFlow`.
            editor: an object with the coroutine function `settled()`.
        """
        self._batch, self._runner, self._editing, self._flow, self._editor = batch, runner, editing, flow, editor
        self._before = None  # the photo of the batch that was in the editor
        self.value = NONE
        """`LIST`, `PHOTO` (the editor, with a way back to the list), or `NONE`."""

        self.changed = Signal()
        """Emitted with (value, photo) when `value` is another; `photo` is the one that was in the editor, or None."""

        self.leaving = Signal()
        """Emitted before a photo that does not belong to the batch is closed for the list."""

        editing.changed.connect(self._on_editing)
        flow.started.connect(self._on_started)
        flow.refused.connect(self._on_refused)
        flow.closed.connect(self._on_closed)

    async def show_list(self) -> None:
        """Have the list in place of the photo that is in the editor, and which is not one of the batch."""
        flow = self._flow
        if flow.current is not None and not flow.is_working:
            await self._editor.settled()  # what was just done to it is kept, too
        if self._batch.id and not self._editing.photo:
            self.leaving.emit()
            flow.close()

    def back(self) -> None:
        """Return from the photo in the editor to the list."""
        spawn(self._editing.back() if self._editing.photo else self.show_list())

    def end(self) -> None:
        """There is no batch any more."""
        self._set(NONE)

    def _on_editing(self) -> None:
        photo = self._editing.photo
        if photo:
            self._before = photo
            self._set(PHOTO)
        elif self._batch.id and self._flow.coming is None:  # otherwise another photo takes its place in the editor
            self._set(LIST, self._before)

    def _on_started(self, file) -> None:
        if self._batch.id and not self._editing.photo:
            self._runner.hold(_HOLD)
            self._set(PHOTO)

    def _on_refused(self, error) -> None:
        if self._batch.id and self._flow.current is None:
            self._set(LIST)

    def _on_closed(self) -> None:
        if self._batch.id and not self._editing.photo:
            self._set(LIST)

    def _set(self, value, photo=None) -> None:
        if value != PHOTO:
            self._runner.let_go(_HOLD)
        if value != self.value:
            self.value = value
            self.changed.emit(value, photo)
