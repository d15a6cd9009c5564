"""How many photos may be at work at the same time: as many as are small together, and any photo alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PIXELS = 40_000_000
"""Of all photos at work together: three of a phone's 12 million and some room. Each pixel takes some ten bytes."""


class PixelBudget:
    """Counts pixels."""

    def __init__(self, pixels: int = PIXELS) -> None:
        self._pixels = pixels
        self._taken = 0
        self._change = asyncio.Condition()

    @property
    def is_taken(self) -> bool:
        """Whether any photo is at work."""
        return self._taken > 0

    async def half_free(self) -> None:
        """Wait until a photo that is decoded ahead would not be one too many."""
        async with self._change:
            await self._change.wait_for(lambda: self._taken <= self._pixels // 2)

    @asynccontextmanager
    async def taken(self, pixels: int) -> AsyncIterator[None]:
        """Have a photo of so many pixels at work, as soon as there is room for it."""
        async with self._change:
            await self._change.wait_for(lambda: not self._taken or self._taken + pixels <= self._pixels)
            self._taken += pixels
        try:
            yield
        finally:
            async with self._change:
                self._taken -= pixels
                self._change.notify_all()
