"""Messages for the person: errors (shown and read out at once) and quiet news (read out when there is time)."""

import js

from core.dom import JsException, attempt, by_id, on
from core.errors import has_details, report_of
from core.i18n import t
from core.log import log
from core.tasks import spawn


class Notice:
    """One message at a time; a person can close it, and copy the details of an error that was not foreseen."""

    def __init__(self):
        self._box = by_id("notice")
        self._text = by_id("notice-text")
        self._copy = by_id("notice-copy")
        self._status = by_id("said")
        self._error = None
        on(by_id("notice-close"), "click", lambda event: self.clear())
        on(self._copy, "click", lambda event: spawn(self._copy_details()))

    def error(self, text, error=None):
        """Show what went wrong and what to do; `error` is what may have more details."""
        self._box.dataset.kind = "error"
        self._show(text)
        self._error = error
        self._copy.hidden = not (has_details(error) and _has_clipboard())
        self._copy.textContent = t("notice.copy")

    def info(self, text):
        """Show something worth knowing that is not an error."""
        self._box.dataset.kind = "news"
        self._show(text)

    def announce(self, text):
        """Say something to screen readers alone; on the screen it can be seen already."""
        self._status.textContent = text

    def clear(self):
        """Take the message away."""
        self._box.hidden = self._copy.hidden = True
        self._text.textContent = ""
        self._error = None

    def _show(self, text):
        self.clear()
        self._text.textContent = text
        self._box.hidden = False

    async def _copy_details(self):
        text = report_of(self._error, js.offcut.version, js.navigator.userAgent)
        try:
            await attempt(js.navigator.clipboard, "writeText", text)
        except JsException as error:  # the browser or the person does not allow it
            log.warning("The details could not be copied", cause=error)
            return
        self._copy.textContent = t("notice.copied")
        self.announce(t("notice.copied"))


def _has_clipboard():
    """Whether there is one: not on plain http."""
    return bool(getattr(js.navigator, "clipboard", None))
