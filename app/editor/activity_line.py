"""The line on the canvas that says what the worker does, where a person waits for it, and the button that ends it."""

from core.dom import by_id, on
from core.i18n import t
from core.units import amount


class ActivityLine:
    """Shows the running request of a `RequestQueue`."""

    def __init__(self, queue, cancel):
        """`cancel()` gives the running request up."""
        self._line, self._text = by_id("busy"), by_id("busy-text")
        on(by_id("busy-cancel"), "click", lambda event: cancel())
        queue.activity_changed.connect(self._show)
        queue.progress.connect(self._show_progress)

    def _show(self, is_active):
        self._line.hidden = not is_active
        if is_active:
            self._text.textContent = t("progress.working")

    def _show_progress(self, stage, done, total):
        if not self._line.hidden:
            parts = [t("progress." + stage)]
            if total:
                parts.append(amount(done, total))
            self._text.textContent = " · ".join(parts)
