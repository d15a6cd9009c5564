"""Preferences, and the timeouts that tests can shorten."""

import pytest
from core.preferences import Preferences
from core.timing import Timing


def test_a_preference_is_read_from_what_is_stored_and_written_to_it():
    written = []
    preferences = Preferences({"model": "isnet"}, lambda name, value: written.append((name, value)))
    assert (preferences.get("model"), preferences.get("language")) == ("isnet", None)
    preferences.set("language", "zh")
    assert preferences.get("language") == "zh" and written == [("language", "zh")]


def test_after_everything_was_deleted_nothing_is_remembered():
    preferences = Preferences({"model": "isnet"}, lambda name, value: None)
    preferences.clear()
    assert preferences.get("model") is None


def test_timeouts_can_be_shortened_and_a_wrong_name_is_an_error():
    timing = Timing()
    timing.override({"idle_timeout": 0.5})
    assert timing.idle_timeout == 0.5 and Timing().idle_timeout == 300
    with pytest.raises(ValueError, match="patience"):
        timing.override({"patience": 1})
