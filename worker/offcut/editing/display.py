"""How the page shows a photo and its alpha: no larger than it can draw quickly."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from offcut.geometry import Box

Source = Callable[[Box], np.ndarray]
"""Returns a box of a picture, uint8 ``(h, w)`` or ``(h, w, channels)``: the whole picture need not be in memory."""

PIXELS = 2e6
"""How many pixels of a photo are shown unless a screen needs others. Full-size pixels of larger photos are shown part
by part."""

LONGEST = 8192
"""Longest side, in pixels, of what is shown whole: some graphics processors take no larger pictures."""

_CELL = 256


@dataclass(frozen=True)
class Display:
    """How a photo of `height` × `width` pixels is shown."""

    height: int
    width: int
    pixels: float = PIXELS
    """How many pixels are shown at most."""

    @classmethod
    def of(cls, size: tuple[int, int], pixels: float = PIXELS) -> "Display":
        """Return how a photo of that width and height is shown with at most so many pixels.

        No side is longer than `LONGEST`, however narrow the photo is.
        """
        width, height = size
        return cls(height, width, min(pixels, width * height * min(1.0, LONGEST / max(size)) ** 2))

    @classmethod
    def at_scale(cls, size: tuple[int, int], scale: float) -> "Display":
        """Return how a photo of that width and height is shown at `scale` display pixels a photo pixel, at most 1."""
        return cls(size[1], size[0], size[0] * size[1] * min(1.0, scale) ** 2)

    @property
    def scale(self) -> float:
        """Display pixels a photo pixel, at most 1."""
        scale: float = (self.pixels / (self.height * self.width)) ** 0.5
        return min(1.0, scale)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of what is shown."""
        return max(1, round(self.height * self.scale)), max(1, round(self.width * self.scale))

    @property
    def whole(self) -> Box:
        """The whole display."""
        height, width = self.shape
        return Box.of_size(width, height)

    def shown(self, box: Box) -> Box:
        """Return the smallest box of the display that covers a box of the photo."""
        down, across = self.shape[0] / self.height, self.shape[1] / self.width
        return Box(
            int(box.top * down), -int(-box.bottom * down // 1), int(box.left * across), -int(-box.right * across // 1)
        ).within(*self.shape)

    def place(self, box: Box) -> tuple[float, float, float, float]:
        """Return where a box of the display lies in the photo: left, top, width and height."""
        down, across = self.height / self.shape[0], self.width / self.shape[1]
        return (box.left * across, box.top * down, box.width * across, box.height * down)

    def part(self, source: Source, box: Box) -> np.ndarray:
        """Return a box of the display of a picture of the photo's size.

        Args:
            source: the picture.
            box: of the display.

        Returns:
            uint8 ``(h, w)`` or ``(h, w, channels)``. Each pixel is the mean of the photo pixels that it covers, and the
            same in whichever box it lies.
        """
        if self.shape == (self.height, self.width):
            return source(box)
        # By cells that lie the same for every box, so that rounding is the same too.
        cells = [
            [self._cell(source, top, left, box) for left in range(box.left // _CELL * _CELL, box.right, _CELL)]
            for top in range(box.top // _CELL * _CELL, box.bottom, _CELL)
        ]
        return np.concatenate([np.concatenate(row, axis=1) for row in cells])

    def _cell(self, source: Source, top: int, left: int, wanted: Box) -> np.ndarray:
        """Return what lies in `wanted` of the cell whose first pixel that is."""
        box = Box(top, top + _CELL, left, left + _CELL).within(*self.shape)
        down, across = self.height / self.shape[0], self.width / self.shape[1]
        outer = Box(
            int(box.top * down),
            min(int(box.bottom * down) + 1, self.height),
            int(box.left * across),
            min(int(box.right * across) + 1, self.width),
        )
        covered = (
            box.left * across - outer.left,
            box.top * down - outer.top,
            min(box.right * across, self.width) - outer.left,
            min(box.bottom * down, self.height) - outer.top,
        )
        picture = Image.fromarray(np.ascontiguousarray(source(outer)))
        size = box.size
        reduced = np.asarray(picture.resize(size, Image.Resampling.BOX, covered))
        return reduced[wanted.within_box(box).inside(box).slices]


def of_array(values: np.ndarray) -> Source:
    """Return an array as a source."""
    return lambda box: values[box.slices]


def strips(box: Box, rows: int = 256) -> Iterator[Box]:
    """Split a box from top to bottom into parts of at most that many rows."""
    for top in range(box.top, box.bottom, rows):
        yield Box(top, min(top + rows, box.bottom), box.left, box.right)
