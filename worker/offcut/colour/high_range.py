"""Colours of a high dynamic range (PQ and HLG, ITU-R BT.2100), and how they look on a screen without one.

The tone mapping is that of Chromium 156: white of 203 cd/m² (BT.2408) goes to half of the screen's light, 1000 cd/m² to
all of it, between them runs a curve (RWTMO of SMPTE ST 2094-50), and all three channels have the factor of the
brightest, in BT.2020. Tried there with PNGs and AVIFs: no value is off by more than 1 (docs/decisions/0090).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from offcut.arrays import Doubles, Floats, PixelsU8, PixelsU16
from offcut.colour.spaces import D65, SRGB, from_chromaticities, positions, srgb_curve

BT2020_PRIMARIES = np.array([[0.708, 0.292], [0.170, 0.797], [0.131, 0.046]])

_WHITE = 203.0
"""Reference white in cd/m² (BT.2408)."""

_PEAK = 1000.0 / _WHITE
"""The brightest light that is told apart, in parts of reference white."""

_KNEE = (1.0, 0.5), (1.65, 0.825), (_PEAK, 1.0)
"""Points of a quadratic Bézier curve from light to the screen's light; below the first one it is a straight line."""

_LUMINANCES = np.array([0.2627, 0.6780, 0.0593], np.float32)
"""Of BT.2020's red, green and blue."""

_LEVELS = 32767
_BLOCK = 1 << 15


@dataclass(frozen=True, eq=False)
class HighRange:
    """An RGB space of a high dynamic range."""

    is_hlg: bool
    """HLG, whose values mean a scene's light; otherwise PQ, whose values mean a screen's."""

    matrix: Doubles
    """From its linear light to that of BT.2020, float64 ``(3, 3)``."""


def high_range(primaries: Doubles, *, is_hlg: bool) -> HighRange:
    """Return the space of these CIE chromaticities, float64 ``(3, 2)``, with D65 as white."""
    own = from_chromaticities(D65, primaries, positions()).matrix
    return HighRange(is_hlg, np.linalg.inv(_bt2020()) @ own)


def tone_mapped(values: PixelsU8 | PixelsU16, space: HighRange) -> PixelsU8:
    """Return what an ordinary screen shows of such colours, in sRGB.

    Args:
        values: uint8 or uint16, ``(h, w, 3)``, of the whole range of the type.
        space: what they mean.
    """
    light, codes = _light(space.is_hlg, values.dtype.itemsize), _codes()
    matrix, to_srgb = space.matrix.T.astype(np.float32), (np.linalg.inv(SRGB.matrix) @ _bt2020()).T.astype(np.float32)
    pixels = values.reshape(-1, 3)
    result = np.empty(pixels.shape, np.uint8)
    for start in range(0, len(pixels), _BLOCK):
        some = light.take(pixels[start : start + _BLOCK]) @ matrix
        if space.is_hlg:  # the system gamma of a screen of 1000 cd/m²
            some *= np.maximum(some @ _LUMINANCES, 0)[:, None] ** np.float32(0.2) * np.float32(_PEAK)
        brightest = np.maximum(some.max(axis=1), np.float32(1e-9))
        some *= (_shown(brightest) / brightest)[:, None]
        levels = np.clip(some @ to_srgb, 0, 1) * np.float32(_LEVELS) + np.float32(0.5)
        result[start : start + _BLOCK] = codes.take(levels.astype(np.int32))
    return result.reshape(values.shape)


def _shown(light: Floats) -> Floats:
    """Return the light of the screen, 0 to 1, for light in parts of reference white."""
    (x0, y0), (x1, y1), (x2, y2) = _KNEE
    over = np.clip(light, x0, x2) - np.float32(x0)
    a, b = x2 - 2 * x1 + x0, 2 * (x1 - x0)
    t = (np.sqrt(b * b + 4 * a * over) - b) / (2 * a)
    curve = y0 + 2 * t * (y1 - y0) + t * t * (y2 - 2 * y1 + y0)
    return np.where(light <= x0, light * (y0 / x0), curve).astype(np.float32)


@functools.cache
def _bt2020() -> Doubles:
    return from_chromaticities(D65, BT2020_PRIMARIES, positions()).matrix


@functools.cache
def _codes() -> PixelsU8:
    """Encoded values of linear light in steps of 1 / `_LEVELS`."""
    levels = np.linspace(0, 1, _LEVELS + 1)
    return (np.interp(levels, srgb_curve(positions()), positions()) * 255 + 0.5).astype(np.uint8)


@functools.cache
def _light(is_hlg: bool, size: int) -> Floats:
    """Linear light of every value of a type of `size` bytes: parts of white, or for HLG of the scene's brightest."""
    encoded = np.linspace(0, 1, 1 << 8 * size)
    if is_hlg:
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        light = np.where(encoded <= 0.5, encoded**2 / 3, (np.exp((encoded - c) / a) + b) / 12)
    else:
        m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
        power = encoded ** (1 / m2)
        light = 10_000 / _WHITE * (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1)
    return light.astype(np.float32)
