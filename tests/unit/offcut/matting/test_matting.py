"""Edges that follow the photo, and nothing else changed."""

import numpy as np
import pytest
from hypothesis import given, strategies
from PIL import Image, ImageFilter

from offcut import matting
from offcut.matting import guided_filter, refine
from offcut.matting.box_filter import box_mean
from tests.unit.offcut.samples import examples


def disc(size: int, blur: int, shift: int = 0) -> tuple[Image.Image, Image.Image, np.ndarray]:
    """A bright disc on a dark ground, an alpha that is blurred and shifted, and the true alpha."""
    y, x = np.mgrid[:size, :size]
    distance = np.hypot(x - size / 2, y - size / 2) - size / 4
    truth = np.clip(0.5 - distance, 0, 1)
    colours = np.stack([40 + 180 * truth, 60 + 100 * truth, 90 - 60 * truth], -1)
    vague = np.clip(0.5 - np.roll(distance, shift, 1) / blur, 0, 1)
    picture = Image.fromarray(colours.astype(np.uint8), "RGB")
    return picture, Image.fromarray((vague * 255).astype(np.uint8), "L"), truth


def error(alpha: Image.Image, truth: np.ndarray) -> float:
    return float(np.abs(np.asarray(alpha) / 255 - truth).mean())


@examples(25)
@given(strategies.integers(1, 12), strategies.integers(1, 12), strategies.integers(0, 15))
def test_box_mean_is_the_mean_over_the_window(height, width, radius):
    values = np.random.default_rng(height * 100 + width).random((height, width), np.float32)
    found = box_mean(values, radius)
    for row in range(height):
        for column in range(width):
            window = values[max(0, row - radius) : row + radius + 1, max(0, column - radius) : column + radius + 1]
            assert found[row, column] == pytest.approx(window.mean(), abs=1e-5)


@examples(15)
@given(strategies.integers(1, 9), strategies.integers(1, 9), strategies.integers(0, 99))
def test_the_extremes_of_neighbours_are_those_of_pillows_filters(height, width, seed):
    values = np.random.default_rng(seed).integers(0, 256, (height, width), np.uint8)
    for choice, pillows in ((np.maximum, ImageFilter.MaxFilter(3)), (np.minimum, ImageFilter.MinFilter(3))):
        assert np.array_equal(
            guided_filter._extreme_of_neighbours(values, choice), np.asarray(Image.fromarray(values).filter(pillows))
        )


@pytest.mark.parametrize("size", [300, 1600])
def test_a_blurred_edge_comes_closer_to_the_truth(size):
    picture, vague, truth = disc(size, blur=size // 60)
    assert error(refine(vague, picture), truth) < 0.5 * error(vague, truth)


def test_an_edge_next_to_the_photos_edge_is_moved_there():
    picture, vague, truth = disc(800, blur=4, shift=3)
    assert error(refine(vague, picture), truth) < 0.7 * error(vague, truth)


def test_a_difference_of_one_level_stays_as_small():
    """Two machines round an alpha to neighbouring levels now and then; no decision may hang on it."""
    picture, vague, _ = disc(450, blur=40)
    random = np.random.default_rng(0)
    # A haze as faint as the faintest that counts as uncertain, and a subject as dense as the densest.
    values = np.clip(np.asarray(vague), 4, 250).astype(int)
    other = values + random.integers(-1, 2, values.shape) * (random.random(values.shape) < 0.001)
    before, after = (
        np.asarray(refine(Image.fromarray(alpha.astype(np.uint8)), picture)).astype(int) for alpha in (values, other)
    )
    assert (before != values).any() and (other != values).any()
    assert np.abs(before - after).max() <= 2


@pytest.mark.parametrize("level", [0, 255])
def test_without_uncertainty_nothing_changes(level):
    picture = Image.effect_noise((90, 60), 80).convert("RGB")
    alpha = Image.new("L", picture.size, level)
    assert refine(alpha, picture).tobytes() == alpha.tobytes()


def test_pixels_far_from_any_edge_keep_their_alpha():
    picture, vague, _ = disc(900, blur=20)
    noisy = Image.blend(picture, Image.effect_noise(picture.size, 120).convert("RGB"), 0.5)
    before, after = np.asarray(vague), np.asarray(refine(vague, noisy))
    y, x = np.mgrid[:900, :900]
    far = np.abs(np.hypot(x - 450, y - 450) - 225) > 20 + 3 * 900 * guided_filter.RADIUS
    assert np.array_equal(before[far], after[far])


def test_strength_interpolates_between_both():
    picture, vague, _ = disc(400, blur=12)
    full = np.asarray(refine(vague, picture, 1.0)).astype(float)
    half = np.asarray(refine(vague, picture, 0.5)).astype(float)
    assert np.abs(half - (full + np.asarray(vague)) / 2).max() <= 1
    coarse = np.asarray(vague)[::4, ::4] / 255
    assert matting.matte(coarse, picture, 0).tobytes() == matting.upsample(coarse, picture.size).tobytes()


@pytest.mark.parametrize("size", [(700, 530), (257, 1), (90, 60)])
def test_enlarging_covers_every_pixel(size):
    coarse = np.zeros((150, 200), np.float32)
    coarse[40:120, 30:140] = 1
    coarse[0, 0] = coarse[-1, -1] = coarse[70, 80] = 0.4  # alone in what is all background, or all subject
    whole = Image.fromarray(coarse * 255 + np.float32(0.5), "F").resize(size, Image.Resampling.BICUBIC).convert("L")
    found = np.asarray(matting.upsample(coarse, size)).astype(int)
    assert np.abs(found - np.asarray(whole)).max() <= 1


def test_tiles_leave_no_seams(monkeypatch):
    picture, vague, _ = disc(700, blur=14)
    whole = np.asarray(refine(vague, picture)).astype(int)
    monkeypatch.setattr(guided_filter, "_TILE", 97)
    assert np.abs(np.asarray(refine(vague, picture)).astype(int) - whole).max() <= 1


def written_out(guide: np.ndarray, alpha: np.ndarray, radius: int) -> np.ndarray:
    """The filter's map as He, Sun and Tang give it (equations 19 to 21), pixel by pixel, for values from 0 to 255."""
    height, width = alpha.shape
    here = np.zeros((height, width, 4))
    windows = {
        (y, x): np.s_[max(0, y - radius) : y + radius + 1, max(0, x - radius) : x + radius + 1]
        for y in range(height)
        for x in range(width)
    }
    for place, window in windows.items():
        colours, target = guide[window].reshape(-1, 3) / 255, alpha[window].reshape(-1) / 255
        apart = colours - colours.mean(0)
        slopes = np.linalg.solve(
            apart.T @ apart / len(target) + guided_filter.EPSILON * np.eye(3), apart.T @ target / len(target)
        )
        here[place] = *slopes, 255 * (target.mean() - slopes @ colours.mean(0))
    return np.stack([here[window].reshape(-1, 4).mean(0) for window in windows.values()], -1).reshape(4, height, width)


# What each part of a map can do to an alpha of 0 to 255: slopes go with a colour.
WEIGHT = np.array([255, 255, 255, 1])[:, None, None]


@examples(15)
@given(strategies.integers(3, 14), strategies.integers(3, 14), strategies.integers(1, 4), strategies.integers(0, 2**31))
def test_the_linear_map_is_the_papers(height, width, radius, seed):
    random = np.random.default_rng(seed)
    guide, alpha = (
        random.integers(0, 256, (height, width, 3), np.uint8),
        random.integers(0, 256, (height, width), np.uint8),
    )
    found = np.stack([np.asarray(each) for each in guided_filter.linear_map(guide, alpha, radius)])
    assert (np.abs(found - written_out(guide, alpha, radius)) * WEIGHT).max() < 0.5


@examples(20)
@given(strategies.integers(1, 90), strategies.integers(1, 90), strategies.integers(1, 9), strategies.integers(0, 2**31))
def test_a_linear_map_of_a_part_equals_the_whole_one_there(height, width, radius, seed):
    random = np.random.default_rng(seed)
    guide, alpha = (
        random.integers(0, 256, (height, width, 3), np.uint8),
        random.integers(0, 256, (height, width), np.uint8),
    )
    needed = np.zeros((height, width), np.uint8)
    for row, column in random.integers(0, (height, width), (3, 2)):
        needed[row : row + random.integers(1, 30), column : column + random.integers(1, 30)] = 200
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(guided_filter, "_TILE", 32)
        part = [np.asarray(each) for each in guided_filter.linear_map(guide, alpha, radius, needed)]
        nothing = guided_filter.linear_map(guide, alpha, radius, np.zeros_like(needed))
    around = np.asarray(Image.fromarray(needed).filter(ImageFilter.MaxFilter(3))) > 0
    for one, other in zip(part, guided_filter.linear_map(guide, alpha, radius), strict=True):
        assert np.array_equal(one[around], np.asarray(other)[around]), "sums are added in the same order anywhere"
    assert not any(np.asarray(each).any() for each in nothing)


@examples(20)
@given(strategies.integers(1, 700), strategies.integers(1, 700), strategies.integers(0, 2**31))
def test_the_band_limits_the_work_and_not_the_result(height, width, seed):
    """Only a part of the coefficients is found and only a part of the tiles is gone through."""
    random = np.random.default_rng(seed)
    picture = Image.fromarray(random.integers(0, 256, (height, width, 3), np.uint8)).filter(ImageFilter.BoxBlur(2))
    values = np.zeros((height, width), np.uint8)
    row, column = random.integers(0, (height, width))
    values[row : row + 80, column : column + 120] = random.integers(1, 256)
    alpha = Image.fromarray(values).filter(ImageFilter.BoxBlur(3))
    found = np.asarray(refine(alpha, picture)).astype(int)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(guided_filter, "_TILE", 1000)
        everything = guided_filter.linear_map
        patched.setattr(
            guided_filter, "linear_map", lambda guide, alpha, radius, where: everything(guide, alpha, radius)
        )
        assert np.abs(found - np.asarray(refine(alpha, picture))).max() <= 1


@examples(20)
@given(strategies.integers(1, 40), strategies.integers(1, 40), strategies.integers(0, 2**31))
def test_any_small_photo_gives_an_alpha_of_its_size(width, height, seed):
    random = np.random.default_rng(seed)
    picture = Image.fromarray(random.integers(0, 256, (height, width, 3), np.uint8), "RGB")
    coarse = random.random((7, 9), np.float32)
    found = matting.matte(coarse, picture, 1.0)
    assert (found.mode, found.size) == ("L", (width, height))
    assert found.tobytes() == matting.matte(coarse, picture, 1.0).tobytes()
