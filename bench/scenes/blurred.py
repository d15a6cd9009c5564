"""Bodies with sharp edges, out of focus, and in motion: alpha and colours are blurred alike."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from bench.scenes.coverage import cover, stroke
from bench.scenes.outline import body


def sharp(colours: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A body in focus: only the pixels that its outline crosses are soft."""
    return _drawn(colours, random), colours


def focus(colours: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The whole body out of focus."""
    return _blurred(colours, random, ImageFilter.GaussianBlur(random.uniform(0.004, 0.008) * max(colours.shape)))


def motion(colours: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The body moves evenly, across or down, while the shutter is open."""
    reach = random.uniform(0.008, 0.02) * max(colours.shape)
    return _blurred(colours, random, ImageFilter.BoxBlur((reach, 0) if random.random() < 0.5 else (0, reach)))


def _blurred(
    colours: np.ndarray, random: np.random.Generator, blur: ImageFilter.Filter
) -> tuple[np.ndarray, np.ndarray]:
    alpha = Image.fromarray(_drawn(colours, random))
    return np.asarray(alpha.filter(blur)), np.asarray(Image.fromarray(colours).filter(blur))


def _drawn(colours: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A body with limbs that grow thinner."""
    size = colours.shape[1::-1]
    curve = body(size, random)
    centre = curve.mean(0)
    shapes = [(curve, 255)]
    for _ in range(5):
        turn = random.uniform(0, 2 * np.pi) + random.normal(0, 0.4) * np.linspace(0, 1, 10)
        far = np.linspace(0, random.uniform(0.3, 0.45) * min(size), 10)
        points = centre + far[:, None] * np.stack([np.cos(turn), np.sin(turn)], 1)
        shapes.append((stroke(points, np.linspace(0.1, random.uniform(0.005, 0.05), 10) * min(size)), 255))
    return cover(size, shapes)
