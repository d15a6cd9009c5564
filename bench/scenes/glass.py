"""Glass without its refraction: a thin veil inside, denser towards the rim, with bright reflections."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from bench.scenes.coverage import cover, stroke
from bench.scenes.outline import body


def glass(colours: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A vessel that lets a fifth to two thirds of the background through everywhere but at its reflections."""
    height, width = colours.shape[:2]
    size, longer = (width, height), max(width, height)
    curve = body(size, random, part=0.34)
    inside = cover(size, [(curve, 255)])
    centre = curve.mean(0)
    # The veil is smooth: drawn small, blurred and enlarged.
    small = (max(1, width * 400 // longer), max(1, height * 400 // longer))
    scale = np.array(small) / size
    rings = [(1.0, 200), (0.93, 150), (0.8, 110), (0.6, 90)]
    shapes = [((centre + (curve - centre) * part) * scale, value) for part, value in rings]
    for _ in range(4):
        start = centre + (curve[random.integers(len(curve))] - centre) * random.uniform(0.3, 0.7)
        turn = random.uniform(0, 2 * np.pi) + np.linspace(0, 1, 12)
        points = start + 0.12 * longer * np.stack([np.cos(turn), np.sin(turn)], 1) - 0.12 * longer
        shapes.append((stroke(points * scale, 400 * random.uniform(0.004, 0.03)), int(random.integers(190, 250))))
    drawn = Image.fromarray(np.maximum(cover(small, shapes), 90)).filter(ImageFilter.GaussianBlur(4))
    veil = np.asarray(drawn.resize(size, Image.Resampling.BICUBIC))
    alpha = ((inside.astype(np.uint16) * veil + 127) // 255).astype(np.uint8)
    # Dense glass is a reflection, bright; thin glass has a tint of its own.
    tint = random.integers(120, 200, 3).astype(np.float32)
    bright = (np.arange(256, dtype=np.float32)[:, None] - 90) / 160
    table = np.clip(tint + np.clip(bright, 0, 1) * (250 - tint), 0, 255)
    result = np.empty_like(colours)
    for channel in range(3):
        result[..., channel] = table[veil, channel] * np.float32(0.8) + colours[..., channel] * np.float32(0.2)
    return alpha, result
