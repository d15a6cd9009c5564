"""Synthetic scenes: alpha and colours are exact, and the structures are those of their names."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies
from PIL import Image, ImageFilter

from bench.scenes import KINDS, blurred, coverage, make, mix, photograph, shrink
from bench.scenes.coverage import cover, stroke

kinds = pytest.mark.parametrize("kind", KINDS)


@kinds
def test_the_photo_is_the_mixture_of_its_parts(kind):
    scene = make(kind, (300, 200), 3)
    share = scene.alpha[..., None] / 255
    mixed = share * scene.front + (1 - share) * scene.back
    assert np.abs(scene.photo - mixed).max() <= 0.5 + 1e-9
    assert (scene.photo == scene.front)[scene.alpha == 255].all()
    assert (scene.photo == scene.back)[scene.alpha == 0].all()


@kinds
def test_the_same_number_gives_the_same_scene_and_another_another(kind):
    one, same, other = make(kind, (150, 200), 1), make(kind, (150, 200), 1), make(kind, (150, 200), 2)
    assert one.name == f"{kind}-1"
    for part in ("photo", "alpha", "front", "back"):
        values = getattr(one, part)
        assert values.dtype == np.uint8
        assert values.shape == ((200, 150) if part == "alpha" else (200, 150, 3))
        assert (values == getattr(same, part)).all()
        assert (values != getattr(other, part)).any()


@pytest.mark.nightly
@kinds
def test_a_large_scene_is_the_small_one_seen_more_finely(kind):
    small, large = make(kind, (450, 300), 4), make(kind, (1350, 900), 4)
    assert np.abs(shrink(large.alpha, (450, 300)) - small.alpha / 255).mean() < 0.03


@kinds
@pytest.mark.parametrize("seed", range(2))
def test_there_is_a_subject_and_a_background(kind, seed):
    alpha = make(kind, (450, 300), seed).alpha
    assert 0.02 < alpha.mean() / 255 < 0.6
    assert (alpha == 0).mean() > 0.2
    assert alpha.max() == 255 or kind == "glass"


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("hair", 0.08),
        ("fur", 0.03),
        ("wires", 0.03),
        ("lace", 0.02),
        ("glass", 0.15),
        ("motion", 0.02),
        ("focus", 0.02),
    ],
)
def test_what_is_called_soft_is_soft(kind, least):
    alpha = make(kind, (900, 600), 5).alpha
    assert ((alpha > 0) & (alpha < 255)).mean() > least


def test_only_the_outline_of_a_sharp_subject_is_soft():
    alpha = make("sharp", (900, 600), 5).alpha
    assert 0 < ((alpha > 0) & (alpha < 255)).mean() < 0.01


def test_wires_are_thinner_than_any_opening_finds():
    """Nothing 11 pixels wide fits into what lies between the posts."""
    alpha = Image.fromarray(make("wires", (1200, 800), 0).alpha)
    middle = np.asarray(alpha)[:, 240:-240]
    opened = np.asarray(alpha.filter(ImageFilter.MinFilter(11)))[:, 240:-240]
    assert (middle > 100).mean() > 0.01 and opened.max() == 0


def test_light_comes_through_all_glass_but_its_reflections():
    alpha = make("glass", (600, 400), 0).alpha
    inside = alpha[alpha > 0]
    assert np.percentile(inside, 95) < 230 and np.percentile(inside, 10) > 60


def test_a_moving_edge_has_a_straight_ramp(monkeypatch):
    """Even motion across a straight edge: alpha grows by the same amount at every pixel."""
    half = np.where(np.arange(400) < 200, 0, 255).astype(np.uint8)[None].repeat(400, 0)
    monkeypatch.setattr(blurred, "_drawn", lambda *_: half)
    plain = np.zeros((400, 400, 3), np.uint8)
    found = [blurred.motion(plain, np.random.default_rng(seed))[0] for seed in range(8)]
    assert any((alpha == half).all() for alpha in found), "motion along the edge leaves it sharp"
    across = [alpha[200].astype(int) for alpha in found if (alpha != half).any()]
    for row in across:
        inner = np.diff(row)[np.flatnonzero((row[1:] < 255) & (row[:-1] > 0))]
        assert inner.size >= 5 and inner.max() - inner.min() <= 1


@settings(max_examples=30, deadline=None)
@given(strategies.floats(3, 20), strategies.floats(3, 20), strategies.floats(1, 12), strategies.floats(1, 9))
def test_coverage_is_the_part_of_a_pixel_inside_a_rectangle(left, top, width, height):
    corners = np.array([(left, top), (left + width, top), (left + width, top + height), (left, top + height)])
    alpha = cover((40, 40), [(corners, 255)]) / 255
    pixel = np.arange(40)
    across = np.clip(np.minimum(pixel + 1, left + width) - np.maximum(pixel, left), 0, 1)
    down = np.clip(np.minimum(pixel + 1, top + height) - np.maximum(pixel, top), 0, 1)
    # Samples lie an eighth of a pixel apart, and Pillow counts those that an outline touches.
    assert np.abs(alpha - down[:, None] * across).max() <= 0.45
    assert abs(alpha.sum() - width * height) <= 0.26 * (width + height) + 0.1


def test_a_later_shape_hides_the_earlier_and_bands_leave_no_seam(monkeypatch):
    random = np.random.default_rng(0)
    shapes = [(random.uniform(-20, 120, (3, 2)), int(value)) for value in random.integers(0, 256, 40)]
    whole = cover((100, 90), shapes)
    monkeypatch.setattr(coverage, "_BAND", 100 * 64 * 7)
    assert (cover((100, 90), shapes) == whole).all()
    box = np.array([(10, 10), (20, 10), (20, 20), (10, 20)])
    assert (cover((30, 30), [(box, 255), (box, 40)])[12:18, 12:18] == 40).all()


def test_a_stroke_is_as_wide_as_asked():
    points = np.stack([np.linspace(5, 95, 30), np.linspace(20, 60, 30)], 1)
    wide = cover((100, 80), [(stroke(points, 6.0), 255)]).sum() / 255
    assert wide == pytest.approx(6 * np.hypot(90, 40), rel=0.05)


def test_an_enlarged_photo_gets_detail_where_it_has_some(tmp_path):
    """The right half of the photo is plain, and stays so."""
    values = np.full((200, 200, 3), 128, np.uint8)
    values[:, :100] = np.random.default_rng(0).integers(90, 160, (200, 100, 1))
    Image.fromarray(values).save(tmp_path / "photo.png")
    monochrome = photograph.enlarge(tmp_path / "photo.png", (1600, 1600), Uncropped())[..., 0].astype(int)
    fine = np.abs(np.diff(monochrome, axis=1))
    smooth = np.asarray(Image.fromarray(values).resize((1600, 1600), Image.Resampling.BICUBIC), int)[..., 0]
    assert fine[:, :700].mean() > 1.5 * np.abs(np.diff(smooth[:, :700], axis=1)).mean()
    assert fine[:, 1000:].max() <= 1


class Uncropped(np.random.Generator):
    """Chance that takes the whole photo, as it is."""

    def __init__(self):
        super().__init__(np.random.PCG64(1))

    def uniform(self, low, high):
        return high

    def random(self):
        return 1.0


@settings(max_examples=20, deadline=None)
@given(strategies.integers(0, 255), strategies.integers(0, 255), strategies.integers(0, 255))
def test_mixing_rounds_to_the_nearest(front, back, alpha):
    found = mix(np.full((1, 1, 3), front, np.uint8), back, np.full((1, 1), alpha, np.uint8))
    assert abs(int(found[0, 0, 0]) - (front * alpha + back * (255 - alpha)) / 255) <= 0.5
