"""The brush in numbers. The page paints it with canvas calls, the worker computes the same with numpy."""

RINGS = 16
"""A soft brush is made of so many discs on top of each other; a pixel's coverage is the share of them that hold it."""

MIN_PRESSURE = 0.1

MIN_SIZE, MAX_SIZE = 1.0, 2000.0
"""Diameter in CSS pixels that the page offers: as large as it is seen, at any zoom."""

MIN_STROKE_SIZE, MAX_STROKE_SIZE = 0.1, 20_000
"""Diameter in photo pixels that a stroke may have in an operation."""


def ring_radii(radius: float, softness: float) -> list[float]:
    """Radii of the discs, largest first. A hard brush is one disc."""
    if softness <= 0:
        return [radius]
    return [radius * (1 - softness * (1 - ring / RINGS)) for ring in range(RINGS, 0, -1)]


def clamp_pressure(value: float) -> float:
    """Pressure as the brush uses it. Devices without any report 0 or 0.5."""
    return min(1.0, max(MIN_PRESSURE, value))
