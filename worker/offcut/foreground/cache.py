"""The foreground colours of a photo: estimated once for each alpha, and only where it changed."""

import zlib
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from offcut.alpha import soft_tiles
from offcut.arrays import AlphaU8, Mask, PixelsU8, RgbU8
from offcut.foreground.multilevel import MultiLevel
from offcut.geometry import Box

Solver = Callable[[Box], PixelsU8]
"""Estimates F in a box of one photo: uint8 ``(3, h, w)``.

The result must not depend on the box, or tiles would show as seams.
"""

TILE = 192
"""Side of a tile in pixels.

Larger tiles hold more pixels that are not soft; smaller ones overlap more in their margins.
"""

_MARGIN = 16
"""Pixels around a tile that belong to its cache key: what lies farther away hardly influences its colours."""


class _Tile(NamedTuple):
    """The estimated colours of one tile."""

    checksum: int
    """Of the alpha in the box and `_MARGIN` pixels around it."""

    box: Box
    """Bounding box of the tile's soft pixels."""

    colours: RgbU8
    """The photo in that box with the foreground colours, uint8 ``(h, w, 3)``."""

    is_exact: bool
    """Whether the colours were estimated from the whole of the last alpha, not only from its part around the tile."""


class ForegroundCache:
    """The tiles of a photo that have soft pixels, with the foreground colours."""

    def __init__(self, rgb: RgbU8) -> None:
        """Take the photo, uint8 ``(h, w, 3)``; it is not copied."""
        self._rgb = rgb
        self._tiles: dict[tuple[int, int], _Tile] = {}
        self._version: int | None = None

    def update(self, alpha: AlphaU8, *, version: int | None = None, exact: bool = False) -> None:
        """Estimate the colours for an alpha, in the tiles that do not have them yet.

        Args:
            alpha: uint8 ``(h, w)``.
            version: a different number for every different alpha; None where the caller has none.
            exact: whether every tile is to be as `offcut.foreground.estimate` returns it. Otherwise a tile whose part
                of the alpha is unchanged keeps its colours, although changes elsewhere would move them by a trace.
        """
        is_same_alpha = version is not None and version == self._version
        if is_same_alpha and not (exact and any(not tile.is_exact for tile in self._tiles.values())):
            return
        tiles: dict[tuple[int, int], _Tile] = {}
        solver: Solver | None = None
        for box, soft in soft_tiles(alpha, TILE):
            place = box.top // TILE, box.left // TILE
            tile = self._tiles.get(place)
            if tile and is_same_alpha and tile.is_exact:
                tiles[place] = tile
                continue
            around = box.grown(_MARGIN).within(*alpha.shape)
            checksum = zlib.crc32(np.ascontiguousarray(alpha[around.slices]).data)
            if tile and not exact and (tile.checksum, tile.box) == (checksum, box):
                tiles[place] = tile._replace(is_exact=False)
                continue
            solver = solver or MultiLevel(self._rgb, alpha)
            colours = self._rgb[box.slices].copy()
            write_colours(solver(box), soft, colours)
            tiles[place] = _Tile(checksum, box, colours, is_exact=True)
        self._tiles, self._version = tiles, version

    def part(self, box: Box) -> RgbU8:
        """Return a box of the photo with the foreground colours: a new uint8 array ``(h, w, 3)``."""
        result = self._rgb[box.slices].copy()
        for row in range(box.top // TILE, (box.bottom - 1) // TILE + 1):
            for column in range(box.left // TILE, (box.right - 1) // TILE + 1):
                tile = self._tiles.get((row, column))
                if tile is None:
                    continue
                both = tile.box.within_box(box)
                if not both.is_empty:  # the box and the soft pixels may lie in one tile, and apart
                    result[both.inside(box).slices] = tile.colours[both.inside(tile.box).slices]
        return result


def write_colours(colours: PixelsU8, soft: Mask, photo: RgbU8) -> None:
    """Write estimated colours into a box of a photo, where its pixels are soft.

    Args:
        colours: of the box, uint8 ``(3, h, w)``.
        soft: bool ``(h, w)``.
        photo: the box of the photo, uint8 ``(h, w, 3)``; overwritten.
    """
    # Stacked, because numpy is many times slower when it broadcasts a mask over three channels.
    np.copyto(photo, np.stack(list(colours), -1), where=np.stack([soft] * 3, -1))
