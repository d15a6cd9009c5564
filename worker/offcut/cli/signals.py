"""Ctrl+C and requests to end."""

import signal
from types import FrameType
from typing import Any


class Signals:
    """While this context lasts, Ctrl+C and a request to end raise KeyboardInterrupt: temporary files are removed.

    asyncio would replace Python's own handler of Ctrl+C by one that only cancels at the next `await`: a photo that has
    passed its last one would be written all the same.
    """

    def __init__(self) -> None:
        """Change nothing yet."""
        self.status = 0
        """The exit status that the signal asks for; 0 while none has come."""

        self._before: dict[int, Any] = {}

    def __enter__(self) -> "Signals":
        """Replace the handlers, except of signals that are ignored: `nohup` and scripts want that to stay."""
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is None or signal.getsignal(number) is signal.SIG_IGN:
                continue
            try:
                self._before[number] = signal.signal(number, self._raise)
            except ValueError:  # not the main thread: signals are somebody else's business
                break
        return self

    def __exit__(self, *error: object) -> None:
        """Put the handlers back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _raise(self, number: int, frame: FrameType | None) -> None:
        self.status = 128 + number
        raise KeyboardInterrupt
