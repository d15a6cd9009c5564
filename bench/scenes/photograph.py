"""Enlarge a small real photo to any size, with detail down to the pixel."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter, ImageOps

_TILE = 1024
_BAND = 512


TRUTH = "alpha.png"
"""File name of the true alpha, in the photo's folder."""

Box = tuple[int, int, int, int]
"""Left, top, right and bottom edge in pixels."""


def empty(path: Path) -> Box | None:
    """Return the largest part of a photo next to its subject, or None where its folder has no true alpha.

    The part may be empty itself.
    """
    truth = path.with_name(TRUTH)
    if not truth.is_file():
        return None
    with Image.open(truth) as opened:
        width, height = opened.size
        left, top, right, bottom = opened.convert("L").getbbox() or (width, height, width, height)
    parts = [(0, 0, left, height), (right, 0, width, height), (0, 0, width, top), (0, bottom, width, height)]
    return max(parts, key=area)


def area(box: Box) -> int:
    """Pixels of a box."""
    return (box[2] - box[0]) * (box[3] - box[1])


def enlarge(path: Path, size: tuple[int, int], random: np.random.Generator, within: Box | None = None) -> np.ndarray:
    """Fill a picture of that size with a part of the photo, and continue its detail where the photo has none.

    With `within` the part lies in that box. The photo's finest octave determines the local strength of the next
    ones: in natural pictures every octave has about the same variance (Field 1987, amplitude falling as one over
    frequency).

    Returns:
        uint8 ``(height, width, 3)``, without a camera's noise.
    """
    with Image.open(path) as opened:
        small = opened.convert("RGB").crop(within)
    part = random.uniform(0.6, 1)
    across, down = (round(part * side) for side in small.size)
    spare = (small.width - across, small.height - down)
    left, top = (int(random.integers(0, side + 1)) for side in spare)
    small = small.crop((left, top, left + across, top + down))
    if random.random() < 0.5:
        small = ImageOps.mirror(small)
    large = np.array(ImageOps.fit(small, size, Image.Resampling.BICUBIC))
    scale = max(size[0] / small.width, size[1] / small.height)
    if scale <= 1:
        return large
    grey = small.convert("L")
    half = grey.resize((max(1, small.width // 2), max(1, small.height // 2)), Image.Resampling.BOX)
    octave = np.asarray(grey, np.float32) - np.asarray(half.resize(small.size, Image.Resampling.BICUBIC), np.float32)
    strength = Image.fromarray(np.minimum(np.abs(octave), 20).astype(np.uint8)).filter(ImageFilter.GaussianBlur(3))
    strength = ImageOps.fit(strength, size, Image.Resampling.BICUBIC)
    return _added(large, _detail(scale, random), np.asarray(strength))


def noisy(colours: np.ndarray, deviation: float, random: np.random.Generator) -> np.ndarray:
    """Return colours with a camera's noise, the same in all channels, of that standard deviation of 255."""
    noise = random.standard_normal((_TILE, _TILE), np.float32) * np.float32(deviation)
    return _added(colours, noise) if deviation else colours


def _detail(scale: float, random: np.random.Generator) -> np.ndarray:
    """Noise of all octaves finer than a photo has that was enlarged by `scale`, of deviation 1 an octave."""
    spectrum = np.fft.rfft2(random.standard_normal((_TILE, _TILE)))
    frequency = np.hypot(np.fft.fftfreq(_TILE)[:, None], np.fft.rfftfreq(_TILE)[None])
    spectrum *= np.where(frequency > 0.5 / scale, 1 / np.maximum(frequency, 1e-6), 0)
    noise = np.fft.irfft2(spectrum, (_TILE, _TILE))
    return (noise / noise.std() * np.sqrt(np.log2(scale))).astype(np.float32)


def _added(colours: np.ndarray, tile: np.ndarray, strength: np.ndarray | None = None) -> np.ndarray:
    """Colours plus the repeated tile, times strength where it is given, rounded."""
    height, width = colours.shape[:2]
    row = np.tile(tile, (1, width // _TILE + 1))[:, :width]
    result = np.empty_like(colours)
    for top in range(0, height, _BAND):
        part = slice(top, min(top + _BAND, height))
        change = row[top % _TILE : top % _TILE + part.stop - part.start]
        if strength is not None:
            change = change * strength[part]
        moved = colours[part] + np.rint(change).astype(np.int16)[..., None]
        result[part] = np.clip(moved, 0, 255, out=moved)
    return result
