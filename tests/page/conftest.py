"""What the page's tests share. They run the page's logic on CPython, without a browser and without waiting."""

import pytest
from core import i18n
from core.log import log

from tools.paths import ROOT


@pytest.fixture(autouse=True)
def english(monkeypatch):
    """Texts are in English, from the page's own language file."""
    monkeypatch.chdir(ROOT / "app")
    i18n.set_language("en")


@pytest.fixture(autouse=True)
def logged():
    """The messages that a test expects in the log as errors, none to begin with. It fails where there are others."""
    log.entries.clear()
    errors: list = []
    yield errors
    found = [(message, details) for _, level, message, details in log.entries if level == "error"]
    assert [message for message, _ in found] == errors, found
