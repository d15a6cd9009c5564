"""A network that is unsure of a photo has much alpha between 0 and 1."""

import numpy as np
import pytest

from offcut.inference.uncertainty import UNSURE, has_subject, uncertainty
from tests.unit.offcut.editing.samples import blob


def test_a_hard_alpha_is_certain_and_one_of_nothing_is_not():
    hard = np.zeros((20, 30), np.float32)
    assert uncertainty(hard) == 1
    hard[5:15, 5:20] = 1
    assert uncertainty(hard) == 0


@pytest.mark.parametrize("scale", [1, 3])
def test_soft_edges_are_certain_and_a_half_seen_subject_is_not_whatever_the_size(scale):
    clear = blob(300 * scale, 200 * scale, 2 * scale).astype(np.float32) / 255
    assert uncertainty(clear) < UNSURE
    vague = clear.copy()
    vague[:, : 150 * scale] *= 0.6
    assert uncertainty(vague) > 2 * UNSURE


def test_single_pixels_are_no_subject_and_a_small_one_is():
    coarse = np.zeros((320, 320), np.float32)
    assert not has_subject(coarse)
    coarse[5, 5:8] = 1
    coarse[100:200, 100:200] = 0.4
    assert not has_subject(coarse)
    coarse[40:44, 40:44] = 0.9
    assert has_subject(coarse)
