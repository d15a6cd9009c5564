"""Being told how far something has come, and waiting for one another."""

import io
import subprocess
import sys
import threading
import time

import pytest

from tools import progress
from tools.locking import locked
from tools.paths import ROOT
from tools.progress import telling


@pytest.fixture(autouse=True)
def no_time_passes(monkeypatch):
    monkeypatch.setattr(progress, "monotonic", lambda: 0.0)


def test_a_long_wait_is_told_in_lines_of_its_own(monkeypatch, capsys):
    monkeypatch.setattr(progress, "LOG_PAUSE", 0.05)
    states = iter(["first", "second"])
    told = threading.Event()

    def state():
        try:
            return next(states)
        except StopIteration:
            told.set()
            return "last"

    with telling(state):
        assert told.wait(10)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["  first, 0 s", "  second, 0 s"]
    time.sleep(0.1)
    assert capsys.readouterr().out == ""


def test_a_short_wait_is_not_told(capsys):
    with telling(lambda: "soon"):
        pass
    assert capsys.readouterr().out == ""


def test_a_terminal_gets_one_line_that_goes_away_again(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(progress, "TERMINAL_PAUSE", 0.01)
    states = iter(["a long state", "short"])
    told = threading.Event()

    def state():
        found = next(states, None)
        if found is None:
            told.set()
        return found or "end"

    with telling(state):
        assert told.wait(10)
    written = terminal.getvalue()
    # The shorter line covers the longer one before it, and at the end nothing is left to see.
    assert written.startswith("\r  a long state, 0 s\r  short, 0 s       \r") and "\n" not in written
    assert written.endswith("\r") and written.split("\r")[-2].strip() == ""


def test_an_error_ends_the_telling_too(monkeypatch, capsys):
    monkeypatch.setattr(progress, "LOG_PAUSE", 0.01)
    with pytest.raises(ValueError), telling(lambda: "at it"):
        raise ValueError
    capsys.readouterr()
    time.sleep(0.05)
    assert capsys.readouterr().out == ""


def test_only_one_at_a_time_and_the_other_says_that_it_waits(tmp_path, capsys):
    order = []

    def second():
        with locked(tmp_path / "lock", "Waiting."):
            order.append("second")

    with locked(tmp_path / "lock", "never"):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.1)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"] and capsys.readouterr().out == "Waiting.\n"


def test_a_killed_holder_leaves_no_lock(tmp_path, capsys):
    code = (
        "import sys, time; from pathlib import Path; from tools.locking import locked\n"
        "with locked(Path(sys.argv[1]), ''): print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "lock")], cwd=ROOT, stdout=subprocess.PIPE)
    with holder:
        assert holder.stdout.readline().strip() == b"held"
        threading.Timer(0.1, holder.kill).start()
        started = time.monotonic()
        with locked(tmp_path / "lock", "Waiting."):
            pass
    assert time.monotonic() - started < 30 and capsys.readouterr().out == "Waiting.\n"
