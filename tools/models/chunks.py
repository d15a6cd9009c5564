"""Split a file into pieces named by their hash, so that each can be verified, cached and fetched again by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from tools.errors import ToolError
from tools.files import hash_bytes

CHUNK = 4 * 1024 * 1024


def split(data: bytes, size: int = CHUNK, cuts: Iterable[int] = ()) -> Iterator[tuple[str, bytes]]:
    """Yield the pieces in order, each with its SHA-256.

    A new piece also begins at each of `cuts`, so that what two files have in common between cuts is common pieces.
    """
    edges = [0, *sorted(cuts), len(data)]
    for first, last in pairwise(edges):
        for start in range(first, last, size):
            piece = data[start : min(start + size, last)]
            yield hash_bytes(piece), piece


def join(pieces: Iterable[tuple[str, bytes]]) -> bytes:
    """Join the pieces, after checking the hash of each."""
    whole = bytearray()
    for number, (sha256, piece) in enumerate(pieces, 1):
        found = hash_bytes(piece)
        if found != sha256:
            raise ToolError(f"Piece {number} is damaged:\n  expected sha256 {sha256}\n  found    sha256 {found}")
        whole += piece
    return bytes(whole)
