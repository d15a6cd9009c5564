"""The command line, the environment and the search for a browser."""

import os
import re
import subprocess
import sys

import pytest

from tools import browser, command_line, environment, serve
from tools.errors import ToolError
from tools.paths import ROOT, cache_folder
from tools.server import serving


def test_help_names_every_command():
    text = command_line.parser().format_help()
    assert all(
        re.search(rf"^\s+{name}\s", text, re.MULTILINE) for name in ("serve", "build", "test", "lint", "fetch", "lock")
    )


def test_models_are_given_with_commas():
    options = command_line.parser().parse_args(["build", "--models", "a, b,", "--out", "here"])
    assert options.models == ["a", "b"]
    assert command_line.parser().parse_args(["build"]).models is None


def test_problems_become_one_message_and_exit_code_1(monkeypatch, capsys):
    def fail(options):
        raise ToolError("A plain sentence.")

    monkeypatch.setattr(command_line, "_run", fail)
    assert command_line.main(["fetch"]) == 1
    assert capsys.readouterr().err == "A plain sentence.\n"


def test_everything_after_test_is_pytests(monkeypatch):
    seen = []
    monkeypatch.setattr(command_line, "_run", lambda options: seen.append(options.arguments) or 0)
    command_line.main(["test", "-x", "-k", "name", "--version"])
    assert seen == [["-x", "-k", "name", "--version"]]


def test_a_port_in_use_points_to_the_option(tmp_path):
    with serving(tmp_path) as other, pytest.raises(ToolError, match=r"in use.*--port"):
        serve.serve(other.server_address[1], browser=False)


def test_an_impossible_port_is_refused(tmp_path):
    with pytest.raises(ToolError, match="99999 is no port"):
        serve.serve(99999, browser=False)


def test_a_current_environment_is_left_alone(monkeypatch):
    def run(*arguments, **options):
        raise AssertionError("nothing should be run")

    # The tests run in an environment that `test` has just ensured.
    if not environment.inside():
        pytest.skip("runs in another environment")
    monkeypatch.setattr(environment.subprocess, "run", run)
    environment.ensure("test")


def pretend_environment(monkeypatch, folder):
    monkeypatch.setattr(environment, "VENV", folder)
    python = environment.program("python")
    python.parent.mkdir()
    python.touch()
    (folder / "offcut-python.stamp").write_text(python.name)


def test_changed_requirements_are_installed_again(monkeypatch, tmp_path):
    calls = []

    def run(command, **options):
        calls.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(environment.subprocess, "run", run)
    pretend_environment(monkeypatch, tmp_path)
    environment.ensure("test")
    assert len(calls) == 2 and {"--require-hashes", "-r"} <= set(calls[0]) and "--editable" in calls[1]
    environment.ensure("test")
    environment.ensure("build")
    assert len(calls) == 2
    (tmp_path / "offcut-build.stamp").write_text("older")
    environment.ensure("build")
    assert len(calls) == 4


def test_a_failed_installation_leaves_no_stamp(monkeypatch, tmp_path):
    monkeypatch.setattr(environment.subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 1))
    pretend_environment(monkeypatch, tmp_path)
    with pytest.raises(ToolError, match="could not be installed"):
        environment.ensure("build")
    assert [path.name for path in tmp_path.glob("*.stamp")] == ["offcut-python.stamp"]


def test_an_environment_whose_python_was_swapped_is_made_again(monkeypatch, tmp_path):
    calls = []

    def run(command, **options):
        calls.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(environment.subprocess, "run", run)
    pretend_environment(monkeypatch, tmp_path)
    environment.ensure("build")
    (tmp_path / "offcut-python.stamp").write_text("python3.99")
    calls.clear()
    environment.ensure("build")
    assert calls[0][1:4] == ["-m", "venv", "--clear"]


def test_a_python_without_venv_is_answered_with_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(environment, "VENV", tmp_path / "none")
    find_spec = environment.importlib.util.find_spec
    monkeypatch.setattr(
        environment.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else find_spec(name)
    )
    with pytest.raises(ToolError, match="apt-get install python3-venv"):
        environment.ensure("build")


def test_the_bootstrap_needs_the_standard_library_alone():
    # -I -S: no installed packages at all, as on a machine that has only Python.
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from tools.command_line import parser; parser(); "
        "import tools.fetching.fetch, tools.environment"
    )
    result = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_the_cache_can_be_moved(monkeypatch, tmp_path):
    monkeypatch.setenv("OFFCUT_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path.resolve()
    monkeypatch.delenv("OFFCUT_CACHE")
    assert cache_folder().name == "offcut"


@pytest.mark.skipif(os.name == "nt", reason="programs are found another way there")
def test_a_browser_that_does_not_start_is_passed_over(monkeypatch, tmp_path):
    for name, code in (("chromium", 1), ("google-chrome", 0)):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {code}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setattr(browser.sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browser.on_machine() == str(tmp_path / "google-chrome")


def test_the_chosen_browser_wins_and_must_exist(monkeypatch, tmp_path):
    monkeypatch.setenv("OFFCUT_CHROMIUM", str(tmp_path / "mine"))
    with pytest.raises(ToolError, match="no such file"):
        browser.find()
    (tmp_path / "mine").touch()
    assert browser.find() == str(tmp_path / "mine")
