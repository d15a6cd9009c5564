"""The alpha's edges grown or shrunk, feathered and sharpened.

Away from edges none of it does anything, so only tiles near one are worked on and the cost follows the outline.
"""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from offcut.geometry import Box
from offcut.protocol.settings import EDGES
from offcut.validation import checked, flag, number

_SIDE = 512


@dataclass(frozen=True)
class Edges:
    """How the alpha's edges are treated before they are composed, in this order: grow, feather, contrast."""

    grow: float = checked(EDGES["grow"], number(-50, 50))
    """Pixels by which the subject grows, or shrinks where below 0."""

    feather: float = checked(EDGES["feather"], number(0, 50))
    """Standard deviation of a Gaussian blur in pixels."""

    contrast: float = checked(EDGES["contrast"], number(0, 1))
    """0 leaves soft edges as they are, 1 makes them hard at one half."""

    decontaminate: bool = checked(EDGES["decontaminate"], flag)
    """Whether soft edges get estimated foreground colours (`offcut.foreground`)."""


def is_neutral(edges: Edges) -> bool:
    """Whether the alpha stays as it is."""
    return not (edges.grow or edges.feather or edges.contrast)


def same_shape(one: Edges, other: Edges) -> bool:
    """Whether both make the same alpha."""
    return (one.grow, one.feather, one.contrast) == (other.grow, other.feather, other.contrast)


def scaled(edges: Edges, scale: float) -> Edges:
    """The edges for a picture that is smaller by that factor."""
    return Edges(edges.grow * scale, edges.feather * scale, edges.contrast, edges.decontaminate)


def reach(edges: Edges) -> int:
    """How many pixels away a pixel of the alpha still has a say."""
    # Three box blurs, which Pillow's Gaussian is made of, reach this far.
    blurred = math.ceil(3 * edges.feather) + 4 if edges.feather else 0
    return math.ceil(abs(edges.grow)) + blurred


def apply(alpha: np.ndarray, edges: Edges, box: Box | None = None) -> np.ndarray:
    """Treat the edges of an alpha.

    Args:
        alpha: uint8 ``(h, w)``, 0 to 255; not changed.
        edges: what to do.
        box: the part that is wanted; None for all of it.

    Returns:
        A new uint8 array of the box's size. It is the same whichever box it was part of.
    """
    height, width = alpha.shape
    box = box or Box(0, height, 0, width)
    curve = _curve(edges.contrast)
    result = np.empty((box.bottom - box.top, box.right - box.left), np.uint8)
    for top in range(box.top, box.bottom, _SIDE):
        for left in range(box.left, box.right, _SIDE):
            tile = Box(top, min(top + _SIDE, box.bottom), left, min(left + _SIDE, box.right))
            window = tile.grown(reach(edges)).within(height, width)
            part = alpha[window.slices]
            if part.min() < part.max():
                part = _feathered(_grown(part, edges.grow), edges.feather)
            result[tile.inside(box).slices] = curve[part[tile.inside(window).slices]]
    return result


def _curve(contrast: float) -> np.ndarray:
    """What becomes of each alpha: a line through one half, as steep as it takes; uint8 ``(256,)``."""
    values = np.arange(256, dtype=np.float64)
    if contrast >= 1:
        return np.where(values >= 128, 255, 0).astype(np.uint8)
    steep = (values - 127.5) / (1 - contrast) + 127.5
    return np.clip(np.floor(steep + 0.5), 0, 255).astype(np.uint8)


def _feathered(alpha: np.ndarray, deviation: float) -> np.ndarray:
    if not deviation:
        return alpha
    return np.asarray(Image.fromarray(alpha).filter(ImageFilter.GaussianBlur(deviation)))


def _grown(alpha: np.ndarray, pixels: float) -> np.ndarray:
    """The largest value within so many pixels of each (the smallest, where below 0); between whole pixels, a mixture."""
    if pixels < 0:
        return ~_grown(~alpha, -pixels)
    whole, part = int(pixels), pixels - int(pixels)
    low = dilated(alpha, whole)
    if not part:
        return low
    low, high = low.astype(np.float32), dilated(alpha, whole + 1)
    mixed: np.ndarray = (low + (high - low) * np.float32(part) + np.float32(0.5)).astype(np.uint8)
    return mixed


def dilated(values: np.ndarray, radius: int) -> np.ndarray:
    """The largest value within a disc of that radius in whole pixels around each pixel; beyond the borders is nothing.

    A disc is a stack of rows of different widths. A row's maximum is that of two overlapping runs whose length is a
    power of two, and those come from each other by doubling.
    """
    if radius == 0:
        return values
    height, width = values.shape
    padded = np.zeros((height + 2 * radius, width + 2 * radius), values.dtype)
    padded[radius : radius + height, radius : radius + width] = values
    result = values.copy()
    runs = {1: padded}  # by length; each value is the maximum of the run that begins there
    length = 1
    while 2 * length <= 2 * radius + 1:
        shorter = runs[length]
        runs[2 * length] = np.maximum(shorter[:, :-length], shorter[:, length:])
        length *= 2
    rows = padded
    before = -1
    for up in range(radius, -1, -1):
        half = math.isqrt(radius * radius - up * up)
        if half != before:
            span = 2 * half + 1
            run = 1 << (span.bit_length() - 1)
            first, second = radius - half, radius + half + 1 - run
            rows = np.maximum(runs[run][:, first : first + width], runs[run][:, second : second + width])
            before = half
        for shift in {radius - up, radius + up}:
            np.maximum(result, rows[shift : shift + height], out=result)
    return result
