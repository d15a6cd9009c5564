"""The line on the canvas that says what the worker does, where somebody waits for it."""

from core.dom import by_id
from core.i18n import t
from core.request_queue import SPARE
from core.units import amount

QUIET = (
    SPARE,
    "edit_finish",
    "edit_cutout",
    "edit_composed",
    "edit_region",
    "edit_settings",
    "edit_pick",
    "edit_kept",
    "edit_forget",
)
"""RequestQueue that nobody waits for, or that are answered while a slider moves."""


class Activity:
    """Hidden while nothing is asked."""

    def __init__(self):
        self._line = by_id("busy")

    def show(self, question):
        """This is being asked now; None for nothing."""
        self._line.hidden = question is None or question in QUIET
        if not self._line.hidden:
            self._line.textContent = t("progress.working")

    def tell(self, stage, done, total):
        """How far it is."""
        if not self._line.hidden:
            parts = [t("progress." + stage)]
            if total:
                parts.append(amount(done, total))
            self._line.textContent = " · ".join(parts)
