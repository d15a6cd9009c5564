"""Thin wires: hanging cables, a fence of wire, and the posts that hold them."""

from __future__ import annotations

import numpy as np

from bench.scenes.coverage import cover, stroke


def wires(colours: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Between two posts: cables in the upper half, wire netting in the lower one."""
    height, width = colours.shape[:2]
    longer = max(width, height)
    left, right = width * random.uniform(0.08, 0.15), width * random.uniform(0.85, 0.92)
    shapes = []
    across = np.linspace(0, 1, 40)
    for _ in range(12):
        start, end = height * random.uniform(0.08, 0.45, 2)
        sag = height * random.uniform(0.01, 0.12)
        drop = start + (end - start) * across + 4 * sag * across * (1 - across)
        points = np.stack([left + (right - left) * across, drop], 1)
        shapes.append((stroke(points, longer * random.uniform(0.0002, 0.0015)), 255))
    step, top, bottom = 0.022 * longer, 0.55 * height, 0.95 * height
    for lean in (1, -1):
        for foot in np.arange(left - (bottom - top), right + (bottom - top), step):
            ends = np.array([foot, foot + lean * (bottom - top)])
            # The part of the wire between the posts.
            low, high = np.sort((np.clip(ends, left, right) - foot) / (ends[1] - foot))
            if high - low > 1e-3:
                part = np.linspace(low, high, 2)
                points = np.stack([foot + part * (ends[1] - foot), bottom - part * (bottom - top)], 1)
                shapes.append((stroke(points, 0.0005 * longer), 255))
    for post in (left, right):
        points = np.array([(post, 0.04 * height), (post, 0.98 * height)])
        shapes.append((stroke(points, 0.02 * longer), 255))
    return cover((width, height), shapes), colours
