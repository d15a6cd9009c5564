"""A result that is not there yet."""

import asyncio


class Future:
    """A result or an error that several tasks can wait for; what comes first counts."""

    def __init__(self, on_progress=None):
        self.on_progress = on_progress
        self._event = asyncio.Event()
        self._result = self._error = None

    @property
    def is_done(self):
        """Whether there is a result or an error."""
        return self._event.is_set()

    def set_result(self, result):
        """Let whoever waits go on with a result."""
        if not self._event.is_set():
            self._result = result
            self._event.set()

    def set_error(self, error):
        """Let whoever waits go on with an exception."""
        if not self._event.is_set():
            self._error = error
            self._event.set()

    async def wait(self):
        """The result. Raises the error."""
        await self._event.wait()
        if self._error:
            raise self._error
        return self._result
