"""Foreground colours are estimated once for each alpha, and a saved picture has the exact ones."""

import numpy as np
import pytest

from offcut.foreground import ForegroundCache, cache, estimate
from offcut.foreground.cache import TILE
from offcut.foreground.multilevel import MultiLevel
from offcut.geometry import Box

SHAPE = (2 * TILE + 30, 3 * TILE)
WHOLE = Box(0, SHAPE[0], 0, SHAPE[1])
SOFT_TILES = 4


@pytest.fixture
def solved(monkeypatch):
    """The boxes that the solver was asked for."""
    boxes: list[Box] = []

    class Counting(MultiLevel):
        def __call__(self, box: Box) -> np.ndarray:
            boxes.append(box)
            return super().__call__(box)

    monkeypatch.setattr(cache, "MultiLevel", Counting)
    return boxes


@pytest.fixture
def photo() -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, (*SHAPE, 3), np.uint8)


@pytest.fixture
def alpha() -> np.ndarray:
    """Soft pixels in four of the nine tiles."""
    alpha = np.zeros(SHAPE, np.uint8)
    alpha[100:300, 100:300] = 255
    alpha[100:300, 98:104] = alpha[98:104, 100:300] = 120
    alpha[290:300, 290:300] = 90
    return alpha


def edited(alpha: np.ndarray) -> np.ndarray:
    """Another alpha, changed in one tile only."""
    alpha = alpha.copy()
    alpha[98:104, 110:150] = 40
    return alpha


def test_the_first_estimate_is_exact(photo, alpha, solved):
    colours = ForegroundCache(photo)
    colours.update(alpha, version=1)
    assert len(solved) == SOFT_TILES
    assert (colours.part(WHOLE) == estimate(photo, alpha)).all()


def test_saving_what_is_shown_solves_nothing(photo, alpha, solved):
    colours = ForegroundCache(photo)
    colours.update(alpha, version=1)
    solved.clear()
    colours.update(alpha, version=1, exact=True)
    colours.update(alpha, version=1)
    assert solved == []


def test_an_edit_solves_only_its_tile(photo, alpha, solved):
    colours = ForegroundCache(photo)
    colours.update(alpha, version=1)
    solved.clear()
    colours.update(edited(alpha), version=2)
    assert [(box.top // TILE, box.left // TILE) for box in solved] == [(0, 0)]


def test_saving_after_an_edit_is_exact_and_solves_only_the_tiles_that_were_reused(photo, alpha, solved):
    colours = ForegroundCache(photo)
    colours.update(alpha, version=1)
    colours.update(edited(alpha), version=2)
    solved.clear()
    colours.update(edited(alpha), version=2, exact=True)
    assert len(solved) == SOFT_TILES - 1
    assert (colours.part(WHOLE) == estimate(photo, edited(alpha))).all()
    solved.clear()
    colours.update(edited(alpha), version=2, exact=True)
    assert solved == []


def test_colours_of_an_earlier_alpha_are_not_exact_for_a_later_one(photo, alpha, solved):
    """Also where the alpha is as it was before: the tiles may come from either."""
    colours = ForegroundCache(photo)
    colours.update(alpha, version=1)
    colours.update(edited(alpha), version=2)
    colours.update(alpha, version=3)
    colours.update(alpha, version=3, exact=True)
    assert (colours.part(WHOLE) == estimate(photo, alpha)).all()


def test_without_a_version_an_exact_update_solves_everything(photo, alpha, solved):
    colours = ForegroundCache(photo)
    colours.update(alpha, exact=True)
    colours.update(alpha, exact=True)
    assert len(solved) == 2 * SOFT_TILES


@pytest.mark.parametrize(
    "box", [Box(0, 20, 0, 20), Box(95, 300, 90, 301), Box(191, 193, 191, 193), Box(400, 414, 0, 576)]
)
def test_a_part_is_cut_out_of_the_whole(photo, alpha, box):
    colours = ForegroundCache(photo)
    colours.update(alpha)
    assert (colours.part(box) == estimate(photo, alpha)[box.slices]).all()
