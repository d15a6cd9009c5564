"""Sentences for the person: refusals (seen and read out at once) and quiet news (read out when there is time)."""

from core.dom import by_id, on


class Notice:
    """One message at a time; a person can close it."""

    def __init__(self):
        self._box = by_id("notice")
        self._text = by_id("notice-text")
        self._said = by_id("said")
        self._told = []
        on(by_id("notice-close"), "click", lambda event: self.clear())

    def error(self, sentence):
        """Show what went wrong and what to do."""
        self._box.dataset.kind = "error"
        self._show(sentence)

    def info(self, sentence):
        """Show something worth knowing that is no error."""
        self._box.dataset.kind = "news"
        self._show(sentence)

    def info_once(self, sentence):
        """Show it unless it was shown before, since the page opened."""
        if sentence not in self._told:
            self._told.append(sentence)
            self.info(sentence)

    def announce(self, sentence):
        """Say it to screen readers alone; on the screen it can be seen already."""
        self._said.textContent = sentence

    def clear(self):
        """Take the message away."""
        self._box.hidden = True
        self._text.textContent = ""

    def _show(self, sentence):
        self._text.textContent = sentence
        self._box.hidden = False
