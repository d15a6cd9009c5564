"""A file as pieces named by their own hash, so that each can be checked, kept and fetched again by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tools.errors import ToolError
from tools.hashing import hash_bytes

CHUNK = 4 * 1024 * 1024


def split(data: bytes, size: int = CHUNK, cuts: Iterable[int] = ()) -> Iterator[tuple[str, bytes]]:
    """The pieces in order, each with its SHA-256.

    A new piece also begins at each of `cuts`, so that what two files have in common between cuts is common pieces.
    """
    edges = [0, *sorted(cuts), len(data)]
    for first, last in zip(edges, edges[1:]):
        for start in range(first, last, size):
            piece = data[start : min(start + size, last)]
            yield hash_bytes(piece), piece


def join(pieces: Iterable[tuple[str, bytes]]) -> bytes:
    """The whole again, after checking every piece."""
    whole = bytearray()
    for number, (sha256, piece) in enumerate(pieces, 1):
        found = hash_bytes(piece)
        if found != sha256:
            raise ToolError(f"Piece {number} is damaged:\n  expected sha256 {sha256}\n  found    sha256 {found}")
        whole += piece
    return bytes(whole)
