"""A head in the alpha's outline, and canvases that are fitted to it."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from offcut.editing.head import head_of
from offcut.editing.placement import frame_of
from offcut.editing.settings import Canvas, Placement, Settings
from offcut.inference.faces import Face
from tests.unit.offcut.editing.samples import document
from tests.unit.offcut.fakes import run

SIZE = 300, 400


def person(x: int = 150, top: int = 40, scale: float = 1.0, hair: bool = False) -> np.ndarray:
    """The outline of a person: a head of 100 by 135 from crown to chin, a neck, shoulders down to the photo's edge."""
    picture = Image.new("L", SIZE)
    draw = ImageDraw.Draw(picture)

    def place(left: float, upper: float, right: float, lower: float) -> tuple[float, float, float, float]:
        return x + left * scale, top + upper * scale, x + right * scale, top + lower * scale

    draw.ellipse(place(-50, 0, 50, 135), fill=255)
    draw.rectangle(place(-20, 100, 20, 180), fill=255)
    draw.ellipse(place(-120, 165, 120, 500), fill=255)
    if hair:
        draw.rectangle(place(-56, 60, 56, 220), fill=255)
    return np.asarray(picture)


@pytest.mark.parametrize(("x", "top", "scale"), [(150, 40, 1.0), (120, 10, 0.6), (170, 60, 1.3)])
def test_the_crown_is_exact_and_the_chin_nearly(x, top, scale):
    head = head_of(person(x, top, scale))
    assert head.top == pytest.approx(top, abs=1.5) and head.x == pytest.approx(x, abs=1.5)
    assert head.height == pytest.approx(135 * scale, rel=0.15)  # the neck hides the last of it


def test_long_hair_hides_the_neck_and_leaves_the_breadth_to_go_by():
    assert head_of(person(hair=True)).height == pytest.approx(135, rel=0.2)


def test_nothing_has_no_head():
    assert head_of(np.zeros((20, 20), np.uint8)) is None
    assert head_of(np.full((20, 20), 255, np.uint8)).height > 0


def test_the_canvas_has_the_head_where_it_is_to_be():
    head = head_of(person())
    canvas = Canvas(413, 531, fit="head", head_top=0.08, head_height=0.75)
    frame = frame_of(SIZE, Settings(canvas=canvas), None, head)
    assert frame.size == (413, 531)
    assert (head.top - frame.top) * frame.scale == pytest.approx(0.08 * 531, abs=0.5)
    assert head.height * frame.scale == pytest.approx(0.75 * 531, abs=0.5)
    assert (head.x - frame.left) * frame.scale == pytest.approx(413 / 2, abs=0.5)


def test_a_person_who_is_scaled_keeps_the_crown_where_it_is():
    head = head_of(person())
    canvas = Canvas(413, 531, fit="head", head_top=0.08, head_height=0.75)
    plain = frame_of(SIZE, Settings(canvas=canvas), None, head)
    larger = frame_of(SIZE, Settings(canvas=canvas, placement=Placement(scale=1.2)), None, head)
    crown = SIZE[1] / 2 + 1.2 * (head.top - SIZE[1] / 2)
    assert (crown - larger.top) * larger.scale == pytest.approx((head.top - plain.top) * plain.scale, abs=0.5)


def test_without_a_subject_the_canvas_is_the_photos_middle():
    frame = frame_of(SIZE, Settings(canvas=Canvas(100, 100, fit="head")), None)
    assert frame.size == (100, 100)


def test_a_face_says_where_the_head_is():
    alpha = np.zeros((400, 300), np.uint8)
    alpha[80:400, 60:240] = 255  # long hair: the outline says nothing of the chin
    alpha[10:40, 200:230] = 255  # a raised hand
    face = Face(150, 160, 200, 90, 0.9)
    head = head_of(alpha, face)
    assert (head.x, head.top) == (150, 80)
    assert head.top + head.height == pytest.approx(160 + 1.6 * 40)
    assert head_of(alpha).top == 10
    upside_down = Face(150, 200, 160, 90, 0.9)
    assert head_of(alpha, upside_down) == head_of(alpha)
    bald = head_of(np.zeros_like(alpha), face)
    assert bald.height > 0 and bald.top <= 160 - 20


def test_the_face_is_looked_for_once_and_only_for_a_head():
    class Engine:
        looks = 0

        async def find_face(self, rgb, alpha, space):
            self.looks += 1
            return Face(60, 30, 45, 30, 0.9)

    engine, edited = Engine(), document(120, 90)
    run(edited.look_for_face(engine))
    assert engine.looks == 0
    edited.set(Settings(canvas=Canvas(100, 100, fit="head")))
    before = edited.head
    run(edited.look_for_face(engine))
    run(edited.look_for_face(engine))
    assert engine.looks == 1 and edited.head != before and edited.head.x == 60
