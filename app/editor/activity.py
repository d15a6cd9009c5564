"""The line on the canvas that says what the worker does, where somebody waits for it."""

from core.dom import by_id
from core.i18n import t
from core.units import amount


class Activity:
    """Hidden while nothing is asked."""

    def __init__(self):
        self._line = by_id("busy")

    def show(self, is_shown):
        """Whether the worker does something now that a person waits for."""
        self._line.hidden = not is_shown
        if not self._line.hidden:
            self._line.textContent = t("progress.working")

    def tell(self, stage, done, total):
        """How far it is."""
        if not self._line.hidden:
            parts = [t("progress." + stage)]
            if total:
                parts.append(amount(done, total))
            self._line.textContent = " · ".join(parts)
