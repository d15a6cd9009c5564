"""Progress messages of long waits."""

import io
import sys
import threading
import time

import pytest

from tools import progress
from tools.progress import show_progress


@pytest.fixture(autouse=True)
def no_time_passes(monkeypatch):
    monkeypatch.setattr(progress, "monotonic", lambda: 0.0)


def test_a_long_wait_is_reported_in_lines(monkeypatch, capsys):
    monkeypatch.setattr(progress, "LOG_INTERVAL_S", 0.05)
    states = iter(["first", "second"])
    printed = threading.Event()

    def state():
        try:
            return next(states)
        except StopIteration:
            printed.set()
            return "last"

    with show_progress(state):
        assert printed.wait(10)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["  first, 0 s", "  second, 0 s"]
    time.sleep(0.1)
    assert capsys.readouterr().out == ""


def test_a_short_wait_prints_nothing(capsys):
    with show_progress(lambda: "soon"):
        pass
    assert capsys.readouterr().out == ""


def test_a_terminal_gets_one_line_that_goes_away_again(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(progress, "TERMINAL_INTERVAL_S", 0.01)
    states = iter(["a long state", "short"])
    printed = threading.Event()

    def state():
        found = next(states, None)
        if found is None:
            printed.set()
        return found or "end"

    with show_progress(state):
        assert printed.wait(10)
    written = terminal.getvalue()
    # The shorter line covers the longer one before it, and at the end nothing is left to see.
    assert written.startswith("\r  a long state, 0 s\r  short, 0 s       \r") and "\n" not in written
    assert written.endswith("\r") and written.split("\r")[-2].strip() == ""


def test_an_error_ends_the_messages_too(monkeypatch, capsys):
    monkeypatch.setattr(progress, "LOG_INTERVAL_S", 0.01)
    with pytest.raises(ValueError, match="broken"), show_progress(lambda: "at it"):
        raise ValueError("broken")
    capsys.readouterr()
    time.sleep(0.05)
    assert capsys.readouterr().out == ""
