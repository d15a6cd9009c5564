"""A stroke: its points, the box that each part of it changes, and what is drawn of it."""

import pytest
from editor.camera import Camera
from editor.stroke import PIECE, Stroke, ring_weights

from offcut.protocol.brush import RINGS
from tests.page.editor.fakes import Canvas, Path


def stroke(mode="erase", size=20.0, softness=0.0, opacity=0.8) -> Stroke:
    return Stroke(mode, size, softness, opacity, Canvas(), Path)


def camera() -> Camera:
    found = Camera()
    found.resize(300, 150)
    found.open(300, 150)
    found.zoom_to(1.0)
    return found


def test_its_operation_is_what_the_worker_understands():
    made = stroke()
    made.add(10, 20)
    made.add(30, 20, 0.5)
    assert made.operation() == {
        "kind": "stroke",
        "mode": "erase",
        "size": 20.0,
        "softness": 0.0,
        "opacity": 0.8,
        "points": [10, 20, 1.0, 30, 20, 0.5],
    }
    smart = stroke("smart")
    smart.add(1, 2)
    assert smart.operation() == {"kind": "smart", "size": 20.0, "points": [1, 2, 1.0]}


def test_each_point_changes_the_box_around_its_segment():
    made = stroke()
    assert made.add(100, 50) == (89, 39, 111, 61)
    assert made.add(140, 60) == (89, 39, 151, 71)
    assert made.add(140, 60) is None  # the same place once more
    assert made.box == (89, 39, 151, 71)


def test_a_straight_line_has_two_ends_and_changes_what_it_was_before():
    made = stroke()
    for place in ((100, 50), (20, 90), (200, 10)):
        made.add(*place)
    before = made.box
    box = made.straighten(120, 60)
    assert made.points == [100, 50, 1.0, 120, 60, 1.0]
    assert box[0] <= before[0] and box[3] >= before[3] and made.box == (89, 39, 131, 71)


def test_pressure_is_never_nothing():
    made = stroke()
    made.add(1, 2, 0.0)
    assert made.points == [1, 2, 0.1]


def test_only_the_pieces_that_overlap_a_box_are_drawn():
    made = stroke(size=4.0)
    for x in range(3 * PIECE):
        made.add(10 * x, 50)
    context = made.canvas.context
    made.draw(camera(), (0, 40, 5, 60))
    (drawn,) = [call for call in context.calls if call[0] == "stroke"]
    assert len(drawn[1].parts) == 1
    assert context.of("clip") and context.of("clearRect")[0][2] < 20
    context.calls.clear()
    made.draw(camera())
    assert len(context.of("stroke")[0][0].parts) == 3 and not context.of("clip")


@pytest.mark.parametrize(("softness", "count"), [(0.0, 1), (0.5, RINGS)])
def test_a_soft_brush_is_drawn_ring_by_ring(softness, count):
    made = stroke(softness=softness)
    made.add(10, 10)
    made.draw(camera())
    assert len(made.canvas.context.of("stroke")) == count


def test_where_the_pressure_varies_segments_are_filled():
    made = stroke()
    made.add(10, 10, 0.5)
    made.add(40, 10, 1.0)
    made.draw(camera())
    context = made.canvas.context
    assert len(context.of("fill")) == 1 and not context.of("stroke")
    assert [arc[2] for arc in context.of("arc")][-1] == pytest.approx(10 * 0.75)


@pytest.mark.parametrize("count", [1, 3, 16])
def test_rings_add_up_to_the_whole_in_steps_of_8_bits(count):
    steps = [weight * 255 for weight in ring_weights(count)]
    assert sum(steps) == pytest.approx(255) and all(step == pytest.approx(round(step)) for step in steps)
    for ring in range(count):
        assert sum(steps[: ring + 1]) == pytest.approx(255 * (ring + 1) / count, abs=0.5)
