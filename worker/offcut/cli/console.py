"""Standard error for people, standard output for pictures."""

import os
import sys
from contextlib import suppress

STANDARD = "-"
"""The name that stands for standard input or standard output."""


def say(sentence: str) -> None:
    """Print a sentence on standard error, if there is one: a picture may be on its way through standard output."""
    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            print(f"offcut: {sentence}", file=sys.stderr, flush=True)


def is_terminal(stream: object) -> bool:
    """Return whether a person sits at the other end of a standard stream."""
    try:
        return bool(stream.isatty())  # type: ignore[attr-defined]
    except (AttributeError, ValueError):  # None, or closed
        return False


def abandon_output() -> None:
    """Drop what standard output could not take, so that Python does not fail over it again when it ends."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)
