"""Memory and CPU time of the browser's processes, from Linux's /proc."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

PROCESSES = Path("/proc")


def renderers() -> list[int]:
    """Return the renderer processes below this process: pages and their workers. Empty without /proc."""
    return [pid for pid in processes() if b"--type=renderer" in _read(pid, "cmdline")]


def processes() -> list[int]:
    """Return all descendants of this process. Empty without /proc."""
    parents = {pid: parent for pid, parent in map(_parent, _all()) if parent}
    found = []
    for pid, parent in parents.items():
        above: int | None = parent
        while above and above != os.getpid():
            above = parents.get(above)
        if above:
            found.append(pid)
    return found


def reset_peaks(pids: list[int]) -> None:
    """Reset the peak of resident memory (proc(5), `clear_refs`: 5)."""
    for pid in pids:
        with contextlib.suppress(FileNotFoundError):  # the process has ended
            (PROCESSES / str(pid) / "clear_refs").write_text("5")


def peak(pids: list[int]) -> float:
    """Return the sum of the processes' peaks of resident memory since `reset_peaks`, in MB."""
    return _sum(pids, b"VmHWM:")


def resident(pids: list[int]) -> float:
    """Return the sum of the processes' current resident memory, in MB."""
    return _sum(pids, b"VmRSS:")


def _sum(pids: list[int], entry: bytes) -> float:
    lines = [line.split() for pid in pids for line in _read(pid, "status").splitlines()]
    return sum(int(words[1]) for words in lines if words and words[0] == entry) * 1024 / 1e6


def cpu_seconds(pids: list[int]) -> float:
    """Return the CPU time of the processes so far, user and system, in seconds (proc(5), `stat`)."""
    words = [_read(pid, "stat").rpartition(b")")[2].split() for pid in pids]
    return sum(int(each[11]) + int(each[12]) for each in words if each) / os.sysconf("SC_CLK_TCK")


def _all() -> list[int]:
    return [int(path.name) for path in PROCESSES.glob("[0-9]*")] if PROCESSES.is_dir() else []


def _parent(pid: int) -> tuple[int, int]:
    """Return a process and its parent, 0 if the process has ended."""
    # The name, in brackets, may hold spaces; the state and the parent come after it.
    words = _read(pid, "stat").rpartition(b")")[2].split()
    return pid, int(words[1]) if words else 0


def _read(pid: int, name: str) -> bytes:
    try:
        return (PROCESSES / str(pid) / name).read_bytes()
    except OSError:  # the process has ended
        return b""
