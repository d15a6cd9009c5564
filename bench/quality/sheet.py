"""Contact sheets: photo, truth and every candidate's cutout side by side, worst photos first."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from bench.quality.photos import Photo

CELL = 240
"""Longest side of a picture on the sheet, in pixels."""

GAP = 8
LINE = 18
"""Height of a line of words, in pixels."""

PAPER, INK = (250, 250, 250), (20, 20, 20)
SQUARES = (114, 142)
"""Greys of the checkerboard: neither hides a light or a dark fringe."""

SQUARE = 8
ROWS = 40
"""Largest number of photos on a sheet."""

AlphaOf = Callable[[Photo, str], Image.Image]
"""A candidate's alpha of a photo, mode L."""


Row = list[tuple[Image.Image, str]]
"""Pictures of a sheet's row, none wider than `CELL`, each with the words below it."""


def draw(
    photos: list[Photo], candidates: list[str], alpha: AlphaOf, errors: dict[str, dict[str, float]]
) -> Image.Image:
    """Return a sheet, mode RGB.

    Args:
        photos: those of one set.
        candidates: their names, the columns.
        alpha: where a candidate's alpha comes from.
        errors: mean absolute errors by the photo's key and candidate; the first candidate's decide what is worst.
    """
    rows = []
    for photo in worst_first(photos, errors, candidates[0])[:ROWS]:
        captions = [photo.name, "", *(f"MAE {errors[photo.key][name]:.4f}" for name in candidates)]
        rows.append(list(zip(_pictures(photo, candidates, alpha), captions, strict=True)))
    return lay(["photo", "truth", *candidates], rows)


def worst_first(photos: list[Photo], errors: dict[str, dict[str, float]], candidate: str) -> list[Photo]:
    """Return the photos by this candidate's error, the largest first."""
    return sorted(photos, key=lambda photo: -errors[photo.key][candidate])


def lay(columns: list[str], rows: list[Row]) -> Image.Image:
    """Return a sheet of these rows below the columns' names, mode RGB."""
    heights = [max(picture.height for picture, _ in row) + LINE + GAP for row in rows]
    sheet = Image.new("RGB", (GAP + len(columns) * (CELL + GAP), GAP + LINE + sum(heights)), PAPER)
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(12)
    for place, words in enumerate(columns):
        pen.text((_left(place), GAP // 2), _shortened(words), INK, font)
    top = GAP + LINE
    for row, height in zip(rows, heights, strict=True):
        for place, (picture, words) in enumerate(row):
            sheet.paste(picture, (_left(place), top))
            pen.text((_left(place), top + picture.height), _shortened(words), INK, font)
        top += height
    return sheet


def _left(place: int) -> int:
    return GAP + place * (CELL + GAP)


def _shortened(words: str) -> str:
    most = CELL // 7
    return words if len(words) <= most else words[: most - 1] + "…"


def _pictures(photo: Photo, candidates: list[str], alpha: AlphaOf) -> list[Image.Image]:
    colours = Image.fromarray(photo.colours())
    truth = Image.fromarray((photo.truth() * 255 + 0.5).astype(np.uint8))
    scale = min(1.0, CELL / max(colours.size))
    width, height = (max(1, math.floor(side * scale)) for side in colours.size)
    size = (width, height)
    small = colours.resize(size, Image.Resampling.BOX)
    return [small, *(_cutout(colours, mask, size) for mask in (truth, *(alpha(photo, name) for name in candidates)))]


def _cutout(colours: Image.Image, alpha: Image.Image, size: tuple[int, int]) -> Image.Image:
    cutout = colours.copy()
    cutout.putalpha(alpha)
    # Pillow weighs colours by alpha while it resizes, so nothing of the removed background comes back.
    small = cutout.resize(size, Image.Resampling.BOX)
    result = _checkerboard(size)
    result.paste(small, mask=small.getchannel("A"))
    return result


def _checkerboard(size: tuple[int, int]) -> Image.Image:
    across, down = np.arange(size[0]) // SQUARE, np.arange(size[1])[:, None] // SQUARE
    return Image.fromarray(np.array(SQUARES, np.uint8)[(across + down) % 2]).convert("RGB")
