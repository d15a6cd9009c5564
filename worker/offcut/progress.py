"""The stages of the way of a photo, and who is told of them."""

import time
from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Told of each stage: its name (`STAGES` or `OCCASIONAL_STAGES`), how much of it is done, and how much there is in all
(0 where unknown)."""

STAGES = ("decode", "model", "infer", "compose", "encode")

OCCASIONAL_STAGES = ("gpu",)
"""Told besides, where a graphics processor is made ready."""


class StageTimer:
    """Tells the progress of each stage's beginning and keeps what each took."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self._stage = ""
        self._since = 0.0
        self.seconds: dict[str, float] = {}

    def enter(self, stage: str) -> None:
        """Begin a stage, and end the one before. To enter the one that is at work is nothing."""
        if stage == self._stage:
            return
        self.leave()
        self._stage, self._since = stage, time.perf_counter()
        self.progress(stage, 0, 0)

    def leave(self) -> None:
        """End the stage."""
        if self._stage:
            took = time.perf_counter() - self._since
            self.seconds[self._stage] = round(self.seconds.get(self._stage, 0.0) + took, 3)
            self._stage = ""
