"""Foreground estimation: the subject's colours without the old background that is mixed into soft edges.

A photo shows I = αF + (1 − α)B: where a hair covers half a pixel, half of the colour is the old background's, and would
show as a fringe on a new background. F is estimated for soft pixels, which are neither opaque nor removed; all others
keep their colours exactly.

The photo is processed in tiles, and only in those that have soft pixels: time follows the length of the outline, and
memory does not depend on the photo's size.
"""

from offcut.arrays import AlphaU8, RgbU8
from offcut.foreground.cache import ForegroundCache
from offcut.geometry import Box

__all__ = ["ForegroundCache", "estimate"]


def estimate(rgb: RgbU8, alpha: AlphaU8) -> RgbU8:
    """Estimate the foreground colours of a photo.

    Args:
        rgb: the photo, uint8 ``(h, w, 3)``; not changed.
        alpha: how much of each pixel the subject covers, uint8 ``(h, w)``, 0 (none) to 255 (all).

    Returns:
        A new uint8 array ``(h, w, 3)``. It differs from `rgb` only where alpha is above 0 and below `alpha.OPAQUE`.
    """
    foreground = ForegroundCache(rgb)
    foreground.update(alpha)
    height, width = alpha.shape
    return foreground.part(Box(0, height, 0, width))
