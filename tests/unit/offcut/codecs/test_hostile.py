"""More than three thousand files made to do harm: each is a photo or refused, within bounds of time and memory."""

from __future__ import annotations

import pytest

from offcut import errors
from tests.hostile.inputs import inputs
from tests.hostile.runner import run
from tests.hostile.trial import Outcome

SECONDS = 10
"""Of processor time, for one file."""

MEGABYTES = 150
"""By which the process may grow for a file whose picture has up to a million pixels, or that is refused."""

BYTES_A_PIXEL = 24
"""By which it may grow besides, for each pixel of a photo."""

SHARES = 4
REFUSALS = {name for name, value in vars(errors).items() if isinstance(value, type)} - {"OffcutError"}


def assert_harmless(outcomes: list[Outcome]) -> None:
    wrong = {one.name: one.result for one in outcomes if one.result not in REFUSALS | {"photo"}}
    assert wrong == {}
    slow = {one.name: one.seconds for one in outcomes if one.seconds > SECONDS}
    assert slow == {}
    bounds = {one.name: MEGABYTES + BYTES_A_PIXEL * one.pixels / 1e6 for one in outcomes}
    fat = {one.name: one.megabytes for one in outcomes if one.megabytes and one.megabytes > bounds[one.name]}
    assert fat == {}


def test_there_are_more_than_two_thousand_and_each_has_a_name_of_its_own():
    names = [given.name for given in inputs()]
    assert len(names) == len(set(names)) > 2000


@pytest.mark.parametrize("share", [0, *(pytest.param(share, marks=pytest.mark.nightly) for share in range(1, SHARES))])
def test_every_file_is_a_photo_or_refused_within_bounds(share):
    outcomes = run("decode", share, SHARES)
    given = list(inputs())[share::SHARES]
    assert [one.name for one in outcomes] == [one.name for one in given]
    assert_harmless(outcomes)
    sound = {one.name for one in given if one.is_sound}
    assert {one.name: one.result for one in outcomes if one.name in sound and one.result != "photo"} == {}
    assert sum(one.result != "photo" for one in outcomes) > len(outcomes) / 3


@pytest.mark.nightly
def test_the_largest_photos_stay_within_bounds():
    outcomes = run("large")
    assert_harmless(outcomes)
    assert {one.result for one in outcomes} == {"photo"}


@pytest.mark.nightly
def test_a_sample_is_cut_out_or_refused():
    outcomes = run("remove", 3, 17)
    wrong = {one.name: one.result for one in outcomes if one.result not in REFUSALS | {"photo"}}
    assert wrong == {} and len(outcomes) > 150
