"""The engine's edges and colours on subjects whose truth is known to the pixel."""

import functools

import numpy as np
import pytest
from PIL import Image

from bench.scenes import KINDS, make, shrink
from offcut.foreground import estimate
from offcut.matting import matte, upsample

SIZE = (900, 600)
sides = pytest.mark.parametrize("side", [320, 1024])
scene = functools.cache(functools.partial(make, size=SIZE))


def coarse(kind: str, side: int) -> np.ndarray:
    return shrink(scene(kind).alpha, (side, side))


def refined(kind: str, side: int) -> np.ndarray:
    return np.asarray(matte(coarse(kind, side), Image.fromarray(scene(kind).photo), 1.0)).astype(int)


def enlarged(kind: str, side: int) -> np.ndarray:
    return np.asarray(upsample(coarse(kind, side), SIZE)).astype(int)


def partly(kind: str, side: int) -> np.ndarray:
    """Pixels where the subject is soft, in truth and for the network."""
    return np.all([(alpha > 64) & (alpha < 192) for alpha in (scene(kind).alpha, enlarged(kind, side))], axis=0)


@sides
@pytest.mark.parametrize("kind", KINDS)
def test_alpha_stays_soft_where_the_subject_is(kind, side):
    alpha = refined(kind, side)[partly(kind, side)]
    assert alpha.size >= 200
    assert ((alpha <= 5) | (alpha >= 250)).mean() < 0.05


@sides
@pytest.mark.parametrize("kind", ["glass", "motion", "focus"])
def test_a_smooth_alpha_keeps_its_level(kind, side):
    part = partly(kind, side)
    difference = refined(kind, side)[part] - scene(kind).alpha[part].astype(int)
    assert abs(difference.mean()) < 8 and np.abs(difference).mean() < 20


@pytest.mark.parametrize(
    ("kind", "most"),
    [
        ("fur", 0.97),
        ("wires", 0.85),
        ("lace", 0.85),
        ("sharp", 0.85),
    ],
)
def test_fine_structure_that_the_network_cannot_show_comes_from_the_photo(kind, most):
    error = [np.abs(alpha - scene(kind).alpha).mean() for alpha in (enlarged(kind, 320), refined(kind, 320))]
    assert error[1] < most * error[0]


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"glass"}))
def test_soft_edges_lose_most_of_the_old_background(kind):
    """Glass shows its own colour nowhere alone; it has to guess."""
    known = scene(kind)
    soft = (known.alpha > 0) & (known.alpha < 255)
    error = [
        (np.abs(colours - known.front.astype(float)) * known.alpha[..., None])[soft].mean()
        for colours in (known.photo, estimate(known.photo, known.alpha))
    ]
    assert error[1] < 0.4 * error[0]


def test_glass_keeps_no_more_of_it_than_before():
    known = scene("glass")
    error = [
        (np.abs(colours - known.front.astype(float)) * known.alpha[..., None]).mean()
        for colours in (known.photo, estimate(known.photo, known.alpha))
    ]
    assert error[1] < 0.8 * error[0]
