"""Saying how far a long wait has come."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

LOG_PAUSE = 20.0
TERMINAL_PAUSE = 1.0


@contextmanager
def telling(state: Callable[[], str]) -> Iterator[None]:
    """While the block runs, says `state()` and the time: in one line on a terminal, in few lines in a log."""
    terminal = sys.stdout.isatty()
    done = threading.Event()
    thread = threading.Thread(target=_tell, args=(state, done, terminal), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _tell(state: Callable[[], str], done: threading.Event, terminal: bool) -> None:
    started = monotonic()
    width = 0
    while not done.wait(TERMINAL_PAUSE if terminal else LOG_PAUSE):
        line = f"  {state()}, {monotonic() - started:.0f} s"
        if terminal:
            # Spaces rather than an escape sequence, which not every terminal knows.
            print("\r" + line.ljust(width), end="", flush=True)
            width = len(line)
        else:
            print(line, flush=True)
    if width:
        print("\r" + " " * width + "\r", end="", flush=True)
