"""The subject's own colours while the alpha is being edited: only where it changed are they found anew."""

import zlib

import numpy as np

from offcut.foreground import TILE, Solver, put
from offcut.foreground.multilevel import MultiLevel
from offcut.geometry import Box, soft_tiles

_MARGIN = 16
"""Pixels around a tile that count as its own: what lies farther away has next to no say in its colours."""


class ForegroundCache:
    """Keeps the photo's tiles that have soft pixels, with the subject's own colours there (`offcut.foreground`)."""

    def __init__(self, rgb: np.ndarray) -> None:
        """Take the photo, uint8 ``(h, w, 3)``."""
        self._rgb = rgb
        self._kept: dict[tuple[int, int], tuple[int, Box, np.ndarray]] = {}

    def update(self, alpha: np.ndarray, *, fresh: bool = False) -> None:
        """Find the colours for an alpha, uint8 ``(h, w)``.

        With `fresh` all of them are found anew, exactly as `offcut.foreground.estimate` does; else those of a tile whose
        alpha is as it was stay, though what changed elsewhere would move them by a trace.
        """
        known = {} if fresh else self._kept
        kept: dict = {}
        solver: Solver | None = None
        for box, soft in soft_tiles(alpha, TILE):
            place = box.top // TILE, box.left // TILE
            around = box.grown(_MARGIN).within(*alpha.shape)
            mark = zlib.crc32(np.ascontiguousarray(alpha[around.slices]))
            if place in known and known[place][:2] == (mark, box):
                kept[place] = known[place]
                continue
            solver = solver or MultiLevel(self._rgb, alpha)
            colours = self._rgb[box.slices].copy()
            put(solver(box), soft, colours)
            kept[place] = mark, box, colours
        self._kept = kept

    def part(self, box: Box) -> np.ndarray:
        """A box of the photo with the subject's own colours: a new uint8 array ``(h, w, 3)``."""
        result = self._rgb[box.slices].copy()
        for row in range(box.top // TILE, (box.bottom - 1) // TILE + 1):
            for column in range(box.left // TILE, (box.right - 1) // TILE + 1):
                if (row, column) in self._kept:
                    _, held, colours = self._kept[row, column]
                    both = held.within_box(box)
                    if both.top >= both.bottom or both.left >= both.right:
                        continue  # they lie in one tile, and apart
                    result[both.inside(box).slices] = colours[both.inside(held).slices]
        return result
