"""Textures behind the subject, made by formula: light and dark of one colour.

Each is drawn in parts of the canvas's longer side, so a small preview shows what the full size has. Its randomness is
always the same.
"""

import math
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from offcut.colour.spaces import ColourSpace, convert
from offcut.protocol.settings import TEXTURES

_STRIP = 256
"""Rows that are computed at once: a large canvas would take much memory in floats."""

_FADE = 0.32
"""How much darker a studio's backdrop is in the corners than in its light."""

_LIGHT = (0.5, 0.4)
"""Middle of a studio's light, as parts of the canvas's width and height."""

_DISCS, _DISC_RADII = 46, (0.02, 0.075)
"""Number and smallest and largest radius of the lights out of focus, the radius as a part of the longer side."""

_FOLDS = 2.6
"""Folds of silk along the longer side."""

Shade = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From x and y, float32 parts of the longer side that are broadcast, to light: 0 the colour, -1 black, 1 white."""


def texture(name: str, colour: tuple[int, int, int], size: tuple[int, int], space: ColourSpace | None) -> Image.Image:
    """Draw a texture.

    Args:
        name: one of `offcut.protocol.settings.TEXTURES`.
        colour: sRGB.
        size: width and height in pixels.
        space: the colour space of the result; None for sRGB.

    Returns:
        Of that size, mode RGB.
    """
    width, height = size
    longer = max(size)
    shade = _SHADES[name](size)
    x = ((np.arange(width, dtype=np.float32) + 0.5) / longer)[None]
    base = np.array(colour, np.float32)
    result = Image.new("RGB", size)
    for top in range(0, height, _STRIP):
        y = ((np.arange(top, min(top + _STRIP, height), dtype=np.float32) + 0.5) / longer)[:, None]
        light = np.broadcast_to(shade(x, y), (y.size, width))[..., None]
        lighter, darker = np.maximum(light, 0), np.minimum(light, 0)
        colours = base * (1 + darker) + (255 - base) * lighter
        rows = np.clip(colours + np.float32(0.5), 0, 255).astype(np.uint8)
        result.paste(Image.fromarray(convert(rows, None, space)), (0, top))
    return result


def _hashed(shape: tuple[int, int], seed: int) -> np.ndarray:
    """Return values from 0 to 1 that look random and are always the same; the page's numpy has no `random`."""
    rows, columns = np.indices(shape, np.uint32)
    mixed = rows * np.uint32(374761393) + columns * np.uint32(668265263) + np.uint32(seed * 2246822519 % 2**32)
    spread = (mixed ^ (mixed >> np.uint32(13))) * np.uint32(1274126177)
    return np.asarray((spread ^ (spread >> np.uint32(16))) / 2.0**32)


def _noise(size: tuple[int, int], across: int, down: int, seed: int) -> Shade:
    """Smooth noise of mean 0 and deviation 1: so many values along the longer side of a canvas in each direction."""
    values = (_hashed((down + 3, across + 3), seed) - 0.5) * math.sqrt(12)
    lattice = Image.fromarray(values.astype(np.float32))
    width = size[0]

    def noise(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        step = 0.5 / max(size)
        top, bottom = float(y.min()) - step, float(y.max()) + step
        right = float(x.max()) + step
        box = (1, 1 + top * down, 1 + right * across, 1 + bottom * down)
        return np.asarray(lattice.resize((width, y.size), Image.Resampling.BICUBIC, box))

    return noise


def _studio(size: tuple[int, int]) -> Shade:
    longer = max(size)
    middle_x, middle_y = (part * side / longer for part, side in zip(_LIGHT, size, strict=True))
    farthest = math.hypot(max(middle_x, size[0] / longer - middle_x), max(middle_y, size[1] / longer - middle_y))

    def shade(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        distance = np.hypot(x - middle_x, y - middle_y) / farthest
        return 0.12 - (0.12 + _FADE) * distance * distance * (3 - 2 * distance)

    return shade


def _paper(size: tuple[int, int]) -> Shade:
    fine, coarse = _noise(size, 420, 420, 1), _noise(size, 60, 60, 2)
    return lambda x, y: 0.018 * fine(x, y) + 0.008 * coarse(x, y) - 0.02


def _linen(size: tuple[int, int]) -> Shade:
    weft, warp = _noise(size, 30, 380, 3), _noise(size, 380, 30, 4)
    return lambda x, y: 0.04 * weft(x, y) + 0.04 * warp(x, y) - 0.03


def _concrete(size: tuple[int, int]) -> Shade:
    octaves = [(0.05 / 1.5**level, _noise(size, 5 * 3**level, 5 * 3**level, 10 + level)) for level in range(5)]

    def shade(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        light: np.ndarray = np.full((1, 1), -0.04, np.float32)
        for weight, noise in octaves:
            light = light + weight * noise(x, y)
        return light

    return shade


def _silk(size: tuple[int, int]) -> Shade:
    bend = _noise(size, 5, 5, 5)

    def shade(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        folds = np.sin(2 * math.pi * _FOLDS * (x * 0.8 + y * 0.45) + 1.1 * bend(x, y))
        return 0.15 * folds - 0.08

    return shade


def _lights(size: tuple[int, int]) -> Shade:
    side = 512  # out of focus: more would not be seen
    smallest, largest = _DISC_RADII
    picture = Image.new("L", (side, side))
    for x, y, share, light in _hashed((_DISCS, 4), 6).tolist():
        radius = smallest + share * (largest - smallest)
        disc = Image.new("L", picture.size)
        box = [(x - radius) * side, (y - radius) * side, (x + radius) * side, (y + radius) * side]
        ImageDraw.Draw(disc).ellipse(box, fill=int(30 + 90 * light))
        picture = Image.fromarray(np.maximum(np.asarray(picture), 0) + np.asarray(disc) // 2)
    values = np.asarray(picture.filter(ImageFilter.GaussianBlur(2)), np.float32) / 255
    lattice = Image.fromarray(values)

    def shade(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        step = 0.5 / max(size)
        top, bottom, right = (float(at) for at in (y.min() - step, y.max() + step, x.max() + step))
        box = (0, max(0, top) * side, min(1, right) * side, min(1, bottom) * side)
        return 1.1 * np.asarray(lattice.resize((x.size, y.size), Image.Resampling.BICUBIC, box)) - 0.12

    return shade


_SHADES = dict(zip(TEXTURES, (_studio, _paper, _linen, _concrete, _silk, _lights), strict=True))
