"""Two opinions as one."""

import numpy as np
import pytest
from hypothesis import given, strategies

from bench.quality import agreement
from offcut.errors import HelpError
from tests.unit.offcut.samples import assert_plain, examples

ONE = np.array([[255, 255, 0, 0, 0, 40]], np.uint8)
OTHER = np.array([[255, 0, 0, 255, 255, 100]], np.uint8)


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [
        ("either", [255, 255, 0, 255, 255, 100]),
        ("both", [255, 0, 0, 0, 0, 40]),
        ("sure", [255, 255, 0, 0, 0, 40]),
    ],
)
def test_the_ways_to_combine(mode, wanted):
    assert agreement.combine(ONE, OTHER, mode).tolist() == [wanted]


def test_at_a_point_the_second_is_taken_in_that_region_alone():
    assert agreement.combine(ONE, OTHER, "point", (4, 0)).tolist() == [[255, 255, 0, 255, 255, 40]]
    assert agreement.combine(ONE, OTHER, "point", (1, 0)).tolist() == [[255, 0, 0, 0, 0, 40]]


@examples(40)
@given(strategies.integers(1, 12), strategies.integers(1, 12), strategies.integers(0, 2**31))
def test_everywhere_it_is_the_one_or_the_other(width, height, seed):
    random = np.random.default_rng(seed)
    one, other = random.integers(0, 256, (2, height, width), np.uint8)
    for mode in ("either", "both", "sure"):
        found = agreement.combine(one, other, mode)
        assert found.dtype == np.uint8 and ((found == one) | (found == other)).all()
        assert np.array_equal(agreement.combine(one, one, mode), one)
    assert (agreement.combine(one, other, "both") <= agreement.combine(one, other, "either")).all()


@pytest.mark.parametrize(
    ("mode", "point"),
    [
        ("mean", None),
        ("point", None),
        ("point", (6, 0)),
        ("point", (0, -1)),
        ("point", (0, 0)),
    ],
)
def test_what_cannot_be_used_is_refused(mode, point):
    with pytest.raises(HelpError) as caught:
        agreement.combine(ONE, OTHER, mode, point)
    assert_plain(caught.value)
    with pytest.raises(HelpError):
        agreement.combine(ONE, OTHER[:, 1:], "either")
