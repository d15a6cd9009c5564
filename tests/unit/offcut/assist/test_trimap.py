"""A painted edge is found again, and nothing else changes."""

import numpy as np
import pytest
from hypothesis import given, strategies
from PIL import Image

from offcut.assist import closed_form, linear_system, trimap
from offcut.errors import HelpError
from tests.unit.offcut.samples import assert_plain, examples


def hair(side: int = 96) -> tuple[np.ndarray, np.ndarray]:
    """Thin bright hairs that leave a bright half for a darker one, and their true alpha, 0 to 1."""
    down, across = np.mgrid[:side, :side]
    ripple = 0.5 + 0.5 * np.sin(down * 2 * np.pi / 6)
    truth = np.where(across < side // 3, 1.0, np.where(across < 2 * side // 3, ripple, 0.0))
    subject, background = np.array([220, 190, 120]), np.array([30, 50, 90])
    photo = truth[..., None] * subject + (1 - truth[..., None]) * background
    return (photo + 0.5).astype(np.uint8), truth


def smooth(truth: np.ndarray) -> np.ndarray:
    """An alpha that knows where the subject ends and nothing of its hairs, uint8."""
    return (np.broadcast_to(truth.mean(axis=0), truth.shape) * 255).astype(np.uint8)


def painted(side: int, margin: int = 3) -> np.ndarray:
    columns = np.arange(side)
    inside = (columns >= side // 3 - margin) & (columns < 2 * side // 3 + margin)
    return np.broadcast_to(inside, (side, side)).copy()


def test_hair_under_the_brush_is_solved():
    photo, truth = hair()
    before = smooth(truth)
    after = trimap.refine(photo, before, trimap.from_stroke(before, painted(96)))
    assert np.abs(after / 255 - truth).mean() < 0.2 * np.abs(before / 255 - truth).mean()


def test_a_large_region_is_solved_in_a_smaller_picture(monkeypatch):
    photo, truth = hair(192)
    photo, truth = photo.repeat(2, 0), truth.repeat(2, 0)
    before = smooth(truth)
    stroke = painted(192).repeat(2, 0)
    monkeypatch.setattr(trimap, "MAX_PIXELS", 192 * 150)
    after = trimap.refine(photo, before, trimap.from_stroke(before, stroke))
    assert np.abs(after / 255 - truth).mean() < 0.4 * np.abs(before / 255 - truth).mean()
    assert np.array_equal(after[~stroke], before[~stroke])


def test_the_laplacian_is_levins():
    """Against the definition, summed window by window: equation 12 of the paper."""
    photo = np.random.default_rng(1).integers(0, 256, (5, 6, 3), np.uint8)
    colours = photo.reshape(-1, 3) / 255
    dense = np.zeros((30, 30))
    for down in range(3):
        for across in range(4):
            window = [(down + row) * 6 + across + column for row in range(3) for column in range(3)]
            apart = colours[window] - colours[window].mean(axis=0)
            inverse = np.linalg.inv(apart.T @ apart / 9 + closed_form.EPSILON / 9 * np.eye(3))
            dense[np.ix_(window, window)] += np.eye(9) - (1 + apart @ inverse @ apart.T) / 9
    planes = closed_form.laplacian(photo)
    for seed in range(3):
        alpha = np.random.default_rng(seed).random((5, 6), np.float32)
        assert linear_system.times(planes, alpha).ravel() == pytest.approx(dense @ alpha.ravel(), abs=1e-4)


def test_a_trimap_that_contradicts_the_alpha_wins_and_the_rest_stays():
    photo, _truth = hair()
    before = np.full((96, 96), 100, np.uint8)
    given_trimap = np.full((96, 96), trimap.BACKGROUND, np.uint8)
    given_trimap[:, :20], given_trimap[:, 20:40] = trimap.SUBJECT, trimap.UNKNOWN
    after = trimap.refine(photo, before, given_trimap)
    assert (after[:, :20] == 255).all() and (after[:, 40:] == 100).all()


@examples(40)
@given(strategies.integers(1, 30), strategies.integers(1, 30), strategies.integers(0, 2**31))
def test_any_small_photo_is_accepted_and_known_pixels_stay(width, height, seed):
    random = np.random.default_rng(seed)
    photo = random.integers(0, 256, (height, width, 3), np.uint8)
    alpha = random.integers(0, 256, (height, width), np.uint8)
    stroke = random.random((height, width)) < 0.5
    if not stroke.any() or stroke.all():
        return
    marked = trimap.from_stroke(alpha, stroke)
    after = trimap.refine(photo, alpha, marked)
    assert after.shape == alpha.shape and after.dtype == np.uint8
    assert np.array_equal(after[~stroke], alpha[~stroke])
    assert np.array_equal(after, trimap.refine(photo, alpha, marked))


@pytest.mark.parametrize("level", [0, 255])
def test_unknown_pixels_among_pixels_of_one_kind_become_that_kind(level):
    photo = np.asarray(Image.effect_noise((60, 50), 60).convert("RGB"))
    alpha = np.full((50, 60), level, np.uint8)
    stroke = np.zeros((50, 60), bool)
    stroke[20:30, 20:40] = True
    after = trimap.refine(photo, alpha, trimap.from_stroke(alpha, stroke))
    assert np.abs(after.astype(int) - level).max() <= 1


def test_a_stroke_of_grey_levels_is_painted_from_one_half_on():
    alpha = np.array([[0, 90, 127, 128, 255, 255]], np.uint8)
    stroke = np.array([[0, 127, 0, 0, 128, 255]], np.uint8)
    assert trimap.from_stroke(alpha, stroke).tolist() == [[0, 0, 0, 255, 128, 128]]


@pytest.mark.parametrize(
    "marked",
    [
        np.zeros((8, 9), np.uint8),
        np.full((8, 9), 128, np.uint8),
        np.full((8, 9), 7, np.uint8),
        np.zeros((9, 8), np.uint8),
    ],
    ids=["nothing unknown", "all unknown", "another value", "another size"],
)
def test_a_trimap_without_known_or_unknown_pixels_is_refused(marked):
    with pytest.raises(HelpError) as caught:
        trimap.refine(np.zeros((8, 9, 3), np.uint8), np.zeros((8, 9), np.uint8), marked)
    assert_plain(caught.value)


@pytest.mark.parametrize(
    "stroke",
    [
        np.zeros((8, 9), bool),
        np.ones((8, 9), np.uint8) * 255,
        np.ones((9, 8), bool),
    ],
    ids=["nothing", "all", "another size"],
)
def test_a_stroke_that_paints_nothing_or_everything_is_refused(stroke):
    with pytest.raises(HelpError) as caught:
        trimap.from_stroke(np.zeros((8, 9), np.uint8), stroke)
    assert_plain(caught.value)
