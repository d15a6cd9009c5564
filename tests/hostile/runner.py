"""Run `trial` in processes of its own, again after each crash or hang, and collect what came of every input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.hostile.trial import Outcome

ROOT = Path(__file__).parents[2]


def run(what: str, first: int = 0, step: int = 1) -> list[Outcome]:
    """Try every `step`-th input from `first` on; `what` is a key of `tests.hostile.trial.ACTS`."""
    outcomes: list[Outcome] = []
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "worker")])}
    while True:
        start = str(first + step * len(outcomes))
        command = [sys.executable, "-m", "tests.hostile.trial", what, start, str(step)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        begun = None
        for line in done.stdout.splitlines():
            found = json.loads(line)
            begun = found.get("begins")
            if begun is None:
                outcomes.append(Outcome(**found))
        if done.returncode == 0:
            return outcomes
        assert begun is not None, done.stderr  # it ended before or after an input, not because of one
        outcomes.append(Outcome(begun, f"ended the process ({done.returncode}): {done.stderr[-2000:]}", 0, 0, None))
