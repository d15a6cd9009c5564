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
    # Unit tests first: they fail in seconds, and Playwright leaves an event loop running that asyncio.run would refuse.
    # testpaths counts only where the arguments name no test themselves, unlike a plain "tests" at the end.
    command = [sys.executable, "-m", "pytest", "-o", "testpaths=tests/unit tests/browser", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment).returncode
