"""What a contestant is, and what it may say."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np


class Candidate(Protocol):
    """Something that cuts out, ready to work."""

    async def alpha(self, image: Path) -> np.ndarray:
        """The alpha of an image file, float32 `(height, width)` of the upright photo, 0 to 1. Raises Refusal."""
        ...

    async def setting(self) -> str:
        """What it runs on, in words, known once it has worked."""
        ...


class Refusal(Exception):
    """A contestant could not take one photo; its text says why. The others go on."""


@dataclass(frozen=True)
class Entry:
    """A contestant by name, made when its turn comes: two large networks at once may not fit into memory."""

    name: str
    open: Callable[[], AbstractAsyncContextManager[Candidate]]
