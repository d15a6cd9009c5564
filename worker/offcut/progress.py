"""The stages of processing a photo, their progress and their timing."""

import time
from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with a stage (one of `STAGES` or `OCCASIONAL_STAGES`), how much of it is done, and the total (0: unknown)."""

STAGES = ("decode", "model", "infer", "compose", "encode")

OCCASIONAL_STAGES = ("gpu",)
"""Reported as well where a GPU is being prepared."""


def no_progress(stage: str, done: int, total: int) -> None:
    """Report nothing: the default of every `progress` argument."""


class StageTimer:
    """Reports the start of each stage and measures its wall time."""

    def __init__(self, progress: Progress = no_progress) -> None:
        self.progress = progress
        self._stage = ""
        self._since = 0.0
        self.seconds: dict[str, float] = {}
        """Wall time of each stage in seconds."""

    def enter(self, stage: str) -> None:
        """Start a stage and stop the previous one. Does nothing where the stage is already running."""
        if stage == self._stage:
            return
        self.leave()
        self._stage, self._since = stage, time.perf_counter()
        self.progress(stage, 0, 0)

    def leave(self) -> None:
        """Stop the running stage, if any."""
        if self._stage:
            took = time.perf_counter() - self._since
            self.seconds[self._stage] = round(self.seconds.get(self._stage, 0.0) + took, 3)
            self._stage = ""
