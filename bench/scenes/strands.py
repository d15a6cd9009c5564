"""Hair and fur: tapered strands that grow out of a body, each of its own shade and strength."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from bench.scenes.coverage import cover, stroke
from bench.scenes.outline import body, outward

_POINTS = 14


def hair(colours: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Long hair in locks, bent by its weight, and single hairs astray."""
    return _strands(colours, random, count=2600, locks=60, lengths=(0.03, 0.22), widths=(0.00025, 0.0009), bend=0.6)


def fur(colours: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Short dense fur on every side."""
    return _strands(colours, random, count=9000, locks=400, lengths=(0.008, 0.035), widths=(0.0003, 0.0012), bend=0.3)


def _strands(
    colours: np.ndarray,
    random: np.random.Generator,
    count: int,
    locks: int,
    lengths: tuple[float, float],
    widths: tuple[float, float],
    bend: float,
) -> tuple[np.ndarray, np.ndarray]:
    height, width = colours.shape[:2]
    longer = max(width, height)
    curve = body((width, height), random)
    away = outward(curve)
    along = np.linspace(0, 1, _POINTS)
    # Common to a lock: root, lean and bend.
    place, lean, turn = (
        random.uniform(0, len(curve), locks),
        random.normal(0, 0.5, locks),
        random.normal(0, bend, locks),
    )
    lock = random.integers(0, locks, count)
    root = (place[lock] + random.normal(0, len(curve) / locks, count)).astype(int) % len(curve)
    angle = np.arctan2(away[root, 1], away[root, 0]) + lean[lock] + random.normal(0, 0.12, count)
    length = longer * random.uniform(*lengths, count)
    fall = turn[lock] + random.normal(0, 0.15, count)
    thick = longer * random.uniform(*widths, count)
    # Opaque strands last: a later shape hides an earlier one.
    opacity = np.sort(random.integers(90, 256, count))
    heading = angle[:, None] + fall[:, None] * along**1.5
    steps = np.stack([np.cos(heading), np.sin(heading)], -1) * (length / (_POINTS - 1))[:, None, None]
    # Start a little inside, so that there is no gap to the body.
    start = curve[root] - 3 * thick[:, None] * away[root]
    points = start[:, None] + np.cumsum(steps, 1) - steps[:, :1]
    strands = stroke(points, thick[:, None] * (1 - 0.85 * along))
    shades = Image.new("L", (width, height), 128)
    pen = ImageDraw.Draw(shades)
    levels = np.clip(128 * random.normal(1, 0.15, count), 40, 220).astype(int).tolist()
    lines = points.reshape(count, -1).tolist()
    for line, level, wide in zip(lines, levels, thick.astype(int).tolist(), strict=True):
        pen.line(line, fill=level, width=wide + 3)
    pen.polygon(curve.ravel().tolist(), fill=128)
    shapes = [*zip(strands, opacity.tolist(), strict=True), (curve, 255)]
    return cover((width, height), shapes), _shaded(colours, np.asarray(shades))


def _shaded(colours: np.ndarray, shades: np.ndarray) -> np.ndarray:
    """Colours times shade / 128."""
    result = colours.copy()
    rows, columns = np.nonzero(shades != 128)
    values = result[rows, columns].astype(np.float32) * (shades[rows, columns, None] * np.float32(1 / 128))
    result[rows, columns] = np.minimum(values + np.float32(0.5), 255).astype(np.uint8)
    return result
