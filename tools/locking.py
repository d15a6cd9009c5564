"""One process at a time, by a lock that the system lets go of when its holder ends, however it ends."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

if os.name == "nt":
    import msvcrt
else:
    import fcntl

PAUSE = 0.2


@contextmanager
def locked(path: Path, waiting: str) -> Iterator[None]:
    """Runs the block alone among all that lock `path`; says `waiting` where another one has to end first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # The file stays: removing it could leave two processes each with a lock on a file of its own.
    with path.open("ab") as stream:
        if not _taken(stream):
            print(waiting, flush=True)
            while not _taken(stream):
                time.sleep(PAUSE)
        yield


def _taken(stream: BinaryIO) -> bool:
    """Tries once; closing the file gives the lock back."""
    if os.name == "nt":
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        # Some network file systems have no locks. Every file is written whole, so work done twice is all that is lost.
        return True
    return True
