"""Regions kept or removed by a click, specks and holes."""

import numpy as np
import pytest
from hypothesis import given, strategies
from hypothesis.extra import numpy as arrays

from offcut.alpha import VISIBLE
from offcut.editing.alternatives import FoundAlphas
from offcut.editing.operations import View, read_operation
from offcut.errors import OptionError
from tests.unit.offcut.editing.samples import apply, document
from tests.unit.offcut.samples import assert_plain, examples


def two_islands() -> tuple[np.ndarray, np.ndarray]:
    """A red island and, touching it, a blue one; and a red one apart from both."""
    rgb = np.zeros((40, 60, 3), np.uint8)
    rgb[5:20, 5:20] = (200, 0, 0)
    rgb[5:20, 20:35] = (0, 0, 200)
    rgb[25:35, 40:55] = (200, 0, 0)
    return rgb, np.where(rgb.any(2), 255, 0).astype(np.uint8)


def change_of(rgb, alpha, **operation):
    size = alpha.shape[1], alpha.shape[0]
    return read_operation({"kind": "region", **operation}, size).apply(
        View(rgb, alpha, alpha.copy, FoundAlphas("one", alpha.copy))
    )


def clicked(rgb, alpha, **operation):
    change = change_of(rgb, alpha, **operation)
    after = alpha.copy()
    if change:
        after[change[0].slices] = change[1]
    return after


def test_a_click_removes_the_region_of_that_colour_and_nothing_apart_from_it():
    rgb, alpha = two_islands()
    after = clicked(rgb, alpha, mode="remove", x=10.5, y=10.5, tolerance=0.2)
    assert after[5:20, 5:20].max() == 0
    assert after[5:20, 21:35].min() == 255 and after[25:35, 40:55].min() == 255
    assert 100 < after[10, 20] < 255  # the neighbour gives up a part, as a smooth edge does


def test_with_full_tolerance_every_colour_of_the_island_goes():
    rgb, alpha = two_islands()
    after = clicked(rgb, alpha, mode="remove", x=10.5, y=10.5, tolerance=1)
    assert after[:, :38].max() == 0 and after[25:35, 40:55].min() == 255


def test_a_click_keeps_a_removed_region():
    rgb, alpha = two_islands()
    after = clicked(rgb, np.zeros_like(alpha), mode="keep", x=45, y=30, tolerance=0.1)
    assert after[25:35, 40:55].min() == 255 and after[:20].max() == 0


def test_a_click_on_what_is_kept_or_removed_already_changes_nothing():
    rgb, alpha = two_islands()
    assert change_of(rgb, alpha, mode="keep", x=10, y=10, tolerance=1) is None
    assert change_of(rgb, alpha, mode="remove", x=1, y=1, tolerance=1) is None


@examples()
@given(
    arrays.arrays(np.uint8, (9, 11, 3)),
    arrays.arrays(np.uint8, (9, 11)),
    strategies.integers(0, 10),
    strategies.integers(0, 8),
    strategies.floats(0, 1),
    strategies.sampled_from(["keep", "remove"]),
)
def test_the_clicked_pixel_is_kept_or_removed_and_no_pixel_changes_the_other_way(rgb, alpha, x, y, tolerance, mode):
    after = clicked(rgb, alpha, mode=mode, x=x + 0.5, y=y + 0.5, tolerance=tolerance)
    if mode == "keep":
        assert after[y, x] >= 256 - VISIBLE and (after >= alpha).all()
    else:
        assert after[y, x] < VISIBLE and (after <= alpha).all()


def test_specks_are_removed_and_the_subject_stays():
    edited = document(200, 160)
    before = edited.alpha.copy()
    edited.alpha[3:8, 3:8] = 200
    edited.alpha[8, 8] = 10  # its faint rest
    edited.alpha[140:152, 180:192] = 255
    assert apply(edited, {"kind": "specks", "pixels": 30})
    assert edited.alpha[:20, :20].max() == 0 and edited.alpha[145, 185] == 255
    apply(edited, {"kind": "specks", "pixels": 10_000_000})
    assert (edited.alpha == before).all()
    assert [step.name for step in edited.history.steps] == ["step.specks", "step.specks"]


def test_holes_are_filled_and_the_outside_stays():
    edited = document(200, 160)
    before = edited.alpha.copy()
    edited.alpha[70:80, 90:100] = 0
    edited.alpha[60:66, 100] = 100
    apply(edited, {"kind": "holes", "pixels": 50})
    assert edited.alpha[60:66, 100].min() == 255 and edited.alpha[75, 95] == 0
    apply(edited, {"kind": "holes", "pixels": 101})
    assert (edited.alpha == before).all()
    assert apply(edited, {"kind": "holes", "pixels": 10_000_000}) is None


@pytest.mark.parametrize(
    "operation",
    [
        {"kind": "specks"},
        {"kind": "specks", "pixels": 0},
        {"kind": "holes", "pixels": "many"},
        {"kind": "region", "mode": "remove", "x": -1, "y": 5},
        {"kind": "region", "mode": "remove", "x": 5, "y": 51},
        {"kind": "region", "mode": "remove", "x": 5},
        {"kind": "region", "mode": "take", "x": 5, "y": 5},
        {"kind": "region", "mode": "keep", "x": 5, "y": 5, "tolerance": 2},
    ],
)
def test_invalid_regions_are_refused(operation):
    with pytest.raises(OptionError) as caught:
        apply(document(60, 50), operation)
    assert_plain(caught.value)
