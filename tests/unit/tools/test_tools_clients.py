"""Asking the registries' clients, and what is said when they fail."""

import subprocess

import pytest

from tools.fetching import clients
from tools.fetching.lock import load
from tools.problems import Problem


@pytest.fixture
def package(registry):
    return load(registry.lock)[0]


def answer(monkeypatch, code, stderr="", leave=()):
    commands = []

    def run(command, cwd, **options):
        commands.append(command)
        for name in leave:
            (cwd / name).write_bytes(b"archive")
        return subprocess.CompletedProcess(command, code, "", stderr)

    monkeypatch.setattr(clients.subprocess, "run", run)
    monkeypatch.setattr(clients, "npm_program", lambda: "npm")
    return commands


def test_npm_is_asked_for_exactly_one_version_and_runs_no_scripts(package, tmp_path, monkeypatch):
    folder = tmp_path / "download"
    folder.mkdir()
    commands = answer(monkeypatch, 0, leave=["small-1.0.tgz"])
    assert clients.download(package, folder) == folder / "small-1.0.tgz"
    assert commands[0][:3] == ["npm", "pack", "small@1.0"] and "--ignore-scripts" in commands[0]


def test_pip_is_asked_for_a_wheel_alone_and_for_the_locks_python(registry, tmp_path, monkeypatch):
    registry.replace_in_lock('manager = "npm"', 'manager = "pip"\npip_python = "3.9"')
    folder = tmp_path / "download"
    folder.mkdir()
    commands = answer(monkeypatch, 0, leave=["small-1.0-py3-none-any.whl"])
    clients.download(load(registry.lock)[0], folder)
    command = commands[0]
    assert {"--no-deps", "--only-binary=:all:", "small==1.0"} <= set(command)
    assert command[command.index("--python-version") + 1] == "3.9"


def test_a_failing_client_is_quoted_with_what_to_do(package, tmp_path, monkeypatch):
    folder = tmp_path / "download"
    folder.mkdir()
    answer(monkeypatch, 1, stderr="\n".join(f"line {number}" for number in range(1, 21)))
    with pytest.raises(Problem) as problem:
        clients.download(package, folder)
    said = str(problem.value)
    assert "small 1.0" in said and "line 20" in said and "line 12\n" not in said and "Check the network" in said


def test_a_client_that_brings_nothing_has_failed_too(package, tmp_path, monkeypatch):
    folder = tmp_path / "download"
    folder.mkdir()
    answer(monkeypatch, 0)
    with pytest.raises(Problem, match="could not download small 1.0"):
        clients.download(package, folder)
