"""What is said of a batch's memory: its growth with each photo, means, a plot."""

import pytest

from bench.memory.batch import Sample, growth, plot, table


def samples(grows: float) -> list[Sample]:
    """A batch of 100 photos that warms up during the first five."""
    return [Sample(done, done, 300 + min(done, 5) * 100 + grows * done, 400) for done in range(101)]


@pytest.mark.parametrize("grows", [0, 0.5, 12])
def test_growth_is_told_apart_from_the_warm_up(grows):
    assert growth(samples(grows)) == pytest.approx(grows, abs=0.01)


def test_the_table_has_quarters_the_most_and_the_growth():
    rows = table(samples(1)).splitlines()
    assert rows[-1] == "| more with each photo | +1.00 | |" and rows[-2] == "| most | 900 | 400 |"
    assert [row.split("|")[1].strip() for row in rows[2:6]] == ["0 to 25", "25 to 50", "50 to 75", "75 to 100"]


def test_one_photo_is_enough():
    assert growth([Sample(0, 0, 300, 400), Sample(1, 1, 800, 400)]) in (0.0, 500.0)
    assert "1 photos" in plot([Sample(0, 0, 300, 400), Sample(1, 1, 800, 400)])
