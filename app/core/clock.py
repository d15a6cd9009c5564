"""The clock that classes of the page are given. Tests give another, which does not wait."""

import asyncio
import time


def monotonic():
    """Seconds from some fixed moment, never running backwards. MicroPython has no `time.monotonic`."""
    if hasattr(time, "monotonic"):
        return time.monotonic()
    return time.ticks_ms() / 1000


class Clock:
    """The real time."""

    def now(self):
        """Seconds from some fixed moment."""
        return monotonic()

    async def sleep(self, seconds):
        """Wait."""
        await asyncio.sleep(seconds)
