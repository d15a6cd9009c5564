"""Foreground estimation: the subject's colours without the old background that is mixed into soft edges.

A photo shows I = αF + (1 − α)B: where a hair covers half a pixel, half of the colour is the old background's, and would show as
a fringe on a new background. A method estimates F for soft pixels, which are neither opaque nor removed; all others keep their
colours exactly.

The photo is processed in tiles, and only in those that have soft pixels: time follows the length of the outline, and memory
does not depend on the photo's size.
"""

from collections.abc import Callable

import numpy as np

from offcut.alpha import soft_tiles
from offcut.arrays import AlphaU8, Mask, PixelsU8, RgbU8
from offcut.foreground.multilevel import MultiLevel
from offcut.geometry import Box

Solver = Callable[[Box], PixelsU8]
"""Estimates F in a box of the photo: uint8 ``(3, h, w)``.

The result must not depend on the box, or tiles would show as seams.
"""

Method = Callable[[RgbU8, AlphaU8], Solver]
"""Takes the photo, uint8 ``(h, w, 3)``, and its alpha, uint8 ``(h, w)``."""

TILE = 192
"""Side of a tile in pixels. Larger tiles hold more pixels that are not soft; smaller ones overlap more in their margins."""


def estimate(rgb: RgbU8, alpha: AlphaU8, method: Method = MultiLevel, *, tile: int = TILE) -> RgbU8:
    """Estimate the foreground colours.

    Args:
        rgb: the photo, uint8 ``(h, w, 3)``; not changed.
        alpha: how much of each pixel the subject covers, uint8 ``(h, w)``, 0 (none) to 255 (all).
        method: the solver (`bench.foreground` compares it with another one).
        tile: side of the tiles in pixels. The result is the same for each.

    Returns:
        A new uint8 array ``(h, w, 3)``. It differs from `rgb` only where alpha is above 0 and below `alpha.OPAQUE`.
    """
    result = rgb.copy()
    solver: Solver | None = None
    for box, soft in soft_tiles(alpha, tile):
        # Created here, so that a photo without soft edges costs nothing.
        solver = solver or method(rgb, alpha)
        put(solver(box), soft, result[box.slices])
    return result


def put(colours: PixelsU8, soft: Mask, photo: RgbU8) -> None:
    """Write estimated colours into a box of a photo, where its pixels are soft.

    Args:
        colours: of the box, uint8 ``(3, h, w)``.
        soft: bool ``(h, w)``.
        photo: the box of the photo, uint8 ``(h, w, 3)``; overwritten.
    """
    # Stacked, because numpy is many times slower when it broadcasts a mask over three channels.
    np.copyto(photo, np.stack(list(colours), -1), where=np.stack([soft] * 3, -1))
