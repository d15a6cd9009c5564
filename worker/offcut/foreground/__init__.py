"""The subject's own colours, without the old background that shines through its soft edges.

A photo shows I = αF + (1 − α)B: where a hair covers half a pixel, half of the colour is the old background's. Put on a
new background, such a pixel keeps a fringe of the old one. A method guesses F for the pixels that are neither fully
kept nor fully removed; all others are left exactly as they are.

The photo is worked through in tiles, and only in those that have such pixels, so that the cost follows the length of
the outline and the memory does not follow the photo.
"""

from collections.abc import Callable

import numpy as np

from offcut.foreground.multilevel import MultiLevel
from offcut.geometry import Box, soft_tiles

Solver = Callable[[Box], np.ndarray]
"""Given a box of the photo, finds F in it: uint8 ``(3, h, w)``.

The result must not depend on the box, or tiles would show as seams.
"""

Method = Callable[[np.ndarray, np.ndarray], Solver]
"""Takes the photo, uint8 ``(h, w, 3)``, and its alpha, uint8 ``(h, w)``."""

TILE = 192
"""Side of a tile in pixels: larger ones hold more that is not soft, smaller ones more that several of them go through."""


def estimate(rgb: np.ndarray, alpha: np.ndarray, method: Method = MultiLevel, *, tile: int = TILE) -> np.ndarray:
    """Estimate the foreground colours.

    Args:
        rgb: the photo, uint8 ``(h, w, 3)``; not changed.
        alpha: how much of each pixel the subject covers, uint8 ``(h, w)``, 0 (none) to 255 (all).
        method: the solver (`bench.foreground` compares it with another one).
        tile: side of the tiles in pixels. The result is the same for each.

    Returns:
        A new uint8 array ``(h, w, 3)``. It differs from `rgb` only where alpha is above 0 and below `geometry.KEPT`.
    """
    result = rgb.copy()
    solver: Solver | None = None
    for box, soft in soft_tiles(alpha, tile):
        # Only now, so that a photo without soft edges costs nothing.
        solver = solver or method(rgb, alpha)
        put(solver(box), soft, result[box.slices])
    return result


def put(colours: np.ndarray, soft: np.ndarray, photo: np.ndarray) -> None:
    """Put the colours of a box, uint8 ``(3, h, w)``, into its part of a photo, uint8 ``(h, w, 3)``, where pixels are `soft`."""
    # Stacked, because numpy is many times slower where it stretches a mask over three channels itself.
    np.copyto(photo, np.stack(colours, -1), where=np.stack([soft] * 3, -1))
