"""Connected regions kept or removed: the clicked one, small specks, small holes."""

import numpy as np
from PIL import Image, ImageFilter

from offcut.codecs import MAX_PIXELS
from offcut.editing.history import Change
from offcut.geometry import Box
from offcut.masks.connected_components import components
from offcut.masks.morphology import dilated

VISIBLE = 26
"""Alpha (0–255) below which a pixel counts as removed; above 255 minus this it counts as fully kept."""

_RIM = 2
"""Pixels around a speck or hole whose faint rest goes with it."""

MAX_AREA = MAX_PIXELS
"""Largest size of specks and holes, in pixels."""


def click(rgb: np.ndarray, alpha: np.ndarray, x: int, y: int, *, keep: bool, tolerance: float) -> Change | None:
    """Keep or remove the connected region around a click.

    A pixel belongs to it where no channel differs from the clicked colour (the mean of 3 × 3 pixels) by more than the
    tolerance, and where it can change at all, so that it is not fully kept or removed already. A tolerance of 1 takes
    every colour. Beside the region, pixels get the part of it that a window of 3 × 3 around them holds.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        alpha: uint8 ``(h, w)``.
        x: column of the clicked pixel, inside the photo.
        y: row of the clicked pixel, inside the photo.
        keep: True to keep the region, False to remove it.
        tolerance: 0 to 1.
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
            # What is below wraps around, so that one comparison does.
            mask &= rgb[..., channel] - np.uint8(low) <= np.uint8(high - low)
        mask[y, x] = True
    found = components(mask)
    chosen = np.zeros(found.count, bool)
    chosen[found.at(x, y)] = True
    return _blended(alpha, found.mask(chosen), keep)


def without_specks(alpha: np.ndarray, pixels: float) -> Change | None:
    """Remove visible islands of fewer than `pixels` pixels. The largest island always stays."""
    found = components(alpha >= VISIBLE)
    areas = found.areas
    small = areas < pixels
    if found.count:
        small[areas.argmax()] = False
    return _emptied(alpha, found.mask(small)) if small.any() else None


def without_holes(alpha: np.ndarray, pixels: float) -> Change | None:
    """Fill holes of fewer than `pixels` pixels: regions that are not fully kept and do not touch the border."""
    found = components(alpha < 256 - VISIBLE)
    small = (found.areas < pixels) & ~found.touching_border()
    if not small.any():
        return None
    box, rest = _emptied(~alpha, found.mask(small))
    return box, ~rest


def _emptied(alpha: np.ndarray, mask: np.ndarray) -> Change:
    """Remove the masked pixels from `alpha`, and faint pixels next to them."""
    box = _around(mask, _RIM)
    part, region = alpha[box.slices], mask[box.slices]
    near = dilated(region.astype(np.uint8), _RIM).astype(bool)
    return box, np.where(region | (near & (part < VISIBLE)), 0, part).astype(np.uint8)


def _blended(alpha: np.ndarray, mask: np.ndarray, keep: bool) -> Change:
    box = _around(mask, 1)
    region = mask[box.slices]
    picture = Image.fromarray(region.astype(np.uint8) * 255)
    inside = np.where(region, 255, np.asarray(picture.filter(ImageFilter.BoxBlur(1)))).astype(np.uint16)
    part = alpha[box.slices]
    value = 255 - part if keep else part
    left = ((value * (255 - inside) + 127) // 255).astype(np.uint8)
    return box, 255 - left if keep else left


def _around(mask: np.ndarray, margin: int) -> Box:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    box = Box(int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)
    return box.grown(margin).within(*mask.shape)
