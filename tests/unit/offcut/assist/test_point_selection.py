"""A click brings what belongs with it to the other side, and nothing else."""

import numpy as np
import pytest
from hypothesis import given, strategies

from offcut.assist import point_selection
from offcut.errors import HelpError
from tests.unit.offcut.samples import assert_plain, examples


def street() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """A red, a blue and a yellow thing on grey: photo and the mask of each. Red and blue touch, yellow stands apart."""
    random = np.random.default_rng(3)
    things = {name: np.zeros((120, 160), bool) for name in ("red", "blue", "yellow")}
    things["red"][30:100, 30:70] = True
    things["blue"][50:90, 70:100] = True
    things["yellow"][40:80, 120:145] = True
    photo = np.full((120, 160, 3), 120)
    for name, colour in (("red", (190, 40, 40)), ("blue", (40, 60, 180)), ("yellow", (210, 200, 50))):
        photo[things[name]] = colour
    return (photo + random.integers(-6, 7, photo.shape)).astype(np.uint8), things


def mask(*things: np.ndarray) -> np.ndarray:
    return np.where(np.any(things, axis=0), 255, 0).astype(np.uint8)


def overlap(alpha: np.ndarray, truth: np.ndarray) -> float:
    return float(((alpha > 127) & (truth > 127)).sum() / ((alpha > 127) | (truth > 127)).sum())


def test_a_part_that_was_missed_is_kept():
    photo, things = street()
    found = point_selection.apply(photo, mask(things["red"]), 85, 70, True)
    assert overlap(found, mask(things["red"], things["blue"])) > 0.95


def test_a_part_that_does_not_belong_is_removed():
    photo, things = street()
    found = point_selection.apply(photo, mask(things["red"], things["blue"]), 85, 70, False)
    assert overlap(found, mask(things["red"])) > 0.95


def test_a_detached_part_is_removed_as_a_whole_whatever_its_colours():
    photo, things = street()
    photo = photo.copy()
    photo[40:60, 120:145] = (20, 120, 30)
    found = point_selection.apply(photo, mask(things["red"], things["yellow"]), 130, 70, False)
    assert (found[things["yellow"]] == 0).all() and (found[things["red"]] == 255).mean() > 0.99


def test_a_click_that_changes_nothing_changes_nothing():
    photo, things = street()
    alpha = mask(things["red"])
    for x, y, keep in ((50, 60, True), (5, 5, False)):
        found = point_selection.apply(photo, alpha, x, y, keep)
        assert np.array_equal(found, alpha) and found is not alpha


@examples(40)
@given(
    strategies.integers(1, 40),
    strategies.integers(1, 40),
    strategies.integers(0, 2**31),
    strategies.booleans(),
)
def test_any_click_only_adds_or_only_removes(width, height, seed, keep):
    random = np.random.default_rng(seed)
    photo = random.integers(0, 256, (height, width, 3), np.uint8)
    alpha = random.integers(0, 256, (height, width), np.uint8)
    x, y = int(random.integers(width)), int(random.integers(height))
    before = alpha.copy()
    found = point_selection.apply(photo, alpha, x, y, keep)
    assert (found.dtype, found.shape) == (np.uint8, alpha.shape) and np.array_equal(alpha, before)
    assert found[y, x] == (255 if keep else 0)
    assert (found >= alpha).all() if keep else (found <= alpha).all()
    assert np.array_equal(found, point_selection.apply(photo, alpha, x, y, keep))


@pytest.mark.parametrize("place", [(-1, 0), (0, -1), (160, 0), (0, 120)])
def test_a_click_outside_the_photo_is_refused(place):
    photo, things = street()
    with pytest.raises(HelpError) as caught:
        point_selection.apply(photo, mask(things["red"]), *place, keep=True)
    assert_plain(caught.value)


def test_an_alpha_of_another_photo_is_refused():
    photo, things = street()
    with pytest.raises(HelpError) as caught:
        point_selection.apply(photo[1:], mask(things["red"]), 5, 5, True)
    assert_plain(caught.value)
