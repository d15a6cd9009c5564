"""What is done to an alpha's edges: faint traces removed, dilated or eroded, feathered, and with more contrast.

None of these changes anything where the alpha is all 0 or 255, so only tiles near edges and traces are processed: time
follows the outline's length.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageFilter

from offcut.arrays import AlphaU8
from offcut.geometry import Box, tiles
from offcut.masks import traces
from offcut.masks.morphology import grow
from offcut.protocol.settings import EDGES, MAX_EDGE, MAX_TRACES
from offcut.validation import checked, flag, number

_TILE = 512


@dataclass(frozen=True)
class Edges:
    """How the alpha's edges are treated before they are composed, in this order: traces, grow, feather, contrast."""

    grow: float = checked(EDGES["grow"], number(-MAX_EDGE, MAX_EDGE))
    """Pixels by which the subject grows (dilation); below 0 it shrinks (erosion)."""

    feather: float = checked(EDGES["feather"], number(0, MAX_EDGE))
    """Standard deviation of a Gaussian blur in pixels."""

    contrast: float = checked(EDGES["contrast"], number(0, 1))
    """0 leaves soft edges as they are, 1 makes them hard at one half."""

    decontaminate: bool = checked(EDGES["decontaminate"], flag)
    """Whether soft edges get estimated foreground colours (`offcut.foreground`)."""

    traces: float = checked(EDGES["traces"], number(0, MAX_TRACES))
    """Up to which alpha, 0 to 1, pixels far from the subject are removed (`offcut.masks.traces`)."""


def is_neutral(edges: Edges) -> bool:
    """Return whether the settings leave the alpha as it is."""
    return not (edges.traces or edges.grow or edges.feather or edges.contrast)


def same_shape(one: Edges, other: Edges) -> bool:
    """Return whether both settings make the same alpha."""
    return replace(one, decontaminate=True) == replace(other, decontaminate=True)


def scaled(edges: Edges, scale: float) -> Edges:
    """Return the settings for a copy of the picture at that scale."""
    return replace(edges, grow=edges.grow * scale, feather=edges.feather * scale)


def reach(edges: Edges, shape: tuple[int, ...]) -> int:
    """Return the distance, in pixels, within which an alpha of that shape influences a pixel of the result."""
    return _blur_reach(edges) + (traces.reach(shape) if edges.traces else 0)


def _blur_reach(edges: Edges) -> int:
    # The three box blurs that Pillow's Gaussian consists of reach this far.
    blurred = math.ceil(3 * edges.feather) + 4 if edges.feather else 0
    return math.ceil(abs(edges.grow)) + blurred


def apply(alpha: AlphaU8, edges: Edges, box: Box | None = None) -> AlphaU8:
    """Treat the edges of an alpha.

    Args:
        alpha: uint8 ``(h, w)``, 0 to 255; not changed.
        edges: the settings.
        box: the part of the result that is returned; None for all of it.

    Returns:
        uint8 of the box's shape: a new array, or `alpha` or a view of it where nothing changes. A pixel's value does
        not depend on the box.
    """
    height, width = alpha.shape
    untreated = alpha if box is None else alpha[box.slices]
    box = box or Box(0, height, 0, width)
    if is_neutral(edges):
        return untreated
    margin = _blur_reach(edges)
    limits = None
    if edges.traces:
        limits = traces.find_limits(alpha, 255 * edges.traces, box.grown(margin).within(height, width))
    curve = contrast_curve(edges.contrast) if edges.contrast else None
    result: AlphaU8 | None = None
    for tile in tiles(box.height, box.width, _TILE):
        place = tile.moved(box.top, box.left)
        window = place.grown(margin).within(height, width)
        before = part = alpha[window.slices]
        if part.min() == part.max() and part[0, 0] in (0, 255):
            continue
        if limits:
            part = limits.remove(part, window)
        if part.min() < part.max():
            part = feather(grow(part, edges.grow), edges.feather)
        if curve is not None:
            part = curve[part]
        if part is not before:
            result = untreated.copy() if result is None else result
            result[tile.slices] = part[place.inside(window).slices]
    return untreated if result is None else result


def contrast_curve(contrast: float) -> AlphaU8:
    """Return the new value of each alpha: a line through one half, the steeper the more contrast.

    Args:
        contrast: 0 (no change) to 1 (a threshold at one half).

    Returns:
        uint8 ``(256,)``.
    """
    values = np.arange(256, dtype=np.float64)
    if contrast >= 1:
        return np.where(values >= 128, 255, 0).astype(np.uint8)
    steeper = (values - 127.5) / (1 - contrast) + 127.5
    return np.clip(np.floor(steeper + 0.5), 0, 255).astype(np.uint8)


def feather(alpha: AlphaU8, deviation: float) -> AlphaU8:
    """Blur an alpha, uint8 ``(h, w)``, with a Gaussian of that standard deviation in pixels; 0 returns it unchanged."""
    if not deviation:
        return alpha
    return np.asarray(Image.fromarray(alpha).filter(ImageFilter.GaussianBlur(deviation)))
