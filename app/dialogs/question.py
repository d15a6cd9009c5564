"""A question within the page: a browser's own does not exist in every frame."""

import asyncio

from core.dom import by_id, on


class Question:
    """Asks whether something should be done that cannot be undone."""

    def __init__(self):
        self._dialog, self._title = by_id("question"), by_id("question-title")
        self._text, self._yes = by_id("question-text"), by_id("question-yes")
        self._closed = asyncio.Event()
        self._is_yes = False
        on(self._yes, "click", lambda event: self._close(True))
        on(by_id("question-no"), "click", lambda event: self._close(False))
        on(self._dialog, "close", lambda event: self._closed.set())

    async def ask(self, title, text, label):
        """Show a question, and return whether the person presses the button with that label."""
        if self._dialog.open:
            return False
        self._title.textContent, self._text.textContent, self._yes.textContent = title, text, label
        self._is_yes = False
        self._closed.clear()
        self._dialog.showModal()
        await self._closed.wait()
        return self._is_yes

    def _close(self, is_yes):
        self._is_yes = is_yes
        self._dialog.close()
