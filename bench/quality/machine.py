"""Date, machine and versions of a measurement."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tools.paths import ROOT

LIBRARIES = ("numpy", "pillow", "onnxruntime", "scipy", "pysodmetrics", "playwright")
CPU_INFO = Path("/proc/cpuinfo")


def described() -> dict[str, str]:
    """Return date, machine, system and versions, in words."""
    return {
        "date": date.today().isoformat(),
        "machine": f"{cpu_name()}, {os.cpu_count()} cores, {platform.machine()}",
        "system": platform.system(),
        "Offcut": revision(),
        "Python": platform.python_version(),
        "libraries": ", ".join(f"{name} {found}" for name in LIBRARIES if (found := _version(name))),
    }


def load() -> str:
    """Return the load: the average number of running processes in the last minute."""
    return f"{os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else "unknown"


def cpu_name() -> str:
    """Return the CPU's name."""
    if CPU_INFO.is_file():
        for line in CPU_INFO.read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    if sys.platform == "darwin":
        return _output("sysctl", "-n", "machdep.cpu.brand_string") or "unknown CPU"
    return platform.processor() or "unknown CPU"


def revision() -> str:
    """Return the commit of this checkout, and whether files differ from it."""
    commit = _output("git", "-C", str(ROOT), "rev-parse", "--short=10", "HEAD")
    if not commit:
        return "unknown revision"
    return commit + (" and changes since" if _output("git", "-C", str(ROOT), "status", "--porcelain") else "")


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _output(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=30).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""
