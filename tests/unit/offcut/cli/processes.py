"""Functions that test processes run. Each process is spawned and imports them by name."""

import os
import signal
import time
from pathlib import Path


def doubler():
    """Doubles numbers; some do worse."""

    def work(item):
        if item == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if isinstance(item, Path):  # dies the first time
            if not item.exists():
                item.write_text("here")
                os.kill(os.getpid(), signal.SIGKILL)
            return "second"
        if item == "sleep":
            time.sleep(60)
        return os.getpid() if item == "pid" else (2 * item, os.environ["OMP_NUM_THREADS"])

    return work


def unready():
    """Cannot be made ready."""
    raise ValueError("no model here")


class Stubborn:
    """Writes a file while it is made to end, as a photo that is being written."""

    def __init__(self, folder):
        self.folder = folder

    def __call__(self):
        def work(item):
            temporary = self.folder / "temporary"
            try:
                temporary.write_text("half")
                time.sleep(60)
            finally:
                temporary.unlink()

        return work
