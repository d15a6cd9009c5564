"""The figures, on cases small enough to work out by hand."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from bench.quality import metrics
from tests.unit.bench.samples import blurred, disc

ERRORS = (
    metrics.mean_absolute_error,
    metrics.mean_squared_error,
    metrics.sum_of_differences,
    metrics.gradient_error,
    metrics.connectivity_error,
)
OVERLAPS = (metrics.overlap, metrics.boundary_overlap)
ALPHAS = arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=12), elements=st.floats(0, 1, width=32))


def square(left: int, top: int, side: int) -> np.ndarray:
    """A square subject in a picture of 10 × 10."""
    alpha = np.zeros((10, 10))
    alpha[top : top + side, left : left + side] = 1
    return alpha


def test_differences_by_hand():
    prediction, truth = np.array([[0, 0.5], [1, 1]]), np.array([[0, 1], [1, 0.0]])
    assert metrics.mean_absolute_error(prediction, truth) == pytest.approx(1.5 / 4)
    assert metrics.mean_squared_error(prediction, truth) == pytest.approx(1.25 / 4)
    assert metrics.sum_of_differences(prediction, truth) == pytest.approx(0.0015)


def test_gradient_of_one_bright_pixel():
    # Each filter's squares add up to 1, and a single pixel shows both filters whole.
    truth = np.zeros((21, 21))
    truth[10, 10] = 1
    assert metrics.gradient_error(np.zeros_like(truth), truth) == pytest.approx(0.002)


def test_gradient_sees_no_constant():
    assert metrics.gradient_error(np.full((9, 7), 0.25), np.ones((9, 7))) == pytest.approx(0, abs=1e-12)


def test_connectivity_of_a_thin_place():
    # Up to 0.5 all five hang together, above it the left two: the middle is connected at 0.5 and so are the right two.
    # The truth stands 0.5 above that at three pixels, the prediction at the right two.
    truth, prediction = np.ones((1, 5)), np.array([[1, 1, 0.5, 1, 1]])
    assert metrics.connectivity_error(prediction, truth) == pytest.approx(0.0005)


def test_connectivity_of_a_stray_spot():
    truth, prediction = np.array([[1, 1, 0, 0, 0.0]]), np.array([[1, 1, 0, 0, 1.0]])
    assert metrics.connectivity_error(prediction, truth) == pytest.approx(0.001)


def test_connectivity_overlooks_what_is_nearly_connected():
    truth, prediction = np.array([[1, 1, 0.0]]), np.array([[1, 1, 0.14]])
    assert metrics.connectivity_error(prediction, truth) == 0


def test_overlap_by_hand():
    truth, prediction = np.array([[1, 1, 0, 0]]), np.array([[0, 0.6, 0.51, 0.5]])
    assert metrics.overlap(prediction, truth) == pytest.approx(1 / 3)
    assert metrics.overlap(np.zeros((2, 2)), np.zeros((2, 2))) == 1


def test_boundary_overlap_by_hand():
    # In 10 × 10 pixels the boundary is one wide: a ring of 20 pixels round a square of 6.
    truth = square(2, 2, 6)
    assert metrics.boundary_overlap(square(3, 3, 4), truth) == 0
    # One to the right, five pixels each of the upper and the lower side are shared: 10 of 30.
    assert metrics.boundary_overlap(square(3, 2, 6), truth) == pytest.approx(1 / 3)


def test_boundary_overlap_counts_the_edge_of_the_picture():
    # The ring round all 100 pixels has 36, without a column 34; they share the upper, lower and left side.
    whole, less = np.ones((10, 10)), np.ones((10, 10))
    less[:, 9] = 0
    assert metrics.boundary_overlap(less, whole) == pytest.approx(26 / 44)


def test_band_lies_on_both_sides():
    truth = np.zeros((60, 80))
    truth[:, :40] = 1
    assert metrics.boundary_width(truth.shape) == 2
    assert np.flatnonzero(metrics.boundary_band(truth).all(axis=0)).tolist() == [38, 39, 40, 41]
    assert np.count_nonzero(metrics.boundary_band(truth)) == 4 * 60


def test_composite_by_hand():
    # Black on the six backgrounds differs from them by 0, 128, 255, 85, 160 / 3 and 85 on average over the channels.
    truth, prediction = np.full((4, 4), 0.5), np.full((4, 4), 0.25)
    mean = (0 + 128 + 255 + 85 + 160 / 3 + 85) / 6
    assert metrics.composite_error(prediction, truth, np.zeros((4, 4, 3), np.uint8)) == pytest.approx(0.25 * mean)


def test_composite_counts_only_the_band():
    truth = np.zeros((60, 80))
    truth[:, :40] = 1
    prediction = truth.copy()
    prediction[:, 70:] = 1
    colours = np.zeros((60, 80, 3), np.uint8)
    assert metrics.composite_error(prediction, truth, colours) == 0
    assert metrics.composite_error(np.zeros((4, 4)), np.ones((4, 4)), np.zeros((4, 4, 3), np.uint8)) == 0


@pytest.mark.parametrize("error", ERRORS)
def test_errors_grow_with_blur(error):
    truth = disc()
    found = [error(blurred(truth, times), truth) for times in (0, 1, 2, 4, 8)]
    assert found[0] == 0
    assert all(less < more for less, more in itertools.pairwise(found))


@pytest.mark.parametrize("overlap", OVERLAPS)
def test_overlaps_shrink_with_distance(overlap):
    truth = disc()
    found = [overlap(np.roll(truth, shift, axis=1), truth) for shift in (0, 1, 2, 4, 8)]
    assert found[0] == 1
    assert all(more > less for more, less in itertools.pairwise(found))


@given(ALPHAS)
def test_the_same_is_no_error(alpha):
    assert [error(alpha, alpha) for error in ERRORS] == [0] * len(ERRORS)
    assert [overlap(alpha, alpha) for overlap in OVERLAPS] == [1] * len(OVERLAPS)
    colours = np.zeros((*alpha.shape, 3), np.uint8)
    assert metrics.composite_error(alpha, alpha, colours) == 0


@given(arrays(np.float32, (2, 6, 7), elements=st.floats(0, 1, width=32)))
def test_both_ways_are_equally_far(pair):
    one, other = pair
    for figure in (*ERRORS, *OVERLAPS):
        assert figure(one, other) == pytest.approx(figure(other, one))


def test_other_sizes_are_refused():
    with pytest.raises(ValueError, match="the prediction is"):
        metrics.mean_absolute_error(np.zeros((2, 3)), np.zeros((3, 2)))


def test_saliency_figures_know_their_ends():
    pytest.importorskip("py_sod_metrics")
    from bench.quality import saliency

    truth = disc().astype(np.float32)
    for figure in (saliency.structure, saliency.weighted_f, saliency.maximum_f):
        assert figure(truth, truth) == pytest.approx(1, abs=1e-6)
        assert figure(1 - truth, truth) < 0.35
