"""What goes wrong on the command line besides refused photos, and the exit statuses."""

import os

DONE = 0
FAILED = 1
MOST_FAILURES = 100
"""Highest exit status that counts photos: shells use those above 125 themselves."""

USAGE = 2
INTERRUPTED = 130
OUTPUT_CLOSED = 141


class CommandError(Exception):
    """A file or folder cannot be used. `str(error)` is a sentence for people."""


class OutputClosed(Exception):
    """Whoever read standard output stopped reading, as `head` does. Nobody is left to be told."""


def reason(error: OSError) -> str:
    """Return the system's words for an error, such as ``"No space left on device"``."""
    return error.strerror or (os.strerror(error.errno) if error.errno else str(error) or type(error).__name__)


def shown(path: str | os.PathLike[str]) -> str:
    """Return a path for a message of one line: characters that a terminal would act on are replaced."""
    return "".join(letter if letter.isprintable() else "?" for letter in os.fspath(path))


def is_directory(name: str) -> bool:
    """Return whether a path is a folder that can be looked at. Unlike pathlib's, this raises nothing."""
    return os.path.isdir(name)  # noqa: PTH112
