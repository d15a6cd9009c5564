"""A question within the page: a browser's own does not exist in every frame."""

import asyncio

from core.dom import by_id, on
from core.i18n import t


class Question:
    """Asks whether something should be done, as a rule something that cannot be undone."""

    def __init__(self):
        self._dialog, self._title = by_id("question"), by_id("question-title")
        self._text, self._yes, self._no = by_id("question-text"), by_id("question-yes"), by_id("question-no")
        self._closed = asyncio.Event()
        self._is_yes = False
        on(self._yes, "click", lambda event: self._close(True))
        on(self._no, "click", lambda event: self._close(False))
        on(self._dialog, "close", lambda event: self._closed.set())

    async def ask(self, title, text, label, no=""):
        """Show a question, and return whether the person presses the button with that label.

        `no` is the label of the other button where nothing is lost by the first; "Cancel" otherwise.
        """
        if self._dialog.open:
            return False
        self._no.textContent = no or t("history.cancel")
        self._yes.className = "button primary" if no else "button danger"
        self._title.textContent, self._text.textContent, self._yes.textContent = title, text, label
        self._is_yes = False
        self._closed.clear()
        self._dialog.showModal()
        if no:
            self._yes.focus()
        await self._closed.wait()
        return self._is_yes

    def dismiss(self):
        """Take the question away, as it does not count any more."""
        if self._dialog.open:
            self._close(False)

    def _close(self, is_yes):
        self._is_yes = is_yes
        self._dialog.close()
