"""Estimated foreground colours of a photo while its alpha is being edited: only tiles whose alpha changed are solved again."""

import zlib
from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from offcut.alpha import soft_tiles
from offcut.foreground import TILE, Solver, put
from offcut.foreground.multilevel import MultiLevel
from offcut.geometry import Box

_CONTEXT = 16
"""Pixels around a tile whose alpha decides whether the tile is solved again; those farther away have next to no influence."""


@dataclass(frozen=True)
class _Tile:
    """One solved tile."""

    alpha_key: Hashable
    """Key of the whole alpha that it was solved for."""

    context: int
    """Checksum of the alpha in the tile and around it."""

    box: Box
    """Its soft pixels lie in it."""

    colours: np.ndarray
    """uint8 ``(h, w, 3)`` of the box."""


class ForegroundCache:
    """Keeps the tiles of a photo that have soft pixels, with the estimated foreground colours there (`offcut.foreground`)."""

    def __init__(self, rgb: np.ndarray) -> None:
        """Take the photo, uint8 ``(h, w, 3)``; not copied."""
        self._rgb = rgb
        self._tiles: dict[tuple[int, int], _Tile] = {}

    def update(self, alpha: np.ndarray, key: Hashable, *, exact: bool) -> None:
        """Estimate the colours for an alpha, where they are not known yet.

        Args:
            alpha: uint8 ``(h, w)``, 0 to 255.
            key: identifies the alpha: equal keys mean equal alphas.
            exact: solve every tile for this very alpha, so that the result equals `offcut.foreground.estimate`. Otherwise a
                tile stays as it is where the alpha in and around it did not change, although a change farther away would move
                its colours by a trace.
        """
        known, self._tiles = self._tiles, {}
        solver: Solver | None = None
        for box, soft in soft_tiles(alpha, TILE):
            place = box.top // TILE, box.left // TILE
            tile = known.get(place)
            if tile is not None and tile.alpha_key == key:
                self._tiles[place] = tile
                continue
            context = zlib.crc32(np.ascontiguousarray(alpha[box.grown(_CONTEXT).within(*alpha.shape).slices]).data)
            if tile is None or exact or (tile.context, tile.box) != (context, box):
                solver = solver or MultiLevel(self._rgb, alpha)
                colours = self._rgb[box.slices].copy()
                put(solver(box), soft, colours)
                tile = _Tile(key, context, box, colours)
            self._tiles[place] = tile

    def part(self, box: Box) -> np.ndarray:
        """Return a box of the photo with the foreground colours: a new uint8 array ``(h, w, 3)``."""
        result = self._rgb[box.slices].copy()
        for row in range(box.top // TILE, (box.bottom - 1) // TILE + 1):
            for column in range(box.left // TILE, (box.right - 1) // TILE + 1):
                tile = self._tiles.get((row, column))
                both = tile.box.within_box(box) if tile else None
                if tile and both and not both.is_empty:
                    result[both.inside(box).slices] = tile.colours[both.inside(tile.box).slices]
        return result
