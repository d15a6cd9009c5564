"""Admission control by pixels: how many photos may be in memory at the same time, and what one needs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PIXELS = 40_000_000
"""Of all photos in work together: three 12-megapixel photos of a phone, and a margin. A pixel takes about ten bytes."""


ENGINE_BYTES = 60_000_000
"""What Pyodide's heap takes with a small photo open (docs/measurements/memory.md)."""

BYTES_PER_PIXEL = 16
"""What it grows to for each pixel of a photo that is opened, edited and saved: 12 to 19 were measured."""


def spare(heap: int, pixels: int) -> int:
    """Return how many bytes of a heap no open photo needs. WebAssembly memory never shrinks.

    Args:
        heap: its size, in bytes.
        pixels: of the open photo; 0 where there is none.
    """
    return max(0, heap - ENGINE_BYTES - BYTES_PER_PIXEL * pixels)


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
