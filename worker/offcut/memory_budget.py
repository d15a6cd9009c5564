"""Admission control by pixels: how many photos may be in memory at the same time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PIXELS = 40_000_000
"""Of all photos in work together: three 12-megapixel photos of a phone, and a margin. A pixel takes about ten bytes."""


class PixelBudget:
    """Counts the pixels of the photos in work. A photo larger than the whole budget is admitted alone."""

    def __init__(self, pixels: int = PIXELS) -> None:
        self._pixels = pixels
        self._reserved = 0
        self._changed = asyncio.Condition()

    @property
    def is_reserved(self) -> bool:
        """Whether any photo is in work."""
        return self._reserved > 0

    async def wait_for_half(self) -> None:
        """Wait until at most half of the budget is reserved, so that one more photo may be decoded ahead."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._reserved <= self._pixels // 2)

    @asynccontextmanager
    async def reserve(self, pixels: int) -> AsyncIterator[None]:
        """Wait until that many pixels fit into the budget, and reserve them for the duration of the context."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._reserved or self._reserved + pixels <= self._pixels)
            self._reserved += pixels
        try:
            yield
        finally:
            async with self._changed:
                self._reserved -= pixels
                self._changed.notify_all()
