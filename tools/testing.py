"""`test`: the static checks, everything the tests need, then pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from time import monotonic

from tools import browser
from tools.fetching.fetch import fetch
from tools.linting import lint
from tools.models import build as models_build
from tools.paths import ROOT

FAST = "--fast"
ALL = "--all"
"""An option of pytest as well (tests/conftest.py): also run the tests marked nightly."""

UNIT = ("tests/unit", "tests/page")
BROWSER = "tests/browser"


def test(arguments: list[str]) -> int:
    """Run the static checks and the tests, and return the exit code: 0 if everything passed.

    Args:
        arguments: ``--fast`` limits the browser tests to those marked smoke, ``--all`` adds the tests marked nightly.
            Any other arguments go to pytest, which then runs alone, without the static checks.
    """
    fast = FAST in arguments
    arguments = [argument for argument in arguments if argument != FAST]
    if arguments and arguments != [ALL]:
        # testpaths counts only if the arguments name no test themselves, unlike paths at the end of the command.
        return _pytest("-o", f"testpaths={' '.join((*UNIT, BROWSER))}", *arguments, environment=_environment())
    linted = lint()
    environment = _environment()
    # Unit tests first: they fail soon, and Playwright leaves an event loop running that asyncio.run would refuse.
    print("\nUnit and page tests", flush=True)
    started = monotonic()
    result = _pytest("-n", "2", *arguments, *UNIT, environment=environment)
    print(f"Unit and page tests {'FAILED' if result else 'passed'} in {monotonic() - started:.0f} s", flush=True)
    if linted:
        print("Static checks FAILED, see above", flush=True)
    if result:
        return result
    print("\nBrowser tests", flush=True)
    if fast:
        return _pytest("-n", "2", "-m", "smoke", BROWSER, environment=environment) or linted
    # Browsers wait for downloads, timers and workers: two at a time keep two cores busy. Whoever is done first takes
    # tests over from the other. What is skipped, as without Firefox, is listed with its reason.
    options = ("-n", "2", "--dist", "worksteal", "--durations", "25", "-rs")
    return _pytest(*options, *arguments, BROWSER, environment=environment) or linted


def _environment() -> dict[str, str]:
    """Prepare what the tests need: third-party files, models, a browser. Return pytest's environment variables."""
    fetch()
    models_build.build()
    return os.environ | {browser.VARIABLE: browser.find()}


def _pytest(*arguments: str, environment: dict[str, str]) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=environment).returncode
