"""The static checks: each fails for a fault of its kind. That the project passes them is what `tools lint` shows."""

import pytest
from ruamel.yaml import YAML

from tools import linting
from tools.linting import Check, Result
from tools.paths import ROOT

WORKFLOW = """
name: test
on: push
permissions: {}
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          persist-credentials: false
"""
FORM = "name: A form\ndescription: What for\nbody:\n  - type: textarea\n    attributes:\n      label: What?\n"
FAULTS = {
    "ruff check": ("fault.py", "import os\n", "F401"),
    "ruff format": ("fault.py", "a  =  1\n", "fault.py"),
    "mypy": ("tools/fault.py", "def size() -> int:\n    return 'large'\n", "Incompatible return value"),
    "zizmor": (
        ".github/workflows/a.yml",
        WORKFLOW.replace("@11bd71901bbe5b1630ceea73d27597364c9af683", "@v4"),
        "unpinned",
    ),
    "workflow schema": (".github/workflows/a.yml", WORKFLOW.replace("runs-on", "runs-under"), "runs-under"),
    "issue form schema": (".github/ISSUE_TEMPLATE/a.yml", FORM.replace("textarea", "painting"), "painting"),
}


@pytest.fixture
def project(tmp_path):
    """A project without a fault, with this one's configuration."""
    files = {
        "pyproject.toml": (ROOT / "pyproject.toml")
        .read_text()
        .replace('files = ["worker/offcut", ', 'files = ["')
        .replace('"tools", "bench", "tests", "app"]', 'tools"]'),
        "tools/__init__.py": "",
        ".github/workflows/a.yml": WORKFLOW,
        ".github/ISSUE_TEMPLATE/a.yml": FORM,
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def check_named(name: str, root) -> Check:
    return next(check for check in linting.checks(root) if check.name == name)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_fails_its_check_and_nothing_else_does(name, project):
    check = check_named(name, project)
    assert linting.run(check, project).passed
    path, text, message = FAULTS[name]
    (project / path).write_text(text)
    result = linting.run(check, project)
    assert not result.passed and message in result.output


def test_a_failed_check_is_shown_with_its_output_and_decides_the_exit_code(monkeypatch, capsys):
    results = {
        "good": Result(Check("good", list), True, "noise", 0.5),
        "bad": Result(Check("bad", list), False, "why", 2),
    }
    monkeypatch.setattr(linting, "checks", lambda: [result.check for result in results.values()])
    monkeypatch.setattr(linting, "run", lambda check: results[check.name])
    assert linting.lint() == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines] == [["good", "passed", "0.5", "s"], ["bad", "FAILED", "2.0", "s"], ["why"]]
    results.pop("bad")
    assert linting.lint() == 0


def test_the_javascript_that_is_checked_is_all_there_is():
    scripts = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("*.js")}
    for folder in ("app", "worker"):
        scripts |= {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*.*js")}
    assert set(linting.JAVASCRIPT) == scripts


@pytest.mark.parametrize("lock", ["tools/lint", "bench/speed"])
def test_npm_packages_are_named_with_their_hashes_and_no_registry(lock):
    text = (ROOT / lock / "package-lock.json").read_text()
    assert '"resolved"' not in text and text.count('"integrity"') == text.count('"node_modules/') > 10


def test_the_workflow_deploys_only_what_was_checked_tested_and_built():
    jobs = YAML(typ="safe").load((ROOT / ".github/workflows/pages.yml").read_text())["jobs"]
    assert set(jobs["build"]["needs"]) == {"lint", "test"} and jobs["deploy"]["needs"] == "build"
    assert [name for name, job in jobs.items() if "permissions" in job] == ["deploy"]
    assert "refs/heads/main" in jobs["deploy"]["if"] and "pull_request" in jobs["deploy"]["if"]
    commands = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    # What is installed comes from the tools, by hash.
    assert set(commands) == {"python3 -m tools lint", ".ci/run", "python3 -m tools build --out site"}
