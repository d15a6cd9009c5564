"""The line on the canvas that says what the worker does, where somebody waits for it."""

from dom import by_id
from editor.questions import SPARE
from sizes import amount
from words import say

QUIET = (
    SPARE, "edit_finish", "edit_cutout", "edit_composed", "edit_region", "edit_settings", "edit_pick", "edit_kept", "edit_forget",
)
"""Questions that nobody waits for, or that are answered while a slider moves."""


class Busy:
    """Hidden while nothing is asked."""

    def __init__(self):
        self._line = by_id("busy")

    def show(self, question):
        """This is being asked now; None for nothing."""
        self._line.hidden = question is None or question in QUIET
        if not self._line.hidden:
            self._line.textContent = say("progress.working")

    def tell(self, stage, done, total):
        """How far it is."""
        if not self._line.hidden:
            parts = [say("progress." + stage)]
            if total:
                parts.append(amount(done, total))
            self._line.textContent = " · ".join(parts)
