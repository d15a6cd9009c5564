"""Lace: cloth with holes, finer threads across them, and a scalloped edge."""

from __future__ import annotations

import numpy as np

from bench.scenes.coverage import cover, stroke
from bench.scenes.outline import body, outward

_ROUND = np.linspace(0, 2 * np.pi, 20, endpoint=False)
_CIRCLE = np.stack([np.cos(_ROUND), np.sin(_ROUND)], 1)


def lace(colours: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Holes in staggered rows, of changing size, every second one with threads across it."""
    height, width = colours.shape[:2]
    longer = max(width, height)
    curve = body((width, height), random, part=0.36)
    step = 0.02 * longer
    # Scallops sit on the edge, one step apart along it.
    pace = np.hypot(*(np.roll(curve, -1, 0) - curve).T)
    stops = np.searchsorted(np.cumsum(pace), np.arange(0, pace.sum(), step))
    shapes = [(curve[stop] + 0.6 * step * _CIRCLE, 255) for stop in stops if stop < len(curve)]
    shapes += [(curve, 255)]
    shapes += [(curve[stop] + 0.3 * step * _CIRCLE, 0) for stop in stops if stop < len(curve)]
    centre = curve.mean(0)
    away = outward(curve)
    threads = []
    for row, y in enumerate(np.arange(curve[:, 1].min(), curve[:, 1].max(), 0.87 * step)):
        for column, x in enumerate(np.arange(curve[:, 0].min() + row % 2 * step / 2, curve[:, 0].max(), step)):
            nearest = np.argmin(((curve - (x, y)) ** 2).sum(1))
            if (curve[nearest] - (x, y)) @ away[nearest] < step:
                continue
            wave = 0.5 + 0.5 * np.sin(8 * np.hypot(x - centre[0], y - centre[1]) / longer * 2 * np.pi)
            radius = step * (0.12 + 0.33 * wave) * random.uniform(0.92, 1.08)
            hole = np.array((x, y))
            shapes.append((hole + radius * _CIRCLE, 0))
            if (row + column) % 2:
                for turn in random.uniform(0, np.pi) + np.arange(3) * np.pi / 3:
                    end = radius * np.array([np.cos(turn), np.sin(turn)])
                    threads.append((stroke(np.array([hole - end, hole + end]), 0.0004 * longer), 235))
    return cover((width, height), shapes + threads), colours
