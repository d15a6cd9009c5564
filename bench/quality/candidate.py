"""The interface of a candidate."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np


class Candidate(Protocol):
    """Something that cuts out photos."""

    async def alpha(self, image: Path) -> np.ndarray:
        """Return the alpha of an image file, float32 `(height, width)` of the upright photo, 0 to 1. Raises Refusal."""
        ...

    async def setting(self) -> str:
        """Return what it runs on, in words; known after the first photo."""
        ...


class Refusal(Exception):
    """A candidate refused one photo; the text states why. The others continue."""


@dataclass(frozen=True)
class Entry:
    """A candidate by name. It is opened when its turn comes: two large networks at once may not fit into memory."""

    name: str
    open: Callable[[], AbstractAsyncContextManager[Candidate]]
