"""`fuzz`: try random changes of an input on one target for some time, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools.errors import ToolError
from tools.fuzzing.targets import seeds
from tools.paths import ROOT, shown

HANG_S = 20
"""Seconds for one input, on a machine that others share."""

MEMORY_MB = 2048


def fuzz(target: str, seconds: int, folder: Path = ROOT / "build" / "fuzz") -> int:
    """Fuzz a target, and return the exit code: 0 if nothing was found.

    Args:
        target: a key of `tools.fuzzing.targets.TARGETS`.
        seconds: how long.
        folder: where the inputs that reach new code are kept for the next time, and those that fail.

    Raises:
        ToolError: atheris is not there.
    """
    if sys.platform != "linux":
        raise ToolError("Fuzzing needs Linux, where atheris has wheels.")
    known, found = folder / target / "corpus", folder / target / "found"
    for each in (known, found):
        each.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds().get(target, ())):
        (known / f"seed-{number}").write_bytes(seed)
    before = set(found.iterdir())
    command = [
        *(sys.executable, "-m", "tools.fuzzing.targets", target, f"-max_total_time={seconds}", "-max_len=65536"),
        *(f"-timeout={HANG_S}", f"-rss_limit_mb={MEMORY_MB}", f"-artifact_prefix={found}/", str(known)),
    ]
    result = subprocess.run(command, cwd=ROOT)
    new = sorted(set(found.iterdir()) - before)
    if new or result.returncode:
        names = ", ".join(shown(path) for path in new) or "nothing that is kept"
        print(
            f"{target} FAILED, see above. The input: {names}. "
            f"`python3 -m tools fuzz {target} --input FILE` tries it again."
        )
        return 1
    print(f"{target}: nothing found in {seconds} s; {len(list(known.iterdir()))} inputs are kept")
    return 0


def again(target: str, file: Path) -> int:
    """Try one input again, and return the exit code."""
    command = [sys.executable, "-m", "tools.fuzzing.targets", target, str(file.absolute())]
    return subprocess.run(command, cwd=ROOT).returncode
