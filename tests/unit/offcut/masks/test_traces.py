"""Faint traces far from the subject are removed; soft edges, hair and what a person sees stay."""

import numpy as np
import pytest
from hypothesis import given, strategies

from offcut.masks import edges
from offcut.masks.edges import Edges
from offcut.protocol.settings import EDGES
from tests.unit.offcut.editing.samples import blob
from tests.unit.offcut.samples import examples

DEFAULT = Edges()


def subject(width: int = 600, height: int = 400) -> np.ndarray:
    """A soft ellipse in the middle of nothing."""
    return blob(width, height, 4)


def test_a_haze_around_the_subject_goes_and_the_subject_stays():
    clean = subject()
    hazy = np.maximum(clean, np.uint8(4))
    cleaned = edges.apply(hazy, DEFAULT)
    far = np.zeros(clean.shape, bool)
    far[:30], far[-30:], far[:, :80], far[:, -80:] = True, True, True, True
    assert not cleaned[far].any()
    assert (cleaned[clean >= 26] == hazy[clean >= 26]).all()


@pytest.mark.parametrize("scale", [1, 4])
def test_soft_edges_stay_whatever_the_size_of_the_photo(scale):
    alpha = blob(600 * scale, 400 * scale, 5 * scale)
    assert edges.apply(alpha, DEFAULT) is alpha


def test_the_limit_rises_without_a_step():
    """A wide, even haze fades away from the subject: neighbours differ by little."""
    alpha = np.maximum(subject(), np.uint8(7))
    cleaned = edges.apply(alpha, DEFAULT).astype(int)
    outside = alpha == 7
    for axis in (0, 1):
        steps = np.abs(np.diff(cleaned, axis=axis))
        both = outside[1:] & outside[:-1] if axis == 0 else outside[:, 1:] & outside[:, :-1]
        assert steps[both].max() <= 2
    assert cleaned[5, 5] == 0


def test_what_is_more_visible_than_the_limit_fades_evenly_and_then_stays():
    limit = 255 * 0.1
    alpha = subject()
    alpha[:9, :256] = np.arange(256)
    for value in (1, 20, 24):
        wanted = max(0, min(value, 2 * (value - limit)))
        alpha[-20:, :60] = value  # nothing visible is near
        assert abs(int(edges.apply(alpha, Edges(traces=0.1))[-5, 5]) - wanted) <= 1
    alpha[-20:, :60] = 60
    assert (edges.apply(alpha, Edges(traces=0.1))[-20:, :60] == 60).all()


@examples(30)
@given(strategies.floats(0, 0.5), strategies.integers(0, 50))
def test_nothing_becomes_more_visible_and_the_more_the_limit_the_less_is_left(limit, seed):
    random = np.random.default_rng(seed)
    alpha = np.where(random.random((60, 90)) < 0.01, 255, random.integers(0, 60, (60, 90))).astype(np.uint8)
    less = edges.apply(alpha, Edges(traces=limit))
    assert (less <= alpha).all() and (less[alpha == 255] == 255).all()
    assert (edges.apply(alpha, Edges(traces=min(0.5, limit * 1.5))) <= less).all()


def test_without_a_limit_nothing_changes():
    alpha = np.full((50, 40), 3, np.uint8)
    assert edges.apply(alpha, Edges(traces=0)) is alpha
    assert not edges.apply(alpha, DEFAULT).any()
    assert EDGES["traces"] == DEFAULT.traces
