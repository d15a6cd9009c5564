"""Holes inside a person are filled where another network is certain of the person, and gaps stay."""

import numpy
import pytest

from offcut.inference.holes import filled

PERSON = (slice(20, 180), slice(60, 140))


def alpha(*holes: tuple[slice, slice], shape: tuple[int, int] = (200, 200)) -> numpy.ndarray:
    """A person, with holes."""
    made = numpy.zeros(shape, numpy.float32)
    made[PERSON] = 1
    for hole in holes:
        made[hole] = 0
    return made


HOLE = (slice(80, 90), slice(90, 110))


def test_a_hole_that_the_finer_network_does_not_see_is_filled():
    people = alpha(HOLE)

    assert (filled(people, alpha()) == alpha()).all()
    assert (people[HOLE] == 0).all(), "the argument is not changed"


def test_the_finer_network_may_have_any_size_and_bytes():
    finer = (alpha().repeat(3, 0).repeat(3, 1) * 255).astype(numpy.uint8)

    assert filled(alpha(HOLE), finer)[HOLE].min() > 0.99


def test_only_what_is_missing_is_changed():
    soft = alpha()
    soft[100:110, 80:120] = 0.6

    assert filled(soft, alpha()) is soft


@pytest.mark.parametrize(
    ("hole", "finer"),
    [
        pytest.param(HOLE, alpha(HOLE), id="both see the gap"),
        pytest.param(HOLE, alpha((slice(84, 86), slice(96, 100))), id="the finer one sees a part of it"),
        pytest.param(HOLE, 0.85 * alpha(), id="the finer one is not certain"),
        pytest.param((slice(80, 90), slice(61, 62)), alpha(), id="between strands at the edge"),
        pytest.param((slice(80, 90), slice(60, 110)), alpha(), id="open to the background"),
    ],
)
def test_a_gap_stays(hole, finer):
    people = alpha(hole)

    assert (filled(people, finer) == people).all()
