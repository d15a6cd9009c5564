"""`lint`: the static checks of Python, JavaScript and the workflow."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from tools.environment import program
from tools.node import install_packages, node_program
from tools.paths import ROOT

JAVASCRIPT = ("sw.js", "app/boot.js", "worker/interpreter.mjs")
WORKFLOWS = ".github/workflows"
WORKER = "worker/main.py"
"""Checked apart from the rest: the page has a module of the same name."""

WORKER_CACHE = "build/.mypy_cache_worker"
PACKAGES = ROOT / "tools" / "lint"


@dataclass(frozen=True)
class Check:
    """One static check."""

    name: str
    command: Callable[[], list[str]]
    """Returns the command line; called when the check starts, because some install what they need first."""


@dataclass(frozen=True)
class Result:
    """How a check ended."""

    check: Check
    passed: bool
    output: str
    seconds: float


def checks(root: Path = ROOT) -> list[Check]:
    """Return every check of the project in `root`, in the order of their report."""
    return [
        Check("ruff check", lambda: [*_module("ruff"), "check", "--quiet", "."]),
        Check("ruff format", lambda: [*_module("ruff"), "format", "--check", "--quiet", "."]),
        Check("mypy", lambda: [*_module("mypy"), "--no-error-summary"]),
        Check("mypy worker", lambda: [*_module("mypy"), "--no-error-summary", "--cache-dir", WORKER_CACHE, WORKER]),
        Check("import-linter", lambda: [*_imports(), "--no-logo", "--cache-dir", "build/.import_linter_cache"]),
        Check("ESLint", _eslint),
        Check("zizmor", lambda: [str(program("zizmor")), "--offline", "--no-progress", "--quiet", WORKFLOWS]),
        Check("workflow schema", lambda: _schema(root, "github-workflows", ".github/workflows/*.yml")),
        Check("issue form schema", lambda: _schema(root, "github-issue-forms", ".github/ISSUE_TEMPLATE/[!c]*.yml")),
    ]


def lint() -> int:
    """Run every check, two at a time, and print each with its time. Return 0 if all pass, else 1."""
    with ThreadPoolExecutor(2) as pool:
        # mypy takes longest, so it starts first; the report keeps its order.
        found = checks()
        running = {
            check.name: pool.submit(run, check) for check in sorted(found, key=lambda check: check.name != "mypy")
        }
        failed = 0
        for check in found:
            result = running[check.name].result()
            failed += not result.passed
            _report(result)
    return 1 if failed else 0


def run(check: Check, root: Path = ROOT) -> Result:
    """Run one check in the folder `root`."""
    started = monotonic()
    result = subprocess.run(check.command(), cwd=root, capture_output=True, text=True, errors="replace")
    output = (result.stdout + result.stderr).strip()
    return Result(check, result.returncode == 0, output, monotonic() - started)


def _report(result: Result) -> None:
    verdict = "passed" if result.passed else "FAILED"
    print(f"{result.check.name:<18} {verdict} {result.seconds:6.1f} s", flush=True)
    if not result.passed:
        print("\n".join(f"  {line}" for line in result.output.splitlines()), flush=True)


def _module(name: str) -> list[str]:
    return [sys.executable, "-m", name]


def _schema(root: Path, name: str, pattern: str) -> list[str]:
    files = [path.relative_to(root).as_posix() for path in sorted(root.glob(pattern))]
    return [*_module("check_jsonschema"), "--builtin-schema", f"vendor.{name}", *files]


def _imports() -> list[str]:
    # import-linter has no module to run, only a program.
    return [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]


def _eslint() -> list[str]:
    modules = install_packages(PACKAGES, "ESLint", "about 15 MB")
    # Next to its node_modules, where it finds what it imports.
    config = modules.parent / "eslint.config.mjs"
    config.write_bytes((PACKAGES / "eslint.config.mjs").read_bytes())
    return [node_program(), str(modules / "eslint" / "bin" / "eslint.js"), "--config", str(config), *JAVASCRIPT]
