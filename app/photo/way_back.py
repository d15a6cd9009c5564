"""The way back to changed work after another photo, or the list of a batch, took its place."""

from core.i18n import t
from core.signals import Signal


class WayBack:
    """Remembers the last changed work, and offers it in a toast as soon as another photo is on its way."""

    def __init__(self, flow, editor, notice, restore) -> None:
        """
        Args:
            flow: the `PhotoFlow`.
            editor: an object with `work`, `name` and `has_work()`.
            notice: the `Notice`.
            restore: function of the id of a work that opens it.
        """
        self._flow, self._editor, self._notice, self._restore = flow, editor, notice, restore
        self._work = ""
        self.name = ""
        """The name of the photo that there is a way back to; empty where there is none."""

        self._before = "", ""  # work and name, before the photo that is on its way
        self._left = "", ""  # work and name that are being closed, and are kept
        self._is_due = False  # the photo that is on its way is being opened over changed work
        self.changed = Signal()
        """Emitted when `name` is another."""

        flow.started.connect(self._on_started)
        flow.shown.connect(self._on_shown)
        flow.refused.connect(self._on_refused)
        flow.closed.connect(self._on_closed)

    def leave(self) -> None:
        """Offer the way back once the photo is closed, which happens next."""
        editor = self._editor
        if self._flow.current is not None and editor.work and editor.has_work():
            self._left = editor.work, editor.name

    def go(self) -> None:
        """Open that work again."""
        work = self._work
        if work:
            self._restore(work)

    def forget(self, work: str) -> None:
        """That work was deleted."""
        if work == self._work:
            self._set("", "")

    def _on_started(self, file) -> None:
        editor = self._editor
        if self._flow.current is not None and editor.work and editor.has_work():
            self._before = self._work, self.name
            self._is_due = True
            self._set(editor.work, editor.name)
            if file is not None:
                self._offer("said.opening", file.name)

    def _on_shown(self, response, name, reopen) -> None:
        if hasattr(response, "work") and response.work == self._work:
            self._set("", "")  # it is open again
        elif self._is_due:
            self._offer("said.opened", name)
        self._is_due = False

    def _on_refused(self, error) -> None:
        if self._is_due:  # the work is still open
            self._is_due = False
            self._notice.drop_toast()
            self._set(*self._before)

    def _on_closed(self) -> None:
        self._set(*self._left)
        if self._work:
            self._offer("said.kept", self.name)
        self._left = "", ""

    def _offer(self, key, name) -> None:
        self._notice.toast(t(key, name=name), (t("said.back", name=self.name), self.go))

    def _set(self, work, name) -> None:
        self._work, self.name = work, name
        self.changed.emit()
