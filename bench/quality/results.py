"""What an evaluation found, photo by photo."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from bench.quality.photos import Photo

SECONDS = "seconds"
"""Key, beside those of the measures, of the wall time of one photo."""


@dataclass
class Results:
    """Figures of several contestants on the same photos."""

    photos: list[Photo]
    """In the order of their sets."""

    contestants: list[str]
    """By name, our own first."""

    reference: str
    """The contestant that the others are compared with."""

    figures: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)
    """By the photo's key, by contestant: each measure, and `SECONDS`."""

    refusals: list[tuple[str, str, str]] = field(default_factory=list)
    """Photo's key, contestant and reason."""

    settings: dict[str, str] = field(default_factory=dict)
    """By contestant, what it ran on."""

    def add(self, photo: Photo, contestant: str, figures: dict[str, float]) -> None:
        """Keeps the figures of one cutout."""
        self.figures.setdefault(photo.key, {})[contestant] = figures

    def sets(self) -> Iterator[tuple[str, list[Photo]]]:
        """Each set with those photos that every contestant took: means of different photos say nothing together."""
        for name, kin in groupby(self.photos, key=lambda photo: photo.set):
            yield name, [photo for photo in kin if len(self.figures.get(photo.key, ())) == len(self.contestants)]

    def column(self, photos: list[Photo], contestant: str, key: str) -> list[float]:
        """One figure of one contestant on these photos."""
        return [self.figures[photo.key][contestant][key] for photo in photos]

    def pace(self, photos: list[Photo], contestant: str) -> float:
        """The median of the seconds a photo took. The first also waits for caches, so no mean."""
        return statistics.median(self.column(photos, contestant, SECONDS))
