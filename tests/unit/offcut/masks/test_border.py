"""The border around a subject, against distances that are computed by formula or one by one."""

import numpy
import pytest

from offcut.masks import border
from offcut.masks.border import border_of, side_of


def discs(size: int, places: list[tuple[float, float, float]]) -> tuple[numpy.ndarray, numpy.ndarray]:
    """How far each pixel is from the nearest of some discs (x, y, radius), and their alpha with smooth edges."""
    y, x = numpy.mgrid[:size, :size] + 0.5
    distance = numpy.min([numpy.hypot(x - at, y - down) - radius for at, down, radius in places], axis=0)
    return distance, (numpy.clip(0.5 - distance, 0, 1) * 255 + 0.5).astype(numpy.uint8)


@pytest.mark.parametrize("width", [1.5, 3, 7.25, 11, 20, 37, 80])
def test_the_border_ends_everywhere_at_its_width(width):
    distance, alpha = discs(500, [(250, 230, 90), (300.4, 300.7, 60)])
    found = border_of(alpha, width)
    wanted = numpy.clip(width + 0.5 - distance, 0, 1) * 255
    cell = max(1, width / 8)
    assert (found[distance < width - 0.5 * cell - 0.5] == 255).all()
    assert (found[distance > width + 0.5 * cell + 0.5] == 0).all()
    # As much too far as too near: a tenth of a cell.
    assert abs(found.sum() - wanted.sum()) / 255 / (2 * numpy.pi * (120 + width)) < 0.1 * cell


def test_its_edge_is_smooth():
    _, alpha = discs(400, [(200, 200, 100)])
    for width in (6, 30):
        soft = border_of(alpha, width)
        row = soft[200]
        assert 2 <= numpy.count_nonzero((soft > 0) & (soft < 255)) / (2 * (100 + width)) < 4.5
        assert list(row).index(255) == pytest.approx(100 - width, abs=1.5)


@pytest.mark.parametrize("width", [2, 9, 24, 60])
@pytest.mark.parametrize("strength", [90, 255])
def test_wires_and_hair_lie_inside_it(width, strength):
    alpha = numpy.zeros((400, 400), numpy.uint8)
    alpha[100:300, 150] = strength
    for at in range(100, 300):
        alpha[at, at] = strength
    found = border_of(alpha, width)
    cell = max(1, width / 8)
    y, x = numpy.mgrid[:400, :400]
    near = numpy.full(alpha.shape, numpy.inf)
    for down, at in numpy.argwhere(alpha > 0):
        numpy.minimum(near, numpy.hypot(y - down, x - at), out=near)
    assert (found[near < width - 1.5 * cell] == 255).all()
    assert (found[near > width + 1.5 * cell + 1] == 0).all()


def test_gaps_that_are_narrower_than_twice_its_width_are_filled():
    alpha = numpy.full((120, 120), 255, numpy.uint8)
    alpha[:10] = alpha[-10:] = 0
    alpha[50:70, 50:70] = 0
    assert (border_of(alpha, 14)[20:100] == 255).all()
    assert border_of(alpha, 6)[60, 60] == 0


def test_faint_traces_have_none_and_nothing_has_none():
    alpha = numpy.zeros((60, 60), numpy.uint8)
    assert not border_of(alpha, 5).any() and side_of(alpha) == 0
    alpha[30, 30] = 40
    assert not border_of(alpha, 5).any()
    alpha[10:20, 10:40] = 255
    assert side_of(alpha) == 30 and border_of(alpha, 5)[30, 30] == 0
    assert alpha[22, 20] == 0  # what was given stays


def test_it_is_the_same_wherever_the_subject_lies():
    _, alpha = discs(300, [(100, 100, 40)])
    moved = numpy.roll(alpha, (64, 48), (0, 1))
    for width in (5, 24):
        assert numpy.array_equal(numpy.roll(border_of(alpha, width), (64, 48), (0, 1)), border_of(moved, width))


@pytest.mark.parametrize("width", [3, 11, 30, 90])
def test_strips_are_parts_of_the_whole(monkeypatch, width):
    _, alpha = discs(400, [(120.3, 150.8, 60), (300, 260, 40)])
    alpha[200:380, 222] = 255
    alpha[350:, 100:180] = 200
    monkeypatch.setattr(border, "_STRIP", 10_000)
    whole = border_of(alpha, width)
    for rows in (256, 40, 1):
        monkeypatch.setattr(border, "_STRIP", rows)
        apart = numpy.abs(border_of(alpha, width).astype(int) - whole)
        assert apart.max() <= 1 and apart.mean() < 0.001  # the kernel's weights are rounded
