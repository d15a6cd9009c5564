"""Results of an evaluation, photo by photo."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from bench.quality.photos import Photo

SECONDS = "seconds"
"""Key of the wall time of one photo, among those of the measures."""


@dataclass
class Results:
    """Figures of several candidates on the same photos."""

    photos: list[Photo]
    """In the order of their sets."""

    candidates: list[str]
    """By name, our own first."""

    reference: str
    """The candidate that the others are compared with."""

    figures: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)
    """By the photo's key, by candidate: each measure, and `SECONDS`."""

    refusals: list[tuple[str, str, str]] = field(default_factory=list)
    """Photo's key, candidate and reason."""

    settings: dict[str, str] = field(default_factory=dict)
    """By candidate, what it ran on."""

    def add(self, photo: Photo, candidate: str, figures: dict[str, float]) -> None:
        """Add the figures of one cutout."""
        self.figures.setdefault(photo.key, {})[candidate] = figures

    def sets(self) -> Iterator[tuple[str, list[Photo]]]:
        """Yield each set with the photos that every candidate processed: only their means are comparable."""
        for name, group in groupby(self.photos, key=lambda photo: photo.set):
            yield name, [photo for photo in group if len(self.figures.get(photo.key, ())) == len(self.candidates)]

    def column(self, photos: list[Photo], candidate: str, key: str) -> list[float]:
        """Return one figure of one candidate on these photos."""
        return [self.figures[photo.key][candidate][key] for photo in photos]

    def median_seconds(self, photos: list[Photo], candidate: str) -> float:
        """Return the median seconds of a photo; the first photo also fills caches, which would distort a mean."""
        return statistics.median(self.column(photos, candidate, SECONDS))
