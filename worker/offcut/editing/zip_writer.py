"""A ZIP file of finished pictures, written piece by piece: neither it nor a picture is ever whole in memory."""

import time
import zipfile
from collections.abc import Awaitable, Callable, Iterable
from typing import IO, Any, NamedTuple

PIECE = 4_000_000
"""Bytes that are read and written at a time."""


class Entry(NamedTuple):
    """A file that goes into the ZIP."""

    name: str
    size: int
    """In bytes."""

    read: Callable[[int, int], Awaitable[bytes]]
    """Coroutine function that returns the bytes from one up to another."""


async def write_zip(sink: IO[bytes], entries: Iterable[Entry], on_entry: Callable[[int], Any]) -> None:
    """Write a ZIP file. Pictures are compressed already, so they are stored as they are; ZIP64 where that is needed.

    Args:
        sink: an empty file that can be written and sought.
        entries: the files. Names are all different, in any script.
        on_entry: called with how many are written, after each.
    """
    year, month, day, hour, minute, second = time.localtime()[:6]
    year = min(max(year, 1980), 2107)  # what a ZIP can say; a clock may be set to anything
    now = (year, month, day, hour, minute, second)
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for count, entry in enumerate(entries, 1):
            info = zipfile.ZipInfo(entry.name, now)
            info.file_size = entry.size
            info.external_attr = 0o644 << 16
            with archive.open(info, "w") as file:
                for start in range(0, entry.size, PIECE):
                    file.write(await entry.read(start, min(start + PIECE, entry.size)))
            on_entry(count)
