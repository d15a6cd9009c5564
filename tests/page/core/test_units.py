"""Bytes, rates and times as the page says them."""

import pytest
from core.units import Rate, size


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 kB"),
        (400, "0.4 kB"),
        (99_999, "100.0 kB"),
        (100_000, "0.1 MB"),
        (4_500_000, "4.5 MB"),
        (2.2e9, "2.2 GB"),
    ],
)
def test_sizes_are_shown_in_the_unit_that_suits_them(count, text):
    assert size(count) == text


def test_rate_and_time_left_come_from_the_last_seconds():
    now = [100.0]
    rate = Rate(lambda: now[0])
    # What was on the device already is no speed.
    assert rate.text(20_000_000, 45_000_000) == "20.0 of 45.0 MB"
    now[0] += 1
    assert rate.text(22_500_000, 45_000_000) == "22.5 of 45.0 MB · 2.5 MB/s · 9 s left"
    for _ in range(10):  # it becomes slow, and says so soon
        now[0] += 1
        text = rate.text(22_500_000 + (now[0] - 101) * 100_000, 45_000_000)
    assert "0.1 MB/s" in text and text.endswith("4 min left")


def test_a_stand_still_has_no_rate():
    now = [0.0]
    rate = Rate(lambda: now[0])
    rate.text(10_000_000, 45_000_000)
    now[0] = 30.0
    assert rate.text(10_000_000, 45_000_000) == "10.0 of 45.0 MB"
    rate.text(5_000_000, 45_000_000)  # a piece is fetched again
    now[0] = 31.0
    assert rate.text(6_000_000, 45_000_000) == "6.0 of 45.0 MB · 1.0 MB/s · 39 s left"
    assert rate.text(45_000_000, 45_000_000) == "45.0 of 45.0 MB"
