"""RGB colour spaces that are a matrix and a curve for each channel, and conversions between them.

Computed as ICC.1:2022, annex F.3: encoded values → linear light → CIEXYZ of the profile connection space (D50) → linear
light of the other space → its encoded values. Colours beyond the other space are cut off at its limits, as browsers do.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from PIL import Image

from offcut.arrays import Doubles, Floats, PixelsU8, PixelsU16

STEPS = 16
"""Samples of a curve for each step of an 8-bit value."""

SAMPLES = 255 * STEPS + 1

D50 = np.array([0.9642, 1.0, 0.8249])
"""White of the profile connection space (ICC.1:2022, 7.2.16)."""

_LEVELS = 32767
"""Levels of linear light that are looked up for an encoded value: of an 8-bit sRGB value's smallest step there are ten.
"""

_COARSE = 3.0
"""sRGB's steps of 8 bits: linear light has one of 12.7, the curves of cameras and photos one of 2.9 at most."""

_BLOCK = 1 << 15
"""Pixels that are converted at a time: what is computed for them stays in the processor's cache."""


@dataclass(frozen=True, eq=False)
class ColourSpace:
    """An RGB colour space."""

    curves: Doubles
    """The linear light, 0 to 1, of encoded values from 0 to 255 in steps of 1 / `STEPS`: float64 ``(3, SAMPLES)``,
    nowhere falling."""

    matrix: Doubles
    """From linear light to CIEXYZ under D50, float64 ``(3, 3)``: a column for each channel."""


def positions() -> Doubles:
    """Return the encoded values that a curve is sampled at, 0 to 1: float64 ``(SAMPLES,)``."""
    return np.linspace(0, 1, SAMPLES)


def srgb_curve(encoded: Doubles) -> Doubles:
    """Return the linear light of sRGB's encoded values, 0 to 1 (IEC 61966-2-1)."""
    return np.where(encoded > 0.04045, ((encoded + 0.055) / 1.055) ** 2.4, encoded / 12.92)


def from_chromaticities(white: tuple[float, float], primaries: Doubles, curve: Doubles) -> ColourSpace:
    """Return the space of these CIE chromaticities.

    Args:
        white: x and y of white, which is adapted to D50 by Bradford's method (ICC.1:2022, annex E).
        primaries: x and y of red, green and blue, float64 ``(3, 2)``.
        curve: of all three channels, float64 ``(SAMPLES,)``.

    Raises:
        ValueError: the primaries span no space.
    """
    xyz = np.column_stack([primaries, 1 - primaries.sum(1)]).T
    if white[1] <= 0 or not np.isfinite(xyz).all() or abs(np.linalg.det(xyz)) < 1e-6:
        raise ValueError("the primaries span no colour space")
    source = np.array([white[0], white[1], 1 - sum(white)]) / white[1]
    bradford = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
    adapt = np.linalg.inv(bradford) @ np.diag((bradford @ D50) / (bradford @ source)) @ bradford
    return ColourSpace(np.tile(curve, (3, 1)), adapt @ xyz * np.linalg.solve(xyz, source))


D65 = 0.3127, 0.3290
SRGB_PRIMARIES = np.array([[0.64, 0.33], [0.30, 0.60], [0.15, 0.06]])
SRGB = from_chromaticities(D65, SRGB_PRIMARIES, srgb_curve(positions()))


def convert(values: PixelsU8 | PixelsU16, source: ColourSpace | None, target: ColourSpace | None) -> PixelsU8:
    """Return the same colours in another colour space.

    Args:
        values: uint8 ``(h, w, 3)``, or ``(h, w, 4)`` with an alpha, which stays as it is; so does a mask, ``(h, w)``.
            Or uint16 ``(h, w, 3)``.
        source: the space of the values; None for sRGB.
        target: the space of the result; None for sRGB.

    Returns:
        uint8 of the same shape; `values` themselves where the spaces are the same and they have 8 bits.
    """
    source, target = source or SRGB, target or SRGB
    if values.dtype == np.uint8 and (source is target or values.ndim < 3):
        return values  # type: ignore[return-value]
    result = np.empty(values.shape, np.uint8) if values.dtype == np.uint16 else np.array(values, np.uint8, order="C")
    pixels, given = result.reshape(-1, values.shape[-1]), values.reshape(-1, values.shape[-1])
    light, codes = _tables(source, target, 8 * values.dtype.itemsize)
    for start in range(0, len(pixels), _BLOCK):
        block, some = pixels[start : start + _BLOCK], given[start : start + _BLOCK]
        sums = light[0].take(some[:, 0], 0)
        sums += light[1].take(some[:, 1], 0)
        sums += light[2].take(some[:, 2], 0)
        levels = sums.astype(np.int32)
        if len(codes) == 1:
            block[:, :3] = codes[0].take(levels, mode="clip")
        else:
            for channel in range(3):
                block[:, channel] = codes[channel].take(levels[:, channel], mode="clip")
    return result


def convert_image(image: Image.Image, source: ColourSpace | None, target: ColourSpace | None) -> Image.Image:
    """Return a picture of mode RGB or RGBA in another colour space; itself where the spaces are the same."""
    if (source or SRGB) is (target or SRGB):
        return image
    result = Image.new(image.mode, image.size)
    rows = max(1, 8 * _BLOCK // image.width)
    for top in range(0, image.height, rows):
        strip = np.asarray(image.crop((0, top, image.width, min(top + rows, image.height))))
        result.paste(Image.fromarray(convert(strip, source, target)), (0, top))
    return result


def convert_colour(
    colour: tuple[int, int, int], source: ColourSpace | None, target: ColourSpace | None
) -> tuple[int, int, int]:
    """Return one colour, 0 to 255 a channel, in another colour space: of the colours there the one seen as nearest."""
    nearest = convert(np.array([[colour]], np.uint8), source, target)
    if target is not None and target is not (source or SRGB):
        # In a wide space a step of one channel may be several of sRGB's: another rounding may be closer.
        steps = np.stack(np.meshgrid(*[[0, -1, 1]] * 3, indexing="ij"), -1).reshape(1, -1, 3)
        around = np.clip(nearest.astype(int) + steps, 0, 255).astype(np.uint8)
        apart = np.abs(convert(around, target, source).astype(int) - np.array(colour))
        best = np.lexsort((np.abs(steps[0]).sum(1), apart[0].sum(1), apart[0].max(1)))[0]
        nearest = around[:, best : best + 1]
    red, green, blue = nearest[0, 0].tolist()
    return red, green, blue


def is_like_srgb(space: ColourSpace) -> bool:
    """Return whether no 8-bit value differs by more than 1 from the sRGB value of the same colour."""
    steps = np.arange(0, 256, 15, dtype=np.uint8)
    cube = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(1, -1, 3)
    greys = np.repeat(np.arange(256, dtype=np.uint8), 3).reshape(1, -1, 3)
    colours = np.concatenate([cube, greys], 1)
    return bool(np.abs(convert(colours, space, None).astype(int) - colours).max() <= 1)


def is_coarse(space: ColourSpace) -> bool:
    """Return whether 8 bits are too few for a space: a step between two values is more than three of sRGB's.

    They are where values are linear light: shadows show bands.
    """
    encoded = np.interp(space.curves[:, ::STEPS], srgb_curve(positions()), positions() * 255)
    return bool(np.diff(encoded).max() > _COARSE)


@functools.lru_cache(maxsize=8)
def _tables(source: ColourSpace, target: ColourSpace, bits: int) -> tuple[Floats, PixelsU8]:
    """Return what each channel's values add to the levels of linear light, and the encoded values of these levels.

    float32 ``(3, 2 ** bits, 3)``: channel, value, level of the target's channels; and uint8 ``(1 or 3, levels)``: one
    row where all channels of the target have the same curve.
    """
    matrix = np.linalg.inv(target.matrix) @ source.matrix
    curves = source.curves[:, ::STEPS]
    if bits > 8:
        places = np.linspace(0, 1, 1 << bits)
        curves = np.array([np.interp(places, positions(), curve) for curve in source.curves])
    light = curves[:, :, None] * matrix.T[:, None, :] * _LEVELS
    light[0] += 0.5  # rounds the sum
    curves = target.curves[:1] if (target.curves == target.curves[0]).all() else target.curves
    levels = np.linspace(0, 1, _LEVELS + 1)
    codes = [np.interp(levels, curve, positions()) * 255 + 0.5 for curve in curves]
    return light.astype(np.float32), np.array(codes).astype(np.uint8)
