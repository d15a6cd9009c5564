"""A file as pieces named by their own hash, so that each can be checked, kept and fetched again by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tools.hashing import hash_bytes
from tools.problems import Problem

CHUNK = 4 * 1024 * 1024


def split(data: bytes, size: int = CHUNK) -> Iterator[tuple[str, bytes]]:
    """The pieces in order, each with its SHA-256."""
    for start in range(0, len(data), size):
        piece = data[start : start + size]
        yield hash_bytes(piece), piece


def join(pieces: Iterable[tuple[str, bytes]]) -> bytes:
    """The whole again, after checking every piece."""
    whole = bytearray()
    for number, (sha256, piece) in enumerate(pieces, 1):
        found = hash_bytes(piece)
        if found != sha256:
            raise Problem(f"Piece {number} is damaged:\n  expected sha256 {sha256}\n  found    sha256 {found}")
        whole += piece
    return bytes(whole)
