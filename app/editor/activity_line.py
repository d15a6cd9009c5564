"""The line on the canvas that says what the worker does, where a person waits for it."""

from core.dom import by_id
from core.i18n import t
from core.units import amount


class ActivityLine:
    """Shows the running request of a `RequestQueue`."""

    def __init__(self, queue):
        self._line = by_id("busy")
        queue.activity_changed.connect(self._show)
        queue.progress.connect(self._show_progress)

    def _show(self, is_active):
        self._line.hidden = not is_active
        if is_active:
            self._line.textContent = t("progress.working")

    def _show_progress(self, stage, done, total):
        if not self._line.hidden:
            parts = [t("progress." + stage)]
            if total:
                parts.append(amount(done, total))
            self._line.textContent = " · ".join(parts)
