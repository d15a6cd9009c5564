"""Whole regions kept or removed: the one that is clicked, small specks, small holes."""

from typing import Any

import numpy as np
from PIL import Image, ImageFilter

from offcut.geometry import Box
from offcut.masks.connected_components import components
from offcut.masks.morphology import dilated
from offcut.validation import check_choice, check_number

VISIBLE = 26
"""Of 255: what is fainter counts as removed, and what lacks less than this of being opaque counts as kept."""

_RIM = 2
"""Pixels around a speck or hole whose faint rest goes with it."""

LARGEST = 110_000_000

Change = tuple[Box, np.ndarray]


def click(rgb: np.ndarray, alpha: np.ndarray, operation: dict[str, Any]) -> Change | None:
    """Keep or remove the connected region around a click.

    A pixel belongs to it where no channel differs from the clicked colour (the mean of 3 × 3 pixels) by more than the
    tolerance, and where it can change at all: it is not fully kept, or not fully removed, already. A tolerance of 1 takes
    every colour. Beside the region, pixels get the part of it that a window of 3 × 3 around them holds.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        alpha: uint8 ``(h, w)``.
        operation: `mode` ("keep" or "remove"), `x`, `y` in pixels, `tolerance` 0 to 1.

    Raises:
        OptionError
    """
    mode = check_choice("region's mode", operation.get("mode"), ("keep", "remove"))
    height, width = alpha.shape
    x = int(min(check_number("region's x", operation.get("x"), 0, width), width - 1))
    y = int(min(check_number("region's y", operation.get("y"), 0, height), height - 1))
    tolerance = round(check_number("region's tolerance", operation.get("tolerance", 0.1), 0, 1) * 255)
    mask = alpha < 256 - VISIBLE if mode == "keep" else alpha >= VISIBLE
    if not mask[y, x]:
        return None
    if tolerance < 255:
        around = Box(y - 1, y + 2, x - 1, x + 2).within(height, width)
        colour = rgb[around.slices].reshape(-1, 3).mean(0).round().astype(int)
        for channel in range(3):
            low, high = max(0, colour[channel] - tolerance), min(255, colour[channel] + tolerance)
            # What is below wraps around, so that one comparison does.
            mask &= rgb[..., channel] - np.uint8(low) <= np.uint8(high - low)
        mask[y, x] = True
    found = components(mask)
    chosen = np.zeros(found.count, bool)
    chosen[found.at(x, y)] = True
    return _blended(alpha, found.mask(chosen), mode == "keep")


def without_specks(alpha: np.ndarray, operation: dict[str, Any]) -> Change | None:
    """Remove visible islands of fewer than `pixels` pixels. The largest island always stays. Raises OptionError."""
    least = check_number("size of specks", operation.get("pixels"), 1, LARGEST)
    found = components(alpha >= VISIBLE)
    areas = found.areas
    small = areas < least
    if found.count:
        small[areas.argmax()] = False
    return _emptied(alpha, found.mask(small)) if small.any() else None


def without_holes(alpha: np.ndarray, operation: dict[str, Any]) -> Change | None:
    """Fill holes of fewer than `pixels` pixels: what is not kept in full and nowhere reaches the border. Raises OptionError."""
    least = check_number("size of holes", operation.get("pixels"), 1, LARGEST)
    found = components(alpha < 256 - VISIBLE)
    small = (found.areas < least) & ~found.touching_border()
    if not small.any():
        return None
    box, rest = _emptied(~alpha, found.mask(small))
    return box, ~rest


def _emptied(alpha: np.ndarray, mask: np.ndarray) -> Change:
    """`alpha` without the masked pixels and without what is faint beside them."""
    box = _around(mask, _RIM)
    part, region = alpha[box.slices], mask[box.slices]
    near = dilated(region.astype(np.uint8), _RIM).astype(bool)
    return box, np.where(region | (near & (part < VISIBLE)), 0, part).astype(np.uint8)


def _blended(alpha: np.ndarray, mask: np.ndarray, kept: bool) -> Change:
    box = _around(mask, 1)
    region = mask[box.slices]
    picture = Image.fromarray(region.astype(np.uint8) * 255)
    share = np.where(region, 255, np.asarray(picture.filter(ImageFilter.BoxBlur(1)))).astype(np.uint16)
    part = alpha[box.slices]
    seen = 255 - part if kept else part
    left = ((seen * (255 - share) + 127) // 255).astype(np.uint8)
    return box, 255 - left if kept else left


def _around(mask: np.ndarray, margin: int) -> Box:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    box = Box(int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)
    return box.grown(margin).within(*mask.shape)
