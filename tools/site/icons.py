"""The icons of the installed app as PNG, for systems that do not read app/icon.svg; the drawing is the same."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

GROUND = "#b5370c"
LIGHT = "#ffffff"
FRAME = "#e9c3b6"
"""White at 70 % over the ground."""

UNITS = 32
"""The drawing's own width and height."""

FINER = 4
"""Drawn so many times larger and then reduced, which smooths the edges."""

DASHES = ((4, 4, 6, 8.5), (6, 4, 8.5, 6), (10.75, 4, 14.25, 6), (4, 11, 6, 14.5), (4, 17, 6, 20.5), (4, 23, 6, 26.5))
"""The frame's left half as boxes of left, top, right, bottom; the right half is its mirror image."""

ICONS = {
    "icons/icon-192.png": (192, False),
    "icons/icon-512.png": (512, False),
    "icons/maskable-192.png": (192, True),
    "icons/maskable-512.png": (512, True),
}
"""Path in the site, width in pixels, and whether systems may cut it to a shape of their own."""

Point = tuple[float, float]


def files() -> dict[str, bytes]:
    """Return the icons as PNG files, by their path in the site."""
    return {path: _png(_draw(size, maskable)) for path, (size, maskable) in ICONS.items()}


def _draw(size: int, maskable: bool) -> Image.Image:
    large = size * FINER
    picture = Image.new("RGBA", (large, large), GROUND if maskable else (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    unit = large / UNITS
    if not maskable:
        pen.rounded_rectangle((0, 0, large - 1, large - 1), 8 * unit, GROUND)
    # What a system cuts off an icon leaves the middle four fifths.
    scale, shift = (unit * 0.8, large * 0.1) if maskable else (unit, 0.0)

    def place(points: list[Point]) -> list[Point]:
        return [(x * scale + shift, y * scale + shift) for x, y in points]

    for x0, y0, x1, y1 in DASHES:
        for box in ([(x0, y0), (x1, y1)], [(UNITS - x1, y0), (UNITS - x0, y1)]):
            pen.rectangle(place(box), FRAME)
    pen.ellipse(place([(11.5, 8.5), (20.5, 17.5)]), LIGHT)
    left = _curve((7.5, 28), (8.1, 22), (11.5, 19), (16, 19))
    right = _curve((16, 19), (20.5, 19), (23.9, 22), (24.5, 28))
    pen.polygon(place(left + right), LIGHT)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def _curve(p0: Point, p1: Point, p2: Point, p3: Point, steps: int = 48) -> list[Point]:
    """Return points of a cubic Bézier curve."""
    found = []
    for step in range(steps + 1):
        t = step / steps
        weights = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        x, y = (sum(w * p[axis] for w, p in zip(weights, (p0, p1, p2, p3), strict=True)) for axis in (0, 1))
        found.append((x, y))
    return found


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
