"""The foreground colours while the alpha is being edited: estimated once for each alpha, and only where it changed."""

import zlib

import numpy as np

from offcut.alpha import soft_tiles
from offcut.foreground import TILE, Solver, put
from offcut.foreground.multilevel import MultiLevel
from offcut.geometry import Box

_MARGIN = 16
"""Pixels around a tile that belong to its cache key: what lies farther away hardly influences its colours."""

_Tile = tuple[int, Box, np.ndarray]
"""Checksum of the alpha around a tile, the box of its soft pixels, and the colours in that box, uint8 ``(h, w, 3)``."""


class ForegroundCache:
    """The photo's tiles that have soft pixels, with the estimated foreground colours (`offcut.foreground`)."""

    def __init__(self, rgb: np.ndarray) -> None:
        """Take the photo, uint8 ``(h, w, 3)``; it is not copied."""
        self._rgb = rgb
        self._tiles: dict[tuple[int, int], _Tile] = {}
        self._version: int | None = None
        self._is_exact = False

    def update(self, alpha: np.ndarray, *, version: int | None = None, exact: bool = False) -> None:
        """Estimate the colours for an alpha. Does nothing where they are those of the same version already.

        Args:
            alpha: uint8 ``(h, w)``.
            version: another number for every other alpha; None where the caller has none.
            exact: whether every tile is to be as `offcut.foreground.estimate` returns it. Otherwise a tile whose own alpha
                is unchanged keeps its colours, although changes elsewhere would move them by a trace.
        """
        if version is not None and version == self._version and (self._is_exact or not exact):
            return
        known = {} if exact else self._tiles
        tiles: dict[tuple[int, int], _Tile] = {}
        solver: Solver | None = None
        is_exact = True
        for box, soft in soft_tiles(alpha, TILE):
            place = box.top // TILE, box.left // TILE
            around = box.grown(_MARGIN).within(*alpha.shape)
            checksum = zlib.crc32(np.ascontiguousarray(alpha[around.slices]).data)
            if place in known and known[place][:2] == (checksum, box):
                tiles[place] = known[place]
                is_exact = False
                continue
            solver = solver or MultiLevel(self._rgb, alpha)
            colours = self._rgb[box.slices].copy()
            put(solver(box), soft, colours)
            tiles[place] = checksum, box, colours
        self._tiles, self._version, self._is_exact = tiles, version, is_exact

    def part(self, box: Box) -> np.ndarray:
        """Return a box of the photo with the foreground colours: a new uint8 array ``(h, w, 3)``."""
        result = self._rgb[box.slices].copy()
        for row in range(box.top // TILE, (box.bottom - 1) // TILE + 1):
            for column in range(box.left // TILE, (box.right - 1) // TILE + 1):
                if (row, column) in self._tiles:
                    _, tile, colours = self._tiles[row, column]
                    both = tile.within_box(box)
                    if both.is_empty:
                        continue  # the box and the soft pixels lie in the same tile, and apart
                    result[both.inside(box).slices] = colours[both.inside(tile).slices]
        return result
