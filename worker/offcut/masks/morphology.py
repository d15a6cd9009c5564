"""Morphology of an alpha's edges: dilated or eroded, feathered, and with more contrast.

None of these changes anything away from edges, so only tiles near one are processed: time follows the outline's length.
"""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from offcut.arrays import AlphaU8, PixelsU8
from offcut.geometry import Box, tiles
from offcut.protocol.settings import EDGES, MAX_EDGE
from offcut.validation import checked, flag, number

_TILE = 512


@dataclass(frozen=True)
class Edges:
    """How the alpha's edges are treated before they are composed, in this order: grow, feather, contrast."""

    grow: float = checked(EDGES["grow"], number(-MAX_EDGE, MAX_EDGE))
    """Pixels by which the subject grows (dilation); below 0 it shrinks (erosion)."""

    feather: float = checked(EDGES["feather"], number(0, MAX_EDGE))
    """Standard deviation of a Gaussian blur in pixels."""

    contrast: float = checked(EDGES["contrast"], number(0, 1))
    """0 leaves soft edges as they are, 1 makes them hard at one half."""

    decontaminate: bool = checked(EDGES["decontaminate"], flag)
    """Whether soft edges get estimated foreground colours (`offcut.foreground`)."""


def is_neutral(edges: Edges) -> bool:
    """Return whether the settings leave the alpha as it is."""
    return not (edges.grow or edges.feather or edges.contrast)


def same_shape(one: Edges, other: Edges) -> bool:
    """Return whether both settings make the same alpha."""
    return (one.grow, one.feather, one.contrast) == (other.grow, other.feather, other.contrast)


def scaled(edges: Edges, scale: float) -> Edges:
    """Return the settings for a copy of the picture at that scale."""
    return Edges(edges.grow * scale, edges.feather * scale, edges.contrast, edges.decontaminate)


def reach(edges: Edges) -> int:
    """Return the distance, in pixels, within which the alpha influences a pixel of the result."""
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
        A new uint8 array of the box's shape. A pixel's value does not depend on the box.
    """
    height, width = alpha.shape
    box = box or Box(0, height, 0, width)
    curve = contrast_curve(edges.contrast)
    result = np.empty(box.shape, np.uint8)
    for tile in tiles(box.height, box.width, _TILE):
        place = tile.moved(box.top, box.left)
        window = place.grown(reach(edges)).within(height, width)
        part = alpha[window.slices]
        if part.min() < part.max():
            part = feather(grow(part, edges.grow), edges.feather)
        result[tile.slices] = curve[part[place.inside(window).slices]]
    return result


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


def grow(alpha: AlphaU8, pixels: float) -> AlphaU8:
    """Dilate an alpha, uint8 ``(h, w)``, by a disc; erode it where `pixels` is below 0.

    Between whole numbers of pixels the result is interpolated. 0 returns the alpha unchanged.
    """
    if pixels < 0:
        return ~grow(~alpha, -pixels)
    whole, part = int(pixels), pixels - int(pixels)
    low = dilate(alpha, whole)
    if not part:
        return low
    low, high = low.astype(np.float32), dilate(alpha, whole + 1)
    return np.asarray((low + (high - low) * np.float32(part) + np.float32(0.5)).astype(np.uint8))


def dilate(values: PixelsU8, radius: int) -> PixelsU8:
    """Replace each value by the largest one within a disc around it.

    A disc is a stack of rows of different widths. The maximum of a row is that of two overlapping runs whose length is
    a power of two, and the maxima of those runs come from each other by doubling.

    Args:
        values: uint8 ``(h, w)``. Beyond the border it counts as 0.
        radius: of the disc, in whole pixels. 0 returns `values` unchanged.

    Returns:
        uint8 ``(h, w)``.
    """
    if radius == 0:
        return values
    height, width = values.shape
    padded = np.zeros((height + 2 * radius, width + 2 * radius), values.dtype)
    padded[radius : radius + height, radius : radius + width] = values
    result = values.copy()
    runs = {1: padded}  # by length: each value is the maximum of the run that begins there
    length = 1
    while 2 * length <= 2 * radius + 1:
        shorter = runs[length]
        runs[2 * length] = np.maximum(shorter[:, :-length], shorter[:, length:])
        length *= 2
    rows = padded
    previous = -1
    for up in range(radius, -1, -1):
        half = math.isqrt(radius * radius - up * up)
        if half != previous:
            span = 2 * half + 1
            run = 1 << (span.bit_length() - 1)
            first, second = radius - half, radius + half + 1 - run
            rows = np.maximum(runs[run][:, first : first + width], runs[run][:, second : second + width])
            previous = half
        for shift in {radius - up, radius + up}:
            np.maximum(result, rows[shift : shift + height], out=result)
    return result
