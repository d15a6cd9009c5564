"""The memory that the browser's pages take and the most they took, and their processor time, as Linux keeps them."""

from __future__ import annotations

import os
from pathlib import Path

PROCESSES = Path("/proc")


def renderers() -> list[int]:
    """The processes in which this one's browser runs its pages and their workers; none where there is no /proc."""
    return [pid for pid in processes() if b"--type=renderer" in _read(pid, "cmdline")]


def processes() -> list[int]:
    """All processes that this one has started, and those that they have; none where there is no /proc."""
    parents = {pid: parent for pid, parent in map(_parent, _all()) if parent}
    found = []
    for pid in parents:
        above: int | None = parents[pid]
        while above and above != os.getpid():
            above = parents.get(above)
        if above:
            found.append(pid)
    return found


def forget_peaks(pids: list[int]) -> None:
    """Start to look for the most anew (proc(5), `clear_refs`: 5 resets the peak resident set)."""
    for pid in pids:
        try:
            (PROCESSES / str(pid) / "clear_refs").write_text("5")
        except FileNotFoundError:  # it has ended meanwhile
            pass


def peak(pids: list[int]) -> float:
    """The sum of the processes' peaks of resident memory since then, in megabytes."""
    return _sum(pids, b"VmHWM:")


def resident(pids: list[int]) -> float:
    """The sum of the processes' resident memory now, in megabytes."""
    return _sum(pids, b"VmRSS:")


def _sum(pids: list[int], entry: bytes) -> float:
    lines = [line.split() for pid in pids for line in _read(pid, "status").splitlines()]
    return sum(int(words[1]) for words in lines if words and words[0] == entry) * 1024 / 1e6


def processor_seconds(pids: list[int]) -> float:
    """The processor time that these processes have taken so far, in user and system mode (proc(5), `stat`)."""
    words = [_read(pid, "stat").rpartition(b")")[2].split() for pid in pids]
    return sum(int(each[11]) + int(each[12]) for each in words if each) / os.sysconf("SC_CLK_TCK")


def _all() -> list[int]:
    return [int(path.name) for path in PROCESSES.glob("[0-9]*")] if PROCESSES.is_dir() else []


def _parent(pid: int) -> tuple[int, int]:
    """The process and its parent, 0 where it has ended meanwhile."""
    # The name, in brackets, may hold spaces; the state and the parent come after it.
    words = _read(pid, "stat").rpartition(b")")[2].split()
    return pid, int(words[1]) if words else 0


def _read(pid: int, name: str) -> bytes:
    try:
        return (PROCESSES / str(pid) / name).read_bytes()
    except OSError:  # it has ended meanwhile
        return b""
