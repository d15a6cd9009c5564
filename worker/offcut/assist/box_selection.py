"""Run the network again inside a box that a person drew: a small subject fills more of the network's input there."""

from collections.abc import Awaitable, Callable

import numpy as np
from PIL import Image

from offcut import matting
from offcut.arrays import AlphaF32, AlphaU8, Floats, RgbU8
from offcut.errors import HelpError
from offcut.geometry import Box

CoarseAlpha = Callable[[Image.Image], Awaitable[AlphaF32]]
"""Runs a network on a picture of mode RGB and returns its coarse alpha, as `pipeline.Engine.alpha` does."""

MARGIN = 0.12
"""Context that the network sees around the box, as a part of the box's longer side."""

MIN_SIDE = 8
"""Pixels that each side of a box must have."""


async def select(coarse_alpha: CoarseAlpha, photo: RgbU8, box: Box) -> AlphaU8:
    """Find the subject inside a box that was drawn around all of it.

    Args:
        coarse_alpha: runs the network.
        photo: uint8 ``(h, w, 3)``.
        box: cut off at the photo's borders.

    Returns:
        The alpha, uint8 ``(h, w)``: the network's result inside the box, fading to 0 within the margin around it.

    Raises:
        HelpError: the box has a side of fewer than `MIN_SIDE` pixels within the photo.
    """
    height, width = photo.shape[:2]
    box = box.within(height, width)
    if box.width < MIN_SIDE or box.height < MIN_SIDE:
        raise HelpError("The box is too small. Draw it around the whole subject.")
    margin = max(1, round(MARGIN * max(box.size)))
    context = box.grown(margin).within(height, width)
    image = Image.fromarray(np.ascontiguousarray(photo[context.slices]))
    found = np.asarray(matting.matte(await coarse_alpha(image), image, 1.0), np.float32)
    rows = _fade(context.top, context.bottom, box.top, box.bottom, margin)
    columns = _fade(context.left, context.right, box.left, box.right, margin)
    result = np.zeros((height, width), np.uint8)
    result[context.slices] = (rows[:, None] * columns * found + 0.5).astype(np.uint8)
    return result


def _fade(first: int, last: int, start: int, end: int, margin: int) -> Floats:
    """1 from `start` to `end`, falling to 0 over the margin, for each position from `first` to `last`; float32."""
    positions = np.arange(first, last)
    distance = np.maximum(np.maximum(start - positions, positions - (end - 1)), 0)
    return np.clip(1 - distance / (margin + 1), 0, 1).astype(np.float32)
