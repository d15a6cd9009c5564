"""Undo and redo: what each step changed, of the alpha, of the settings, or of both.

A step holds the tiles that it changed as before XOR after, compressed: undoing and redoing are the same XOR, and a
stroke over an even area takes next to nothing.
"""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from offcut.editing.settings import Settings
from offcut.geometry import Box, union
from offcut.protocol.steps import UPGRADE

TILE = 256
"""Side of a tile in pixels."""

BUDGET = 48 * 2**20
"""Bytes that the steps may take; the oldest are dropped first. About 100 times what 50 strokes at 12 MP take."""

MIN_STEPS = 20
"""Steps that are not dropped whatever they take."""

Tiles = dict[tuple[int, int], bytes]
"""Row and column of a tile (in tiles) to its XOR, compressed."""

_NOWHERE = Box(0, 0, 0, 0)


@dataclass(frozen=True)
class Change:
    """What a step did to the settings."""

    before: Settings
    after: Settings


@dataclass(frozen=True)
class Step:
    """One thing that was done and what it changed."""

    serial: int
    """Unique in this history, also among steps that were undone and replaced."""

    name: str
    """Key of the language files, such as ``"step.erase"``."""

    operation: bytes
    """The operation as compressed JSON; empty where only settings changed."""

    box: Box
    """Contains everything that changed of the alpha."""

    tiles: Tiles

    change: Change | None = None
    """None where the settings stayed as they were."""

    @property
    def given(self) -> dict[str, Any]:
        """The operation as it came; empty where only settings changed."""
        return json.loads(zlib.decompress(self.operation)) if self.operation else {}

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

    @property
    def has_edits(self) -> bool:
        """Whether a person has done anything: an upgrade, which comes by itself, is no edit."""
        return bool(self.dropped) or any(step.name != UPGRADE for step in self.steps)

    def record(
        self,
        alpha: np.ndarray,
        box: Box,
        after: np.ndarray,
        name: str,
        operation: bytes,
        change: Change | None = None,
    ) -> Box | None:
        """Write `after`, uint8 ``(h, w)`` of `box`, into `alpha` as a new step. Drops the steps that were undone.

        Returns:
            The smallest box of whole tiles, cut to `box`, that holds all changes; None without any. There is no step
            then, unless it has a `change` of the settings.
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
            if change:
                self._add(name, operation, _NOWHERE, {}, change)
            return None
        box = _around(tiles).within_box(box)
        self._add(name, operation, box, tiles, change)
        return box

    def record_change(self, name: str, change: Change) -> None:
        """Add a step that changes the settings alone. Drops the steps that were undone."""
        self._add(name, b"", _NOWHERE, {}, change)

    def _add(self, name: str, operation: bytes, box: Box, tiles: Tiles, change: Change | None) -> None:
        del self.steps[self.position :]
        self._serial += 1
        self.steps.append(Step(self._serial, name, operation, box, tiles, change))
        self.position += 1
        self._forget()

    def goto(self, alpha: np.ndarray, position: int) -> Box | None:
        """Undo or redo until `position` steps are in effect, clamped to those there are. Returns the changed part."""
        position = self._clamped(position)
        changed = self._between(position)
        for step in changed:
            toggle(alpha, step.tiles)
        self.position = position
        return union([step.box for step in changed if step.tiles])

    def settings_at(self, position: int, now: Settings) -> Settings:
        """Return the settings with `position` steps in effect, where they are `now` at present."""
        position = self._clamped(position)
        changes = [step.change for step in self._between(position) if step.change]
        if not changes:
            return now
        return changes[0].before if position < self.position else changes[-1].after

    def _clamped(self, position: int) -> int:
        return min(max(position, 0), len(self.steps))

    def _between(self, position: int) -> list[Step]:
        return self.steps[min(position, self.position) : max(position, self.position)]

    def as_after(self, alpha: np.ndarray, position: int) -> np.ndarray:
        """Return the alpha with that many steps in effect, as a new array."""
        alpha = alpha.copy()
        for step in self._between(position):
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
