"""All hostile inputs, in one order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.hostile import crafted, damage
from tests.hostile.whole import kinds


@dataclass(frozen=True)
class Input:
    """A file by its name."""

    name: str
    make: Callable[[], bytes]
    is_sound: bool = False
    """Whether it has to be a photo; all others may be a photo or refused."""


def inputs() -> Iterator[Input]:
    """Yield every input. Names differ."""
    for name, data in kinds().items():
        yield Input(name, lambda d=data: d, True)
    for name, make in crafted.shapes():
        yield Input(name, make, True)
    for crafts in (crafted.bombs, crafted.profiles, crafted.exifs, crafted.polyglots):
        for name, make in crafts():
            yield Input(name, make)
    for damages in (damage.cut, damage.flipped, damage.rearranged, damage.lying):
        for name, data in damages():
            yield Input(name, lambda d=data: d)


def large() -> Iterator[Input]:
    """Yield inputs that take seconds and a gigabyte each, as large photos do."""
    for name, make in crafted.large():
        yield Input(name, make, True)
