"""Undo and redo: what each step changed.

A step holds the tiles that it changed as before XOR after, compressed: undoing and redoing are the same XOR, and a
stroke over an even area takes next to nothing.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from offcut.geometry import Box, union

TILE = 256
"""Side of a tile in pixels."""

BUDGET = 48 * 2**20
"""Bytes that the steps may take; the oldest are dropped first. About 100 times what 50 strokes at 12 MP take."""

MIN_STEPS = 20
"""Steps that are not dropped whatever they take."""

Tiles = dict[tuple[int, int], bytes]
"""Row and column of a tile (in tiles) to its XOR, compressed."""


@dataclass(frozen=True)
class Step:
    """One operation and what it changed."""

    serial: int
    """Unique in this history, also among steps that were undone and replaced."""

    name: str
    """Key of the language files, such as ``"step.erase"``."""

    operation: bytes
    """The operation as compressed JSON."""

    box: Box
    """Contains everything that changed."""

    tiles: Tiles

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self.operation) + _size(self.tiles)


class History:
    """Steps on one alpha. `position` of them are in effect; the others can be redone."""

    def __init__(self, budget: int = BUDGET) -> None:
        self.steps: list[Step] = []
        self.position = 0
        self.dropped = 0
        """How many steps were dropped because they were the oldest. They stay in effect."""

        self.forgotten: Tiles = {}
        """What all dropped steps changed together: the network's alpha XOR the alpha before the oldest step."""

        self._budget = budget
        self._serial = 0

    @property
    def size(self) -> int:
        """Bytes that all of it takes."""
        return sum(step.size for step in self.steps) + _size(self.forgotten)

    def record(self, alpha: np.ndarray, box: Box, after: np.ndarray, name: str, operation: bytes) -> Box | None:
        """Write `after`, uint8 ``(h, w)`` of `box`, into `alpha` as a new step. Drops the steps that were undone.

        Returns:
            The smallest box of whole tiles, cut to `box`, that holds all changes; None, and no step, without any.
        """
        tiles: Tiles = {}
        for place, tile in _tiles_of(box, alpha.shape):
            part = tile.within_box(box)
            before, new = alpha[part.slices], after[part.inside(box).slices]
            changed = before ^ new
            if changed.any():
                whole = np.zeros((tile.height, tile.width), np.uint8)
                whole[part.inside(tile).slices] = changed
                tiles[place] = _pack(whole)
                before[...] = new
        if not tiles:
            return None
        del self.steps[self.position :]
        box = _around(tiles).within_box(box)
        self._serial += 1
        self.steps.append(Step(self._serial, name, operation, box, tiles))
        self.position += 1
        self._forget()
        return box

    def goto(self, alpha: np.ndarray, position: int) -> Box | None:
        """Undo or redo until `position` steps are in effect, clamped to those there are. Returns the changed part."""
        position = min(max(position, 0), len(self.steps))
        changed = self.steps[min(position, self.position) : max(position, self.position)]
        for step in changed:
            toggle(alpha, step.tiles)
        self.position = position
        return union([step.box for step in changed])

    def as_after(self, alpha: np.ndarray, position: int) -> np.ndarray:
        """Return the alpha with that many steps in effect, as a new array."""
        alpha = alpha.copy()
        for step in self.steps[min(position, self.position) : max(position, self.position)]:
            toggle(alpha, step.tiles)
        return alpha

    def restore(self, steps: list[Step], position: int, dropped: int, forgotten: Tiles, alpha: np.ndarray) -> None:
        """Take over the steps of a saved history, and apply those in effect to `alpha`, the network's."""
        self.steps, self.position, self.dropped, self.forgotten = steps, position, dropped, forgotten
        self._serial = max((step.serial for step in steps), default=0)
        toggle(alpha, forgotten)
        for step in steps[:position]:
            toggle(alpha, step.tiles)

    def _forget(self) -> None:
        size = self.size
        while size > self._budget and len(self.steps) > MIN_STEPS and self.position > 1:
            oldest = self.steps.pop(0)
            size -= oldest.size + _size(self.forgotten)
            merge(self.forgotten, oldest.tiles)
            size += _size(self.forgotten)
            self.position -= 1
            self.dropped += 1


def toggle(alpha: np.ndarray, tiles: Tiles) -> None:
    """XOR the tiles onto an alpha, in place."""
    for (row, column), packed in tiles.items():
        part = alpha[row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE]
        part ^= np.frombuffer(zlib.decompress(packed), np.uint8).reshape(part.shape)


def merge(tiles: Tiles, more: Tiles) -> None:
    """Merge the changes of `more` into `tiles`, in place."""
    for place, packed in more.items():
        if place not in tiles:
            tiles[place] = packed
            continue
        values = [np.frombuffer(zlib.decompress(one), np.uint8) for one in (tiles[place], packed)]
        both = values[0] ^ values[1]
        if both.any():
            tiles[place] = _pack(both)
        else:
            del tiles[place]


def _tiles_of(box: Box, shape: tuple[int, int]) -> Iterator[tuple[tuple[int, int], Box]]:
    for row in range(box.top // TILE, (box.bottom - 1) // TILE + 1):
        for column in range(box.left // TILE, (box.right - 1) // TILE + 1):
            tile = Box(row * TILE, (row + 1) * TILE, column * TILE, (column + 1) * TILE)
            yield (row, column), tile.within(*shape)


def _around(tiles: Tiles) -> Box:
    rows, columns = zip(*tiles, strict=True)
    return Box(min(rows) * TILE, (max(rows) + 1) * TILE, min(columns) * TILE, (max(columns) + 1) * TILE)


def _pack(values: np.ndarray) -> bytes:
    return zlib.compress(values.data, 1)


def _size(tiles: Tiles) -> int:
    return sum(map(len, tiles.values()))
