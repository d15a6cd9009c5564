"""The network run again inside a box: a small subject fills more of its input there."""

from collections.abc import Awaitable, Callable
from typing import Literal

import numpy as np
from PIL import Image

from offcut import matting
from offcut.errors import HelpError

Preview = Callable[[Image.Image], Awaitable[np.ndarray]]
"""Gives the coarse alpha of a picture of mode RGB, as `pipeline.Engine.alpha` does."""

MARGIN = 0.12
"""What the network sees around the box, of the box's longer side: a subject is told from what surrounds it."""

SMALLEST = 8
"""Pixels that a box must have at least on either side."""


async def again(
    look: Preview,
    photo: np.ndarray,
    alpha: np.ndarray,
    box: tuple[int, int, int, int],
    *,
    outside: Literal["keep", "clear"],
    strength: float = 1.0,
) -> np.ndarray:
    """Run the network on a box of the photo and put what it finds there in place of the alpha so far.

    Args:
        look: runs the network.
        photo: uint8 ``(height, width, 3)``.
        alpha: uint8 ``(height, width)``, the alpha so far.
        box: left, top, right and bottom in pixels, right and bottom behind the last; cut off at the photo.
        outside: ``"keep"`` the alpha outside of the box, to which the new one leads over in the margin without a seam;
            ``"clear"`` it to 0, as the box was drawn around the whole subject.
        strength: of the edge refinement (`matting.matte`), 0 to 1.

    Returns:
        uint8 ``(height, width)``. Farther from the box than its margin it is as before, or 0.

    Raises:
        HelpError: the box is smaller than `SMALLEST` within the photo, the sizes differ, or `outside` is neither.
    """
    if photo.shape != (*alpha.shape, 3):
        raise HelpError("The cutout has another size than the photo. Open the photo again.")
    if outside not in ("keep", "clear"):
        raise HelpError(f"Outside of the box {outside!r} is not known. Use 'keep' or 'clear'.")
    height, width = alpha.shape
    left, top, right, bottom = (min(max(0, int(edge)), end) for edge, end in zip(box, (width, height) * 2))
    if right - left < SMALLEST or bottom - top < SMALLEST:
        raise HelpError("The box is too small. Draw it around the whole subject.")
    margin = max(1, round(MARGIN * max(right - left, bottom - top)))
    seen = (max(0, left - margin), max(0, top - margin), min(width, right + margin), min(height, bottom + margin))
    part = np.s_[seen[1] : seen[3], seen[0] : seen[2]]
    image = Image.fromarray(np.ascontiguousarray(photo[part]))
    found = np.asarray(matting.matte(await look(image), image, strength), np.float32)
    before = alpha[part] if outside == "keep" else np.zeros_like(alpha[part])
    share = _fade(seen[1], seen[3], top, bottom, margin)[:, None] * _fade(seen[0], seen[2], left, right, margin)
    result = alpha.copy() if outside == "keep" else np.zeros_like(alpha)
    result[part] = (before + share * (found - before) + 0.5).astype(np.uint8)
    return result


def _fade(first: int, last: int, start: int, end: int, margin: int) -> np.ndarray:
    """1 from `start` to `end`, falling to 0 over the margin, for each place from `first` to `last`; float32."""
    at = np.arange(first, last)
    away = np.maximum(np.maximum(start - at, at - (end - 1)), 0)
    return np.clip(1 - away / (margin + 1), 0, 1).astype(np.float32)
