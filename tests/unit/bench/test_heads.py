"""Heads of ID presets: what counts as placed."""

import numpy as np
import pytest

from bench.heads import Case, documents, true_chin
from offcut.editing.head import Head
from offcut.inference.faces import Face

FACE = Face(50, 40, 50, 30, 0.9)


def test_a_head_is_as_high_as_the_estimate_is_right():
    case = Case("mask/x", FACE, Head(50, 20, 40), Head(50, 20, 80), crown=20, chin=56)
    assert case.height(case.by_face, 0.8) == pytest.approx(0.72)
    assert case.height(case.by_outline, 0.8) == pytest.approx(0.36)
    assert case.ratio == pytest.approx(1.6) and case.with_chin(1.6).height == pytest.approx(36)


def test_limits_are_those_of_the_presets_each_once():
    found = {name: one for one in documents() for name in one.names.split(", ")}
    assert found["de"] is found["fr"] and found["de"] is not found["in"]
    assert found["de"].takes(0.75) and not found["de"].takes(0.7) and not found["de"].takes(0.81)
    assert all(one.least < one.wanted < one.greatest for one in found.values())


def test_the_chin_is_where_the_mesh_has_it_and_nowhere_where_it_sees_no_face():
    rgb = np.zeros((100, 100, 3), np.uint8)
    found = np.zeros(468 * 3 + 1, np.float32)
    found[:-1] = np.tile([96, 96, 0], 468)  # all in the middle of the square
    found[152 * 3 + 1] = 144
    found[0], found[3] = 48, 144  # as wide as half of it
    found[-1] = 5
    assert true_chin(rgb, FACE, lambda tensor: found) is not None
    found[-1] = -5
    assert true_chin(rgb, FACE, lambda tensor: found) is None
