"""Connected regions of an alpha kept or removed: the clicked one, small specks, small holes."""

import numpy as np
from PIL import Image, ImageFilter

from offcut.alpha import VISIBLE, Change
from offcut.arrays import AlphaU8, Mask, RgbU8
from offcut.geometry import Box, bounding_box
from offcut.masks.connected_components import components
from offcut.masks.morphology import dilate
from offcut.memory_budget import MAX_PIXELS

MAX_AREA = MAX_PIXELS
"""Largest size of specks and holes, in pixels."""

_RIM = 2
"""Pixels around a speck or hole whose faint remains go with it."""


def click(rgb: RgbU8, alpha: AlphaU8, x: int, y: int, *, keep: bool, tolerance: float) -> Change | None:
    """Keep or remove the connected region around a click.

    A pixel belongs to the region where no channel differs from the clicked colour (the mean of 3 × 3 pixels) by more
    than the tolerance, and where the pixel can still change: it is not fully kept already, or not fully removed. A
    tolerance of 1 takes every colour. The region's outline is antialiased: a pixel next to it changes by the part of
    the 3 × 3 pixels around it that lies in the region.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        alpha: uint8 ``(h, w)``.
        x: column of the clicked pixel, inside the photo.
        y: row of the clicked pixel, inside the photo.
        keep: True to keep the region, False to remove it.
        tolerance: 0 to 1.

    Returns:
        The changed part; None where the clicked pixel is fully kept, or removed, already.
    """
    height, width = alpha.shape
    difference = round(tolerance * 255)
    mask = alpha < 256 - VISIBLE if keep else alpha >= VISIBLE
    if not mask[y, x]:
        return None
    if difference < 255:
        around = Box(y - 1, y + 2, x - 1, x + 2).within(height, width)
        colour = rgb[around.slices].reshape(-1, 3).mean(0).round().astype(int)
        for channel in range(3):
            low, high = max(0, colour[channel] - difference), min(255, colour[channel] + difference)
            # Values below `low` wrap around, so that one comparison is enough.
            mask &= rgb[..., channel] - np.uint8(low) <= np.uint8(high - low)
        mask[y, x] = True
    found = components(mask)
    chosen = np.zeros(found.count, bool)
    chosen[found.at(x, y)] = True
    return _with_region(alpha, found.mask(chosen), keep)


def without_specks(alpha: AlphaU8, pixels: float) -> Change | None:
    """Remove visible islands of fewer than `pixels` pixels. The largest island always stays.

    Args:
        alpha: uint8 ``(h, w)``.
        pixels: at least 1.

    Returns:
        The changed part; None where there is no such island.
    """
    found = components(alpha >= VISIBLE)
    areas = found.areas
    small = areas < pixels
    if found.count:
        small[areas.argmax()] = False
    return _cleared(alpha, found.mask(small)) if small.any() else None


def without_holes(alpha: AlphaU8, pixels: float) -> Change | None:
    """Fill holes of fewer than `pixels` pixels: regions that are not fully kept and do not touch the border.

    Args:
        alpha: uint8 ``(h, w)``.
        pixels: at least 1.

    Returns:
        The changed part; None where there is no such hole.
    """
    found = components(alpha < 256 - VISIBLE)
    small = (found.areas < pixels) & ~found.touching_border()
    if not small.any():
        return None
    box, inverted = _cleared(~alpha, found.mask(small))
    return box, ~inverted


def _cleared(alpha: AlphaU8, mask: Mask) -> Change:
    """Set masked pixels to 0, and pixels within `_RIM` of them that are not visible."""
    box = _around(mask, _RIM)
    part, region = alpha[box.slices], mask[box.slices]
    near = dilate(region.astype(np.uint8), _RIM).astype(bool)
    return box, np.where(region | (near & (part < VISIBLE)), 0, part).astype(np.uint8)


def _with_region(alpha: AlphaU8, mask: Mask, keep: bool) -> Change:
    """Keep, or remove, the masked pixels, with an antialiased outline."""
    box = _around(mask, 1)
    region = mask[box.slices]
    picture = Image.fromarray(region.astype(np.uint8) * 255)
    coverage = np.where(region, 255, np.asarray(picture.filter(ImageFilter.BoxBlur(1)))).astype(np.uint16)
    part = alpha[box.slices]
    value = 255 - part if keep else part
    rest = ((value * (255 - coverage) + 127) // 255).astype(np.uint8)
    return box, 255 - rest if keep else rest


def _around(mask: Mask, margin: int) -> Box:
    """The bounding box of a mask that is not empty, with a margin."""
    box = bounding_box(mask)
    assert box is not None
    return box.grown(margin).within(*mask.shape)
