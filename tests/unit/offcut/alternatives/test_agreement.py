"""How far two alphas agree, whatever their sizes."""

import numpy as np
import pytest

from offcut.alternatives.agreement import find_any_subject, lowest_agreement
from offcut.inference.agreement import SIDE, agreement, reduced
from tests.unit.offcut.editing.samples import blob
from tests.unit.offcut.fakes import model


def test_agreement_is_the_share_of_what_either_has_that_both_have():
    one, other = np.zeros((4, 4), np.float32), np.zeros((4, 4), np.float32)
    one[:2], other[1:] = 1, 1
    assert agreement(one, other) == agreement(other, one) == pytest.approx(4 / 16)
    other[1:] = 0.5
    assert agreement(one, other) == pytest.approx((4 * 0.5) / (8 + 8 * 0.5))


def test_the_same_agree_and_so_do_two_that_find_nothing():
    alpha = reduced(blob(300, 200))
    empty = np.zeros((SIDE, SIDE), np.float32)
    assert agreement(alpha, alpha) == agreement(empty, empty) == 1
    assert agreement(alpha, empty) == 0


def test_alphas_of_any_size_and_type_can_be_compared():
    whole, coarse = reduced(blob(900, 600)), reduced(blob(90, 60, 0.2).astype(np.float32) / 255)
    assert whole.shape == coarse.shape == (SIDE, SIDE) and whole.dtype == coarse.dtype == np.float32
    assert whole.min() == 0 and whole.max() == 1 and agreement(whole, coarse) > 0.95


def test_the_two_that_agree_least_count():
    alphas = [np.full((2, 2), value, np.float32) for value in (1, 0.9, 0.5)]
    assert lowest_agreement(alphas) == pytest.approx(0.5)
    assert lowest_agreement(alphas[:1]) == lowest_agreement([]) == 1


def test_a_network_for_one_kind_of_subject_does_not_count():
    assert find_any_subject([model(id="any"), model(id="faces", tier="people")]) == ["any"]
