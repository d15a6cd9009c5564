"""The offer to continue work from an earlier visit, or from before the worker was lost."""

from core.i18n import t
from core.signals import Signal


class ResumeOffer:
    """Shown on the empty page, until a photo is chosen or the person decides."""

    def __init__(self, worker, queue, notice, confirm, is_page_empty) -> None:
        """
        Args:
            worker: the `WorkerClient`.
            queue: the `RequestQueue`.
            notice: the `Notice`.
            confirm: function that asks the person a question and returns whether the answer is yes.
            is_page_empty: function that returns whether there is no photo, nor one on its way.
        """
        self._worker, self._queue, self._notice = worker, queue, notice
        self._confirm, self._is_page_empty = confirm, is_page_empty
        self.is_shown = False
        self.changed = Signal()
        """Emitted when `is_shown` changes."""

        self.accepted = Signal()
        """Emitted when the person wants to continue."""

    def find(self) -> None:
        """Show the offer if there is saved work, and no photo is chosen meanwhile."""
        self._queue.submit(self._worker.find_saved_work, on_success=self._on_found, quiet=True)

    def show(self) -> None:
        """Show the offer: the worker has lost a photo whose work was saved."""
        self._set(True)

    def withdraw(self) -> None:
        """A photo was chosen. The saved work is replaced with the first change to it."""
        self._set(False)

    def accept(self) -> None:
        """Continue, because the person wants that."""
        self.withdraw()
        self.accepted.emit()

    def discard(self) -> None:
        """Delete the saved work if the person confirms that."""
        if self._confirm(t("history.sure")):
            self.withdraw()
            self._queue.submit(self._worker.discard_work, on_success=self._on_discarded, quiet=True)

    def _on_found(self, response) -> None:
        if response.is_found and self._is_page_empty():
            self.show()

    def _on_discarded(self, response) -> None:
        self._notice.info(t("said.forgotten"))

    def _set(self, is_shown: bool) -> None:
        self.is_shown = is_shown
        self.changed.emit()
