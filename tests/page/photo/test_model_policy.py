"""Which network runs first, and which one replaces its cutout."""

import pytest
from photo import model_policy

TIERS = {"u": "fast", "i": "quality", "b": "balanced"}
BOTH = {"i", "b"}


def upgrade(
    tiers=TIERS, cached=(), seconds=1.0, on_gpu=False, memory=8, low_memory=False, is_metered=False, storage_problem=""
):
    return model_policy.choose_upgrade(tiers, cached, seconds, on_gpu, memory, low_memory, is_metered, storage_problem)


def test_a_quick_device_gets_the_best_and_a_slow_one_the_balanced():
    assert upgrade(seconds=0.8) == ("i", "")
    assert upgrade(seconds=3) == ("b", "")
    assert upgrade(seconds=40) == (None, "slow")
    assert upgrade(seconds=40, on_gpu=True) == ("i", "")


@pytest.mark.parametrize("given", [{"memory": 2}, {"low_memory": True}, {"low_memory": True, "cached": BOTH}])
def test_little_memory_keeps_the_fast_one(given):
    assert upgrade(**given) == (None, "memory")


def test_a_browser_that_does_not_report_its_memory_is_no_reason():
    assert upgrade(memory=None) == ("i", "")


@pytest.mark.parametrize("given", [{"is_metered": True}, {"storage_problem": "missing"}])
def test_nothing_is_downloaded_where_it_should_not_be_but_what_is_cached_is_used(given):
    reason = "connection" if "is_metered" in given else "storage"
    assert upgrade(**given) == (None, reason)
    assert upgrade(**given, cached={"b"}) == ("b", "")
    assert upgrade(**given, cached=BOTH) == ("i", "")


def test_a_site_with_one_finer_network_uses_that():
    assert upgrade({"u": "fast", "b": "balanced"}) == ("b", "")
    assert upgrade({"u": "fast", "i": "quality"}, seconds=5) == ("i", "")


@pytest.mark.parametrize(
    ("connection", "expected"),
    [
        ((True, None, "4g"), True),
        ((False, "cellular", "4g"), True),
        ((False, "wifi", "3g"), True),
        ((None, None, None), False),
        ((False, "wifi", "4g"), False),
        ((None, None, "slow-2g"), True),
    ],
)
def test_metered_and_slow_connections_are_spared(connection, expected):
    assert model_policy.is_metered(*connection) is expected


def test_a_photo_goes_to_the_fast_network_first_unless_a_finer_one_is_quick_here():
    assert model_policy.choose_first(TIERS, {}) == "u"
    assert model_policy.choose_first(TIERS, {"u": 0.3, "i": 3.0}) == "u"
    assert model_policy.choose_first(TIERS, {"u": 0.3, "i": 0.2, "b": 0.1}) == "i"
    assert model_policy.choose_first({"p": "permissive"}, {}) is None


def test_there_is_a_choice_only_between_a_fast_and_a_finer_one():
    assert model_policy.is_possible(TIERS)
    assert not model_policy.is_possible({"u": "fast"})
    assert not model_policy.is_possible({"u": "fast", "p": "permissive"})
