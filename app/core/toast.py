"""A toast: a short message that disappears after a timeout, with a button or without."""

import asyncio

from core.signals import Signal
from core.tasks import spawn
from core.timing import timing


class Toast:
    """Shows one message at a time. The timeout waits while the pointer or the focus is on it or the tab is hidden."""

    def __init__(self, sleep=asyncio.sleep):
        """`sleep(seconds)` is a coroutine function."""
        self._sleep = sleep
        self._holds = set()  # the reasons to stay
        self._turn = 0  # counts the waits; only the newest one ends the message
        self.text = ""
        """The message, empty while there is none."""

        self.label = ""
        """What its button says, empty where it has none."""

        self._callback = None
        self.changed = Signal()
        """Emitted when a message comes or goes."""

    def show(self, text, action=None):
        """Show a message instead of the last one. `action` is (label, callback): what its button says and does."""
        self.text = text
        self.label, self._callback = action or ("", None)
        self.changed.emit()
        self._wait()

    def act(self):
        """Do what the button is for."""
        callback = self._callback
        self.dismiss()
        if callback:
            callback()

    def dismiss(self):
        """Take the message away."""
        self._turn += 1
        self._holds.clear()
        if self.text:
            self.text, self.label, self._callback = "", "", None
            self.changed.emit()

    def hold(self, reason):
        """Keep the message for a reason, such as ``"focus"``."""
        self._holds.add(reason)

    def let_go(self, reason):
        """That reason is gone: without any, the message stays for its time once more."""
        if reason in self._holds:
            self._holds.remove(reason)
            if not self._holds:
                self._wait()

    def _wait(self):
        self._turn += 1
        spawn(self._end(self._turn, timing.toast_with_button if self.label else timing.toast))

    async def _end(self, turn, seconds):
        await self._sleep(seconds)
        if turn == self._turn and not self._holds:
            self.dismiss()
