"""Reads the bytes of a photo from a file or from standard input."""

import errno
import sys
from pathlib import Path
from typing import BinaryIO

from offcut.cli.console import STANDARD, is_terminal
from offcut.cli.failures import CommandError, is_directory, reason, shown

MAX_BYTES = 2 * 1024**3
"""No photo of at most 110 million pixels needs a larger file; a device that never ends does."""


def read_photo(name: str) -> bytes:
    """Read a file, or standard input for ``"-"``.

    Raises:
        CommandError: it cannot be read, and why.
    """
    try:
        if name == STANDARD:
            return _read(_standard_input(), "standard input")
        with Path(name).open("rb") as stream:
            return _read(stream, shown(name))
    except OSError as error:
        what = "Standard input" if name == STANDARD else shown(name)
        if error.errno == errno.EISDIR or (name != STANDARD and is_directory(name)):
            raise CommandError(
                f"{what} is a directory, not a photo. Name the photos in it, such as {shown(Path(name, '*.jpg'))}."
            ) from error
        raise CommandError(f"{what} cannot be read: {reason(error)}.") from error


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise CommandError("Standard input is closed. Name a photo instead of '-'.")
    if is_terminal(sys.stdin):
        raise CommandError("Standard input is this terminal. Name a photo, or send one through a pipe or with '<'.")
    return sys.stdin.buffer


def _read(stream: BinaryIO, what: str) -> bytes:
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise CommandError(f"{what} has more than {MAX_BYTES // 1024**3} GB, which no photo needs.")
    return data
