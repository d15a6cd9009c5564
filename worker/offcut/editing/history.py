"""What each step changed, so that it can be taken back and done again.

A step keeps the tiles that it changed as before XOR after, compressed: undoing and redoing are the same XOR, and a
stroke over an even area is next to nothing.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from offcut.geometry import Box

TILE = 256
"""Side of a tile in pixels."""

BUDGET = 48 * 2**20
"""How many bytes the steps may take; the oldest go first. Some hundred times what fifty strokes at 12 MP take."""

LEAST_STEPS = 20
"""As many steps are kept whatever they take."""

Tiles = dict[tuple[int, int], bytes]
"""Row and column of a tile (in tiles) to its XOR, compressed."""


@dataclass(frozen=True)
class Step:
    """One operation and what it changed."""

    serial: int
    """Unlike that of any other step of this history, also of those that were undone and written over."""

    name: str
    """Key of the language files, such as ``"step.erase"``."""

    operation: bytes
    """The operation as compressed JSON."""

    box: Box
    """All that changed lies in it."""

    tiles: Tiles

    @property
    def bytes(self) -> int:
        """What it takes."""
        return len(self.operation) + _size(self.tiles)


class History:
    """Steps on one alpha. `position` of them are in effect; the others can be redone."""

    def __init__(self, budget: int = BUDGET) -> None:
        self.steps: list[Step] = []
        self.position = 0
        self.dropped = 0
        """How many steps were too old to keep. They stay in effect."""

        self.forgotten: Tiles = {}
        """What the dropped steps changed, all together: the network's alpha XOR the one under the oldest step."""

        self._budget = budget
        self._serial = 0

    @property
    def bytes(self) -> int:
        """What all of it takes."""
        return sum(step.bytes for step in self.steps) + _size(self.forgotten)

    def record(self, alpha: np.ndarray, box: Box, after: np.ndarray, name: str, operation: bytes) -> Box | None:
        """Put `after`, uint8 ``(h, w)`` of `box`, into `alpha` as a new step; steps that were undone are gone.

        Returns:
            The smallest box of whole tiles, cut to `box`, that holds all changes; None, and no step, without any.
        """
        tiles: Tiles = {}
        for place, tile in _tiles_of(box, alpha.shape):
            part = tile.within_box(box)
            before, new = alpha[part.slices], after[part.inside(box).slices]
            changed = before ^ new
            if changed.any():
                whole = np.zeros((tile.bottom - tile.top, tile.right - tile.left), np.uint8)
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
        """Undo or redo until `position` steps are in effect (as near as there are steps). Gives what changed."""
        position = min(max(position, 0), len(self.steps))
        changed = self.steps[min(position, self.position) : max(position, self.position)]
        for step in changed:
            toggle(alpha, step.tiles)
        self.position = position
        return union([step.box for step in changed])

    def as_after(self, alpha: np.ndarray, position: int) -> np.ndarray:
        """What the alpha is with so many steps in effect: a new array."""
        alpha = alpha.copy()
        for step in self.steps[min(position, self.position) : max(position, self.position)]:
            toggle(alpha, step.tiles)
        return alpha

    def restore(self, steps: list[Step], position: int, dropped: int, forgotten: Tiles, alpha: np.ndarray) -> None:
        """Take steps from an earlier history over, and bring `alpha`, the network's, to where they lead."""
        self.steps, self.position, self.dropped, self.forgotten = steps, position, dropped, forgotten
        self._serial = max((step.serial for step in steps), default=0)
        toggle(alpha, forgotten)
        for step in steps[:position]:
            toggle(alpha, step.tiles)

    def _forget(self) -> None:
        size = self.bytes
        while size > self._budget and len(self.steps) > LEAST_STEPS and self.position > 1:
            oldest = self.steps.pop(0)
            size -= oldest.bytes + _size(self.forgotten)
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
    """Add what `more` changes to `tiles`, in place."""
    for place, packed in more.items():
        if place in tiles:
            values = [np.frombuffer(zlib.decompress(one), np.uint8) for one in (tiles[place], packed)]
            both = values[0] ^ values[1]
            if not both.any():
                del tiles[place]
                continue
            packed = _pack(both)
        tiles[place] = packed


def union(boxes: list[Box]) -> Box | None:
    """The smallest box that holds all of them; None for none."""
    if not boxes:
        return None
    tops, bottoms, lefts, rights = zip(*boxes)
    return Box(min(tops), max(bottoms), min(lefts), max(rights))


def _tiles_of(box: Box, shape: tuple[int, int]) -> Iterator[tuple[tuple[int, int], Box]]:
    for row in range(box.top // TILE, (box.bottom - 1) // TILE + 1):
        for column in range(box.left // TILE, (box.right - 1) // TILE + 1):
            tile = Box(row * TILE, (row + 1) * TILE, column * TILE, (column + 1) * TILE)
            yield (row, column), tile.within(*shape)


def _around(tiles: Tiles) -> Box:
    rows, columns = zip(*tiles)
    return Box(min(rows) * TILE, (max(rows) + 1) * TILE, min(columns) * TILE, (max(columns) + 1) * TILE)


def _pack(values: np.ndarray) -> bytes:
    return zlib.compress(values, 1)


def _size(tiles: Tiles) -> int:
    return sum(map(len, tiles.values()))
