"""The offer to continue work from an earlier visit, or from before the worker was lost."""

from core.i18n import t
from core.signals import Signal
from core.tasks import spawn


class ResumeOffer:
    """A list on the empty page, until a photo is chosen or the person decides."""

    def __init__(self, worker, queue, notice, ask, tab, is_page_empty) -> None:
        """
        Args:
            worker: the `WorkerClient`.
            queue: the `RequestQueue`.
            notice: the `Notice`.
            ask: coroutine function of a title, a text and a button's label. It returns whether that is pressed.
            tab: remembers the id of the work that this tab had open (`await read()`, `note(id)`).
            is_page_empty: function that returns whether there is no photo, nor one on its way.
        """
        self._worker, self._queue, self._notice = worker, queue, notice
        self._ask, self._tab, self._is_page_empty = ask, tab, is_page_empty
        self.works: list = []
        """What can be continued, as the worker lists it: objects with `id`, `name`, `changed` (seconds since 1970) and
        `thumbnail` (a data URL)."""

        self.is_shown = False
        self.changed = Signal()
        """Emitted when `is_shown` or `works` change."""

        self.accepted = Signal()
        """Emitted with the id of the work that the person wants to continue."""

        self.deleted = Signal()
        """Emitted with the id of a work that the person had deleted."""

    def find(self, is_lost=False) -> None:
        """Show what is saved, unless a photo is chosen meanwhile.

        `is_lost`: the worker has lost the photo that is on the page.
        """
        spawn(self._find(is_lost))

    async def _find(self, is_lost) -> None:
        own = await self._tab.read()

        def on_found(response) -> None:
            works = list(response.works)
            if is_lost or self._is_page_empty():
                self._set(works)

        self._queue.submit(self._worker.list_works, own, on_success=on_found, quiet=True)

    def withdraw(self) -> None:
        """A photo was chosen. What is saved stays."""
        self._set([])

    def accept(self, work: str) -> None:
        """Continue, because the person wants that."""
        self.withdraw()
        self.accepted.emit(work)

    async def discard(self, work: str, name: str) -> None:
        """Delete saved work if the person confirms that."""
        if await self._ask(t("history.sure", name=name), t("history.sure.text"), t("history.delete")):
            self._queue.submit(self._worker.discard_work, work, on_success=lambda response: self._on_discarded(work))

    def _on_discarded(self, work: str) -> None:
        self._set([kept for kept in self.works if kept.id != work])
        self.deleted.emit(work)
        self._notice.info(t("said.forgotten"))

    def _set(self, works: list) -> None:
        self.works, self.is_shown = works, bool(works)
        self.changed.emit()
