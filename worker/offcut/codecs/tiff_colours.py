"""From the samples of a TIFF to colours of 8 bits."""

from typing import Any

import numpy as np
from PIL import Image

from offcut.arrays import AnyArray, PixelsU8
from offcut.codecs.colours import to_srgb
from offcut.codecs.stated_colours import Stated
from offcut.codecs.tiff_page import COEFFICIENTS, PALETTE, REFERENCE, Page

_ROWS = 64
"""Rows that are converted at a time."""


def coloured(values: AnyArray, page: Page, space: Stated | None = None) -> tuple[Image.Image, Image.Image | None]:
    """Return the picture, 8 bits a channel, and its alpha.

    Args:
        values: of all samples, ``(h, w, samples)``.
        page: the layout.
        space: what the values of grey or RGB mean, where they are to be converted to sRGB.
    """
    count = {0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3, 8: 3, 9: 3}[page.colours]
    colours = values[..., :count]
    alpha = None
    if page.alpha is not None:
        alpha = levels(values[..., page.alpha : page.alpha + 1], page)
        if page.is_premultiplied and page.colours != 3:
            colours = _divided(colours, values[..., page.alpha : page.alpha + 1], page)
    if page.colours in (8, 9):
        result = _from_lab(colours, page)
    elif page.colours == 6:
        result = _from_ycbcr(colours, page)
    elif page.colours == 3:
        result = _palette(page)[colours[..., 0]]
    elif space is not None:
        deep = levels(colours, page, np.uint16)
        deep = 65535 - deep if page.colours == 0 else deep
        result = to_srgb(np.broadcast_to(deep, (*deep.shape[:2], 3)), space)
    else:
        result = levels(colours, page)
        if page.colours == 0:
            result = 255 - result
    own = None if alpha is None else Image.fromarray(alpha[..., 0])
    if result.shape[2] == 1:
        return Image.fromarray(np.ascontiguousarray(result[..., 0])), own
    return Image.fromarray(np.ascontiguousarray(result), "CMYK" if count == 4 else "RGB"), own


def _palette(page: Page) -> PixelsU8:
    """Return the colours of a palette, uint8 ``(n, 3)``. Raises KeyError or ValueError where it has none."""
    table = np.array(page.tags[PALETTE]).reshape(3, -1).T
    if len(table) < 1 << page.bits:
        raise ValueError("a palette without all its colours")
    return (table >> 8 if table.max() > 255 else table).astype(np.uint8)  # some programs write 8 bits of it


def _from_ycbcr(values: AnyArray, page: Page) -> PixelsU8:
    """Convert brightness and two differences to RGB (TIFF 6.0, 21), by the coefficients that the file names."""
    red, green, blue = page.tags.fractions(COEFFICIENTS, [0.299, 0.587, 0.114])
    black = page.tags.fractions(REFERENCE, [0.0, 255.0, 128.0, 255.0, 128.0, 255.0])
    if not green or any(high == low for low, high in zip(black[::2], black[1::2], strict=True)):
        raise ValueError("coefficients that make no colours")
    result = np.empty(values.shape, np.uint8)
    for top in range(0, len(values), _ROWS):
        some = values[top : top + _ROWS].astype(np.float32)
        y = (some[..., 0] - black[0]) * (255 / (black[1] - black[0]))
        cb = (some[..., 1] - black[2]) * (127 / (black[3] - black[2]))
        cr = (some[..., 2] - black[4]) * (127 / (black[5] - black[4]))
        r, b = y + cr * (2 - 2 * red), y + cb * (2 - 2 * blue)
        g = (y - blue * b - red * r) / green
        result[top : top + _ROWS] = np.clip(np.stack([r, g, b], axis=-1) + 0.5, 0, 255)
    return result


def levels(values: AnyArray, page: Page, kind: type[np.unsignedinteger[Any]] = np.uint8) -> AnyArray:
    """Scale samples to 0 to 255, or to the range of another type."""
    full, top_level = _white(values, page), np.iinfo(kind).max
    result = np.empty(values.shape, kind)
    for top in range(0, len(values), _ROWS):
        some = values[top : top + _ROWS].astype(np.float32)
        if page.is_float:
            some = np.nan_to_num(some, nan=0.0, posinf=full, neginf=0.0)
        result[top : top + _ROWS] = np.clip(some * np.float32(top_level / full) + np.float32(0.5), 0, top_level)
    return result


def _white(values: AnyArray, page: Page) -> float:
    """The value of white. Files of 32 bits and floats do not define it: it is found by the brightest value."""
    if not page.is_float and page.bits <= 16:
        return float(2 ** (page.bits - page.is_signed) - 1)
    finite = values[np.isfinite(values)] if page.is_float else values
    brightest = float(finite.max()) if finite.size else 1.0
    if page.is_float and brightest <= 2.0:
        return 1.0
    return float(2 ** max(8, int(np.ceil(np.log2(max(brightest, 1.0) + 1.0)))) - 1)


def _divided(colours: AnyArray, alpha: AnyArray, page: Page) -> AnyArray:
    """Divide premultiplied colours by their alpha."""
    full = _white(alpha, page)
    share = np.maximum(alpha.astype(np.float32) / np.float32(full), np.float32(1e-6))
    straight = np.where(alpha > 0, colours.astype(np.float32) / share, 0)
    limit = np.float32(max(_white(colours, page), 1.0))
    return np.clip(straight + (0 if page.is_float else 0.5), 0, limit).astype(colours.dtype)


_TO_SRGB = np.array(  # from XYZ of D50 to linear sRGB (Bradford; sRGB profile of the ICC)
    [[3.1338561, -1.6168667, -0.4906146], [-0.9787684, 1.9161415, 0.0334540], [0.0719453, -0.2289914, 1.4052427]],
    np.float32,
)
_D50 = np.array([0.9642, 1.0, 0.8249], np.float32)


def _from_lab(values: AnyArray, page: Page) -> PixelsU8:
    """Convert CIE L*a*b* of D50 (TIFF 6.0, 23; ICC's with an offset) to sRGB."""
    unit = np.float32(1 if page.bits == 8 else 256)
    result = np.empty(values.shape, np.uint8)
    signed = np.int8 if page.bits == 8 else np.int16
    for top in range(0, len(values), _ROWS):
        some = values[top : top + _ROWS]
        light = some[..., 0].astype(np.float32) * np.float32(100 / (2**page.bits - 1))
        if page.colours == 8:
            a, b = (np.ascontiguousarray(some[..., c]).view(signed).astype(np.float32) / unit for c in (1, 2))
        else:
            a, b = (some[..., c].astype(np.float32) / unit - 128 for c in (1, 2))
        middle = (light + 16) / 116
        roots = np.stack([middle + a / 500, middle, middle - b / 200], axis=-1)
        xyz = np.where(roots > 6 / 29, roots**3, (roots - 4 / 29) * (108 / 841)) * _D50
        linear = np.clip(xyz @ _TO_SRGB.T, 0, 1)
        encoded = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
        result[top : top + _ROWS] = encoded * 255 + 0.5
    return result
