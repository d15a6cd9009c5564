"""The time that classes of the page are given as a function. Tests give another, which does not wait."""

import time


def monotonic() -> float:
    """Return seconds from some fixed moment, never running backwards. MicroPython has no `time.monotonic`."""
    if hasattr(time, "monotonic"):
        return time.monotonic()
    return time.ticks_ms() / 1000  # type: ignore[attr-defined]
