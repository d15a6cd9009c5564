"""What the page is given to look at: the photo and its alpha, no larger than it can draw quickly."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from offcut.geometry import Box

Source = Callable[[Box], np.ndarray]
"""Gives a box of a picture, uint8 ``(h, w)`` or ``(h, w, channels)``, so that the picture need not be whole anywhere."""

PIXELS = 2e6
"""As many pixels of a photo are shown unless a screen needs others; true pixels of larger photos are shown part by part."""


_CELL = 256


@dataclass(frozen=True)
class Display:
    """How a photo of `height` × `width` pixels is shown."""

    height: int
    width: int
    pixels: float = PIXELS

    @property
    def scale(self) -> float:
        """Shown pixels for each of the photo's, at most 1."""
        return min(1.0, (self.pixels / (self.height * self.width)) ** 0.5)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of what is shown."""
        return max(1, round(self.height * self.scale)), max(1, round(self.width * self.scale))

    @property
    def whole(self) -> Box:
        """All of what is shown."""
        return Box(0, self.shape[0], 0, self.shape[1])

    def shown(self, box: Box) -> Box:
        """The smallest box of what is shown that covers a box of the photo."""
        down, across = self.shape[0] / self.height, self.shape[1] / self.width
        return Box(
            int(box.top * down), -int(-box.bottom * down // 1), int(box.left * across), -int(-box.right * across // 1)
        ).within(*self.shape)

    def place(self, box: Box) -> tuple[float, float, float, float]:
        """Where in the photo a box of what is shown lies: left, top, width and height."""
        down, across = self.height / self.shape[0], self.width / self.shape[1]
        return (box.left * across, box.top * down, (box.right - box.left) * across, (box.bottom - box.top) * down)

    def part(self, source: Source, box: Box) -> np.ndarray:
        """A box of what is shown of a picture of the photo's size, uint8 of that picture's channels.

        Each shown pixel is the mean of those that it covers, so that parts fit each other without a seam.
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
        """What lies in `wanted` of the cell that begins there."""
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
        size = (box.right - box.left, box.bottom - box.top)
        reduced = np.asarray(picture.resize(size, Image.Resampling.BOX, covered))
        return reduced[wanted.within_box(box).inside(box).slices]


def of_array(values: np.ndarray) -> Source:
    """An array as a source."""
    return lambda box: values[box.slices]


def strips(box: Box, rows: int = 256) -> Iterator[Box]:
    """The box from top to bottom, in parts of at most so many rows."""
    for top in range(box.top, box.bottom, rows):
        yield Box(top, min(top + rows, box.bottom), box.left, box.right)
