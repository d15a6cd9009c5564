"""`test`: everything the tests need, then pytest."""

from __future__ import annotations

import os
import subprocess
import sys

from tools import browser
from tools.fetching.fetch import fetch
from tools.models import build as models_build
from tools.paths import ROOT


def test(arguments: list[str]) -> int:
    """Runs pytest on `tests/`, or on what the arguments name, and gives its exit code."""
    fetch()
    models_build.build()
    environment = os.environ | {browser.VARIABLE: browser.find()}
    pytest = [sys.executable, "-m", "pytest"]
    # Unit tests first: they fail soon, and Playwright leaves an event loop running that asyncio.run would refuse.
    if arguments:
        # testpaths counts only where the arguments name no test themselves, unlike a plain "tests" at the end.
        chosen = [*pytest, "-o", "testpaths=tests/unit tests/browser", *arguments]
        return subprocess.run(chosen, cwd=ROOT, env=environment).returncode
    pytest += ["-n", "2"]
    unit = subprocess.run([*pytest, "tests/unit"], cwd=ROOT, env=environment).returncode
    # Visits wait for downloads, timers and each other's workers: two at a time keep two cores at work. A file stays together,
    # and the longest come first, as tests/browser/conftest.py has them.
    browsers = [*pytest, "--dist", "loadfile", "--no-loadscope-reorder", "--durations", "25", "tests/browser"]
    return unit or subprocess.run(browsers, cwd=ROOT, env=environment).returncode
