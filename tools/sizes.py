"""Sizes as people read them."""

from __future__ import annotations


def megabytes(count: int) -> str:
    """Bytes in megabytes, or kilobytes where that says more."""
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.1f} kB"
