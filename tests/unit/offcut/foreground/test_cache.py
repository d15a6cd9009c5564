"""Foreground colours are estimated once for each alpha, and a saved picture has the exact ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offcut.foreground import ForegroundCache, cache, estimate
from offcut.foreground.cache import TILE
from offcut.foreground.multilevel import MultiLevel
from offcut.geometry import Box
from tests.unit.offcut.editing.samples import apply, document, stroke
from tests.unit.offcut.samples import examples

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


@examples(20)
@given(
    st.lists(
        st.builds(
            stroke,
            st.sampled_from(["restore", "erase"]),
            st.integers(1, 60),
            st.lists(st.tuples(st.integers(0, 300), st.integers(0, 290)), min_size=1, max_size=2),
        ),
        max_size=5,
    )
)
def test_reused_colours_hardly_differ_from_exact_ones(strokes):
    edited = document(300, 290)
    colours = ForegroundCache(edited.rgb)
    whole = Box(0, 290, 0, 300)
    for operation in strokes:
        colours.update(edited.finished, version=edited.version)
        apply(edited, operation)
    colours.update(edited.finished, version=edited.version)
    wanted = estimate(edited.rgb, edited.finished)
    fraction = edited.finished[..., None] / 255
    assert (np.abs(colours.part(whole).astype(int) - wanted) * fraction).mean() < 0.5
    colours.update(edited.finished, version=edited.version, exact=True)
    assert (colours.part(whole) == wanted).all()


def test_any_part_is_cut_out_of_the_whole(photo, alpha):
    colours = ForegroundCache(photo)
    colours.update(alpha)
    whole = colours.part(WHOLE)
    random = np.random.default_rng(0)
    for _ in range(200):
        (top, bottom), (left, right) = (sorted(random.choice(side + 1, 2, replace=False)) for side in SHAPE)
        box = Box(int(top), int(bottom), int(left), int(right))
        assert (colours.part(box) == whole[box.slices]).all()
