"""Signals: the one way in which parts of the page hear from each other."""

from core.log import log
from core.signals import Signal


def test_callbacks_are_called_in_order_with_what_is_emitted():
    heard = []
    signal = Signal()
    signal.connect(lambda *arguments: heard.append(("first", arguments)))
    signal.connect(lambda *arguments: heard.append(("second", arguments)))
    signal.emit(1, "two")
    assert heard == [("first", (1, "two")), ("second", (1, "two"))]


def test_a_callback_that_fails_is_logged_and_stops_no_other(logged):
    heard = []
    signal = Signal()
    signal.connect(lambda: 1 / 0)
    signal.connect(lambda: heard.append(True))
    signal.emit()
    assert heard == [True]
    assert "ZeroDivisionError" in log.entries[-1][3]
    logged.append("A signal's callback failed")
