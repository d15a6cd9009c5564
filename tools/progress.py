"""Progress of long waits, and sizes, as people read them."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

LOG_INTERVAL_S = 20.0
TERMINAL_INTERVAL_S = 1.0


def megabytes(count: int) -> str:
    """Format a number of bytes in megabytes, or in kilobytes below 0.1 MB."""
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.1f} kB"


def bar(done: int, total: int, width: int = 24) -> str:
    """Return a bar with a space behind it for a terminal, and nothing for a log."""
    if not sys.stdout.isatty():
        return ""
    full = min(width, width * done // max(total, 1))
    return f"[{'#' * full}{'.' * (width - full)}] "


@contextmanager
def show_progress(state: Callable[[], str]) -> Iterator[None]:
    """Print `state()` and the elapsed time while the block runs: one line on a terminal, few lines in a log."""
    terminal = sys.stdout.isatty()
    done = threading.Event()
    thread = threading.Thread(target=_print, args=(state, done, terminal), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _print(state: Callable[[], str], done: threading.Event, terminal: bool) -> None:
    started = monotonic()
    width = 0
    while not done.wait(TERMINAL_INTERVAL_S if terminal else LOG_INTERVAL_S):
        line = f"  {state()}, {monotonic() - started:.0f} s"
        if terminal:
            # Spaces rather than an escape sequence, which not every terminal knows.
            print("\r" + line.ljust(width), end="", flush=True)
            width = len(line)
        else:
            print(line, flush=True)
    if width:
        print("\r" + " " * width + "\r", end="", flush=True)
