"""What there is memory for: how large a photo may be, how many may be in work at a time, what an open one needs.

Every size that is decided for want of memory is decided here, before a photo is decoded: on the page, in batches, for
`offcut.remove` and on CPython. Everything behind the decoder works in tiles or strips with the same result as on the
whole (tests/unit/offcut/test_tiles.py), so that memory grows by the photo itself alone, and a photo is either worked on
whole or made smaller.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass

from offcut.errors import ImageTooLargeError

MAX_PIXELS = 110_000_000
"""Largest photo that is worked on anywhere. The largest cameras have 108 million, and at `BYTES_PER_PIXEL` such a photo
takes half of what WebAssembly's 32-bit memory can address."""

LEAST_PIXELS = 16_000_000
"""What every device has memory for: a photo of 12 million pixels, as most phones make them, and a margin."""

BASE_BYTES = 900_000_000
"""What the page takes with a small photo: browser, Python, a network at work (docs/measurements/memory.md)."""

BYTES_PER_PIXEL = 20
"""What it takes besides for each pixel of a photo that is opened, edited and saved with everything (there, too)."""

SHARES = {"computer": 0.5, "phone": 0.3}
"""Part of a device's memory that a page can have. A phone's system ends large pages."""

ENGINE_BYTES = 60_000_000
"""What Pyodide's heap takes with a small photo open (docs/measurements/memory.md)."""

HEAP_BYTES_PER_PIXEL = 16
"""What that heap grows to for each pixel of a photo that is opened, edited and saved: 12 to 19 were measured."""

IN_WORK = 40_000_000
"""Pixels of all photos in work together: three 12-megapixel photos of a phone, and a margin."""

Size = tuple[int, int]
"""Width and height in pixels."""


def pixels_for(memory: float | None, kind: str) -> int:
    """Return how many pixels a photo may have on a device, to be worked on whole.

    Args:
        memory: of the device, in gigabytes, as browsers tell it: rounded, and 8 may be more; None where one does not.
        kind: a key of `SHARES`.
    """
    if memory is None:
        return MAX_PIXELS if kind == "computer" else LEAST_PIXELS
    left = memory * 1e9 * SHARES[kind] - BASE_BYTES
    return int(min(MAX_PIXELS, max(LEAST_PIXELS, left / BYTES_PER_PIXEL)))


@dataclass(frozen=True)
class Plan:
    """In what size a photo is worked on."""

    width: int
    """Of the photo, upright, as its file says."""

    height: int
    opened_width: int
    """In which it is worked on: its own, or a smaller one of the same shape."""

    opened_height: int
    pixels: int
    """For how many there is memory."""

    @property
    def opened(self) -> Size:
        """Width and height in which it is worked on."""
        return self.opened_width, self.opened_height

    @property
    def is_reduced(self) -> bool:
        """Whether the photo is made smaller."""
        return self.opened != (self.width, self.height)

    def plain(self) -> dict[str, int]:
        """Return it ready for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Budget:
    """How large a photo may be, and what is done with a larger one."""

    pixels: int = MAX_PIXELS
    """Up to so many it is worked on whole."""

    may_reduce: bool = False
    """Whether a larger one is made smaller; it is refused otherwise."""

    exact: Size | None = None
    """The size in which the photo was worked on before, whatever `pixels` says now; None where it was not."""

    @property
    def most(self) -> int:
        """How many pixels a photo has at most that is decoded whole."""
        return MAX_PIXELS if self._can_reduce else min(self.pixels, MAX_PIXELS)

    @property
    def _can_reduce(self) -> bool:
        return self.may_reduce or self.exact is not None

    def plan(self, size: Size) -> Plan:
        """Decide in what size a photo is worked on.

        Args:
            size: its width and height, upright, from the header of its file.

        Raises:
            ImageTooLargeError: it is not opened. The error has the reason ``"device"`` and the `Plan` where it could be
                opened in a smaller size.
        """
        width, height = size
        check_size(size)
        opened = min(self.exact, size, key=lambda one: one[0] * one[1]) if self.exact else fitting(size, self.pixels)
        plan = Plan(width, height, *opened, self.pixels)
        if plan.is_reduced and not self._can_reduce:
            raise ImageTooLargeError(
                f"This photo has {width} × {height} = {_millions(width * height)} million pixels; this device has "
                f"memory for {_millions(self.pixels)} million. Allow that it is made smaller (the option reduce), or "
                "make it smaller yourself.",
                "device",
                f"{width} × {height}",
                plan,
            )
        return plan


WHOLE = Budget()
"""Whatever is not too large for anything is worked on whole, and the rest is refused."""


def fitting(size: Size, pixels: int) -> Size:
    """Return the largest size of the same shape with at most that many pixels, or the size itself."""
    width, height = size
    if width * height <= pixels:
        return size
    scale = math.sqrt(pixels / (width * height))
    narrow = max(1, math.floor(width * scale))
    return min(narrow, pixels), min(max(1, math.floor(height * scale)), max(1, pixels // narrow))


def check_size(size: Size) -> None:
    """Raise ImageTooLargeError where a photo of that width and height has more than `MAX_PIXELS` pixels."""
    width, height = size
    if width * height > MAX_PIXELS:
        raise ImageTooLargeError(
            f"This photo has {width} × {height} = {_millions(width * height)} million pixels; "
            f"at most {_millions(MAX_PIXELS)} million can be opened here. Make it smaller and try again.",
            kind=f"{width} × {height}",
        )


def spare(heap: int, pixels: int) -> int:
    """Return how many bytes of a heap no open photo needs. WebAssembly memory never shrinks.

    Args:
        heap: its size, in bytes.
        pixels: of the open photo; 0 where there is none.
    """
    return max(0, heap - ENGINE_BYTES - HEAP_BYTES_PER_PIXEL * pixels)


def _millions(pixels: int) -> str:
    return f"{pixels / 1e6:.0f}"


class PixelBudget:
    """Counts the pixels of the photos in work. A photo larger than the whole budget is admitted alone."""

    def __init__(self, pixels: int = IN_WORK) -> None:
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
