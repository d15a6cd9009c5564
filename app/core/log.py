"""The page's log: the browser's console, and the last entries in memory for a report.

Entries hold no photo and no name of a file: whoever logs must not pass one. The log does not leave the page by itself.
"""

import io
import sys

from core.clock import monotonic

LIMIT = 200
"""Entries in memory; older ones are dropped."""


class Log:
    """Entries of four levels: debug, info, warning and error."""

    def __init__(self, now=monotonic, limit: int = LIMIT) -> None:
        """`now()` returns seconds. Nothing goes to a console before `attach`."""
        self._now = now
        self._limit = limit
        self._console = None
        self.entries: list[tuple[float, str, str, str]] = []
        """(seconds, level, message, details), the oldest first. `details` is a traceback, or empty."""

    def attach(self, console) -> None:
        """Write to `console` from now on: an object with the methods `debug`, `info`, `warn` and `error`."""
        self._console = console

    def debug(self, message: str) -> None:
        """Note a detail of interest to developers only."""
        self._add("debug", message, None)

    def info(self, message: str) -> None:
        """Note something that happened as it should."""
        self._add("info", message, None)

    def warning(self, message: str, cause: Exception | None = None) -> None:
        """Note a problem that the page works around."""
        self._add("warning", message, cause)

    def error(self, message: str, cause: Exception | None = None) -> None:
        """Note an unforeseen failure, with the whole traceback of `cause`."""
        self._add("error", message, cause)

    def report(self) -> str:
        """Return all entries as text, one or more lines each."""
        lines = []
        for seconds, level, message, details in self.entries:
            lines.append(f"{seconds:10.3f} s  {level:7}  {message}")
            lines += ["              " + line for line in details.strip().split("\n") if line]
        return "\n".join(lines)

    def _add(self, level: str, message: str, cause: Exception | None) -> None:
        details = "" if cause is None else details_of(cause)
        self.entries.append((self._now(), level, message, details))
        if len(self.entries) > self._limit:
            self.entries.pop(0)
        if self._console is not None:
            write = getattr(self._console, "warn" if level == "warning" else level)
            write(message + "\n" + details if details else message)


def details_of(error) -> str:
    """Return the whole traceback of an exception, after what the worker wrote about it where it comes from there."""
    remote = getattr(error, "details", "")
    return "\n".join(part.strip() for part in (remote, _traceback_of(error)) if part.strip())


def _traceback_of(error) -> str:
    if hasattr(sys, "print_exception"):  # MicroPython
        buffer = io.StringIO()
        sys.print_exception(error, buffer)
        return buffer.getvalue()
    import traceback  # CPython, where tests run

    return "".join(traceback.format_exception(error))


log = Log()
"""The page's only log."""
