"""Which network the automatic choice comes to. This module of the page also runs on CPython."""

import pytest
from photo import model_policy

TIERS = {"u": "fast", "i": "quality", "b": "balanced"}
BOTH = {"i", "b"}


def finer(tiers=TIERS, kept=(), seconds=1.0, on_graphics=False, memory=8, small=False, sparing=False, trouble=""):
    return model_policy.finer(tiers, kept, seconds, on_graphics, memory, small, sparing, trouble)


def test_a_quick_device_gets_the_best_and_a_slow_one_the_balanced():
    assert finer(seconds=0.8) == ("i", "")
    assert finer(seconds=3) == ("b", "")
    assert finer(seconds=40) == (None, "slow")
    assert finer(seconds=40, on_graphics=True) == ("i", "")


@pytest.mark.parametrize("given", [{"memory": 2}, {"small": True}, {"small": True, "kept": BOTH}])
def test_little_memory_keeps_the_fast_one(given):
    assert finer(**given) == (None, "memory")


def test_a_browser_that_does_not_say_its_memory_is_no_reason():
    assert finer(memory=None) == ("i", "")


@pytest.mark.parametrize("given", [{"sparing": True}, {"trouble": "missing"}])
def test_nothing_is_downloaded_where_it_should_not_be_but_what_is_there_is_used(given):
    reason = "connection" if "sparing" in given else "storage"
    assert finer(**given) == (None, reason)
    assert finer(**given, kept={"b"}) == ("b", "")
    assert finer(**given, kept=BOTH) == ("i", "")


def test_a_site_with_one_finer_network_uses_that():
    assert finer({"u": "fast", "b": "balanced"}) == ("b", "")
    assert finer({"u": "fast", "i": "quality"}, seconds=5) == ("i", "")


@pytest.mark.parametrize(
    ("said", "sparing"),
    [
        ((True, None, "4g"), True),
        ((False, "cellular", "4g"), True),
        ((False, "wifi", "3g"), True),
        ((None, None, None), False),
        ((False, "wifi", "4g"), False),
        ((None, None, "slow-2g"), True),
    ],
)
def test_metered_and_slow_connections_are_spared(said, sparing):
    assert model_policy.is_sparing(*said) is sparing


def test_a_photo_goes_to_the_fast_network_first_unless_a_finer_one_is_quick_here():
    assert model_policy.first(TIERS, {}) == "u"
    assert model_policy.first(TIERS, {"u": 0.3, "i": 3.0}) == "u"
    assert model_policy.first(TIERS, {"u": 0.3, "i": 0.2, "b": 0.1}) == "i"
    assert model_policy.first({"p": "permissive"}, {}) is None


def test_there_is_a_choice_only_between_a_fast_and_a_finer_one():
    assert model_policy.is_possible(TIERS)
    assert not model_policy.is_possible({"u": "fast"})
    assert not model_policy.is_possible({"u": "fast", "p": "permissive"})
