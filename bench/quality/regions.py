"""Regions of boolean masks: the largest component, and erosion by squares."""

from __future__ import annotations

import numpy as np

from offcut.masks.connected_components import components


def eroded(mask: np.ndarray, radius: int, *, beyond: bool = False) -> np.ndarray:
    """Return the pixels whose square of side `2 * radius + 1` lies in `mask`, a boolean `(height, width)` array.

    `beyond` is the value of pixels outside of the picture.
    """
    side = 2 * radius + 1
    padded = np.pad(mask, radius, constant_values=beyond)
    # The sum over a square from four corners of the running sums (Crow 1984, "Summed-area tables").
    sums = np.pad(padded.astype(np.int64), ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    full = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    return full == side * side


def largest_component(mask: np.ndarray) -> np.ndarray:
    """Return the largest component of a mask, bool `(height, width)`; the first in reading order among equals."""
    found = components(mask)
    chosen = np.zeros(found.count, bool)
    if found.count:
        chosen[found.areas.argmax()] = True
    return found.mask(chosen)
