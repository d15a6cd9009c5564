"""The fields of a protobuf message in a file, without its schema. What is large is skipped, never read.

A file from a stranger may lie about everything, so each length is checked, and so is the number of fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

MAX_FIELDS = 1_000_000
"""Fields of one file. U²-Net p has 15,000, IS-Net 13,000."""

_IN_MEMORY = 1 << 16
"""Messages of at most so many bytes are read at once."""

_HEAD = 20
"""The most bytes that the head of a field has: its key and a length, ten each."""


class MalformedError(ValueError):
    """It is no protobuf message, or an unreasonable one."""


class Source:
    """Bytes that can be read anywhere, and how many fields may still be read of them."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        """`file` is opened for reading and can seek; `size` is its length in bytes."""
        self._file = file
        self.size = size
        self.left = MAX_FIELDS

    def read(self, start: int, count: int) -> bytes:
        """Return bytes of the file; fewer where it ends."""
        self._file.seek(start)
        return self._file.read(count)

    def whole(self) -> Message:
        """Return the message that is the whole file."""
        return Message(self, 0, self.size)


class Message:
    """A part of a file: a nested message, a text or data, which only whoever reads it knows."""

    __slots__ = ("_data", "_end", "_source", "_start")

    def __init__(self, source: Source, start: int, end: int, data: bytes | None = None) -> None:
        """`data` has the bytes that `start` and `end` count in; None where they count in the file."""
        self._source, self._start, self._end, self._data = source, start, end, data

    def __len__(self) -> int:
        """Return the number of its bytes."""
        return self._end - self._start

    def content(self, limit: int) -> bytes:
        """Return its bytes. Raises MalformedError where there are more than `limit`, or the file ends before."""
        if len(self) > limit:
            raise MalformedError(f"{len(self)} bytes where at most {limit} make sense")
        found = self._read(self._start, len(self))
        if len(found) != len(self):
            raise MalformedError("the file ends early")
        return found

    def text(self, limit: int = 1000) -> str:
        """Return it as text. Raises MalformedError where it is none."""
        try:
            return self.content(limit).decode("utf-8")
        except UnicodeDecodeError as error:
            raise MalformedError("a name is no text") from error

    def fields(self) -> Iterator[tuple[int, int | Message]]:
        """Yield the number and value of each field.

        A value is a number (of any fixed-size field its bits), or a `Message` for everything that has a length.

        Raises:
            MalformedError: there are other things than fields, or too many.
        """
        message = self
        if self._data is None and len(self) <= _IN_MEMORY:
            message = Message(self._source, 0, len(self), self.content(_IN_MEMORY))
        at, end = message._start, message._end
        while at < end:
            if self._source.left <= 0:
                raise MalformedError("too many parts")
            self._source.left -= 1
            head = message._read(at, min(_HEAD, end - at))
            key, used = _varint(head, 0)
            number, kind = key >> 3, key & 7
            if not 0 < number < 1 << 29:
                raise MalformedError("a field has no number")
            if kind == 0:
                value, used = _varint(head, used)
                yield number, value
            elif kind == 2:
                length, used = _varint(head, used)
                start = at + used
                if length > end - start:
                    raise MalformedError("a part is longer than what it is in")
                yield number, Message(self._source, start, start + length, message._data)
                used += length
            elif kind in (1, 5):
                size = 8 if kind == 1 else 4
                if used + size > len(head):
                    raise MalformedError("the file ends early")
                yield number, int.from_bytes(head[used : used + size], "little")
                used += size
            else:
                raise MalformedError("a field has no known kind")
            at += used

    def numbers(self, limit: int) -> list[int]:
        """Read it as packed varints. Raises MalformedError where there are more than `limit`."""
        data = self.content(limit * 10)
        found, at = [], 0
        while at < len(data):
            value, at = _varint(data, at)
            found.append(value)
            if len(found) > limit:
                raise MalformedError(f"more than {limit} numbers")
        return found

    def _read(self, start: int, count: int) -> bytes:
        if self._data is None:
            return self._source.read(start, count)
        return self._data[start : start + count]


def signed(value: int) -> int:
    """Return the signed number that 64 bits stand for."""
    return value - (1 << 64) if value >= 1 << 63 else value


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a varint and where it ends."""
    value = shift = 0
    while True:
        if at >= len(data):
            raise MalformedError("the file ends early")
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value & ((1 << 64) - 1), at
        shift += 7
        if shift >= 70:
            raise MalformedError("a number has no end")
