"""The brush, against one that goes through every pixel, ring and piece by itself."""

import itertools

import numpy as np
import pytest
from hypothesis import given, strategies

from offcut.errors import OptionError
from offcut.geometry import Box
from offcut.masks import brush
from tests.unit.offcut.samples import assert_plain, examples

HEIGHT, WIDTH = 90, 150

places = strategies.tuples(
    strategies.floats(-40, 190, width=32), strategies.floats(-40, 130, width=32), strategies.floats(0, 1.5, width=32)
)
lines = strategies.lists(places, min_size=1, max_size=6)
brushes = strategies.fixed_dictionaries(
    {
        "kind": strategies.just("stroke"),
        "mode": strategies.sampled_from(["restore", "erase"]),
        "size": strategies.floats(0.5, 120),
        "softness": strategies.sampled_from([0, 0.3, 1]),
        "opacity": strategies.sampled_from([0, 0.4, 1]),
        "points": lines.map(lambda line: [part for at in line for part in at]),
    }
)


def by_hand(operation: dict) -> np.ndarray:
    """Coverage of every pixel without the opacity, float64: the definition, word for word."""
    points = np.array(operation["points"]).reshape(-1, 3)
    pieces = list(itertools.pairwise(points)) or [(points[0], points[0])]
    y, x = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    rings = 16 if operation["softness"] else 1
    total = np.zeros((HEIGHT, WIDTH))
    for (x0, y0, p0), (x1, y1, p1) in pieces:
        length = (x1 - x0) ** 2 + (y1 - y0) ** 2
        part = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length, 0, 1) if length else 0
        far = np.hypot(x - x0 - part * (x1 - x0), y - y0 - part * (y1 - y0))
        pressure = (min(max(p0, 0.1), 1) + min(max(p1, 0.1), 1)) / 2
        held = np.zeros((HEIGHT, WIDTH))
        for ring in range(1, rings + 1):
            radius = operation["size"] / 2 * pressure * (1 - operation["softness"] * (1 - ring / rings))
            held += np.clip(radius - far + 0.5, 0, 1) / rings
        total = np.maximum(total, held)
    return total


def painted(operation: dict, alpha: np.ndarray) -> np.ndarray:
    stroke = brush.read(operation)
    box = brush.reach(stroke, *alpha.shape)
    after = alpha.copy()
    if box:
        after[box.slices] = brush.paint(alpha, stroke, box, operation["mode"])
    return after


def noise(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (HEIGHT, WIDTH), np.uint8)


@examples(150)
@given(brushes, strategies.integers(0, 3))
def test_a_stroke_follows_its_definition(operation, seed):
    alpha = noise(seed)
    share = by_hand(operation) * operation["opacity"]
    before = alpha / 255
    wanted = before + (1 - before) * share if operation["mode"] == "restore" else before * (1 - share)
    assert np.abs(painted(operation, alpha) - wanted * 255).max() < 0.55


@examples()
@given(brushes)
def test_nothing_changes_outside_the_strokes_box(operation):
    alpha = noise()
    box = brush.reach(brush.read(operation), *alpha.shape) or Box(0, 0, 0, 0)
    after = painted(operation, alpha)
    after[box.slices] = alpha[box.slices]
    assert (after == alpha).all()


@examples()
@given(brushes)
def test_erasing_what_a_full_stroke_restored_leaves_nothing_and_the_other_way_round(operation):
    """Where both are at full strength, nothing of what was there before is left."""
    operation |= {"opacity": 1}
    first, second = (operation | {"mode": mode} for mode in ("restore", "erase"))
    full = by_hand(operation) > 0.999
    assert (painted(second, painted(first, noise()))[full] == 0).all()
    assert (painted(first, painted(second, noise()))[full] == 255).all()


def test_two_places_that_are_hardly_apart_are_a_point():
    alone = {"kind": "stroke", "mode": "restore", "size": 30, "softness": 0.3, "opacity": 1, "points": [0, 50, 1]}
    twice = alone | {"points": [0, 50, 1, 1e-160, 50, 1]}
    empty = np.zeros((HEIGHT, WIDTH), np.uint8)
    assert (painted(twice, empty) == painted(alone, empty)).all()


def test_a_stroke_that_crosses_itself_counts_once():
    alpha = np.zeros((HEIGHT, WIDTH), np.uint8)
    operation = {"kind": "stroke", "mode": "restore", "size": 30, "opacity": 0.5}
    there = [20, 45, 1, 130, 45, 1]
    once = painted(operation | {"points": there}, alpha)
    assert (painted(operation | {"points": [*there, 20, 45, 1, *there]}, alpha) == once).all()
    assert once.max() == 128


def test_softness_falls_from_the_middle_to_the_rim():
    row = by_hand({"size": 80, "softness": 1, "points": [75, 45, 1]})[45, 75:]
    after = painted(
        {"kind": "stroke", "mode": "restore", "size": 80, "softness": 1, "points": [75, 45, 1]},
        np.zeros((HEIGHT, WIDTH), np.uint8),
    )[45, 75:]
    assert after[0] == 255 and after[41:].max() == 0 and (np.diff(after.astype(int)) <= 0).all()
    assert after[20] == pytest.approx(255 * row[20], abs=1)


def test_a_long_stroke_at_full_size_is_the_same_as_in_parts():
    """Squares far from the line are left out, and squares within it are filled at once: neither shows."""
    line = np.random.default_rng(5).uniform(0, 900, (40, 2))
    points = np.column_stack([line, np.linspace(0.2, 1, 40)]).ravel().tolist()
    stroke = brush.read({"mode": "restore", "size": 300, "softness": 0.4, "points": points})
    whole = brush.paint(np.zeros((900, 900), np.uint8), stroke, Box(0, 900, 0, 900), "restore")
    for box in (Box(37, 500, 211, 640), Box(600, 601, 0, 900)):
        part = brush.paint(np.zeros((900, 900), np.uint8), stroke, box, "restore")
        assert (part == whole[box.slices]).all()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"mode": "paint"}, "mode"),
        ({"mode": None}, "mode"),
        ({"size": 0}, "size"),
        ({"size": float("nan")}, "size"),
        ({"size": None}, "size"),
        ({"size": True}, "size"),
        ({"softness": 1.1}, "softness"),
        ({"softness": "soft"}, "softness"),
        ({"opacity": -0.1}, "opacity"),
        ({"points": []}, "points"),
        ({"points": [1, 2]}, "points"),
        ({"points": [1, 2, float("inf")]}, "points"),
        ({"points": [1, 2, None]}, "points"),
        ({"points": "1,2,3"}, "points"),
        ({"points": None}, "points"),
    ],
)
def test_an_invalid_stroke_is_refused_by_name(changed, message):
    sound = {"kind": "stroke", "mode": "erase", "size": 10, "points": [1, 2, 1]}
    with pytest.raises(OptionError, match=message) as caught:
        brush.read(sound | changed)
    assert_plain(caught.value)
