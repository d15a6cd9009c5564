"""Combine the alphas of two networks."""

import numpy as np

from offcut.errors import HelpError
from offcut.masks.connected_components import component_at

MODES = ("either", "both", "sure", "point")
"""What `combine` can do."""


def combine(one: np.ndarray, other: np.ndarray, mode: str, point: tuple[int, int] | None = None) -> np.ndarray:
    """Make one alpha of two.

    Args:
        one, other: uint8 ``(height, width)``, two networks' alphas of the same photo.
        mode: ``"either"``, what at least one takes for the subject; ``"both"``, what both do; ``"sure"``, everywhere
            the one farther from the middle (the first, where they are equal); ``"point"``, the first, but the second in
            that region of disagreement in which the point lies.
        point: x and y of a pixel, for ``"point"``.

    Returns:
        uint8 ``(height, width)``.

    Raises:
        HelpError: the sizes differ, the mode is not known, or the point is missing, outside, or where both agree.
    """
    if one.shape != other.shape:
        raise HelpError("The two cutouts are of different sizes. Make both from the same photo.")
    if mode == "either":
        return np.maximum(one, other)
    if mode == "both":
        return np.minimum(one, other)
    if mode == "sure":
        distance = [np.abs(alpha.astype(np.int16) * 2 - 255) for alpha in (one, other)]
        return np.where(distance[0] >= distance[1], one, other)
    if mode != "point":
        raise HelpError(f"The way {mode!r} to combine two cutouts is not known. Use any of: {', '.join(MODES)}.")
    height, width = one.shape
    if point is None or not (0 <= point[0] < width and 0 <= point[1] < height):
        raise HelpError("The point is outside the photo. Click where the two cutouts differ.")
    place = (point[1], point[0])
    apart = np.abs(one.astype(np.int16) - other) > 64
    if not apart[place]:
        raise HelpError("Both cutouts agree at this point. Click where they differ.")
    region = component_at(apart, place)
    return np.where(region, other, one)
