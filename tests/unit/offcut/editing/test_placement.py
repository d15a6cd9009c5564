"""Which part of the photo a canvas shows, and where the subject lies on it."""

import math

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from offcut.editing import render
from offcut.editing.document import Document
from offcut.editing.outline import outline_of
from offcut.editing.settings import Settings
from offcut.foreground.cache import ForegroundCache
from tests.unit.offcut.editing.samples import PROVENANCE, colours

KEPT = 26


def photo(width: int, height: int, box: tuple[int, int, int, int]) -> Document:
    """A photo whose subject is a rectangle: left, top, right, bottom."""
    alpha = numpy.zeros((height, width), numpy.uint8)
    left, top, right, bottom = box
    alpha[top:bottom, left:right] = 255
    return Document(colours(width, height), None, alpha, PROVENANCE)


def composed(edited: Document, **settings) -> numpy.ndarray:
    edited.set(Settings.read(settings))
    return numpy.asarray(render.compose(edited, ForegroundCache(edited.rgb)))


def spaces(picture: numpy.ndarray, alpha: int = 128) -> tuple[int, int, int, int]:
    """Left, top, right and bottom: what is free around the subject, in pixels."""
    rows, columns = numpy.nonzero(picture[..., 3] >= alpha)
    height, width = picture.shape[:2]
    return (
        int(columns.min()),
        int(rows.min()),
        width - 1 - int(columns.max()),
        height - 1 - int(rows.max()),
    )


SIZES = [(1080, 1080), (200, 200), (413, 531), (300, 100), (60, 200)]


@pytest.mark.parametrize("size", [(64, 48), (600, 400), (300, 700)])
@pytest.mark.parametrize("canvas", SIZES)
@pytest.mark.parametrize("margin", [0, 0.1, 0.3])
def test_a_canvas_of_own_size_shows_the_whole_subject_in_its_middle_with_a_margin(size, canvas, margin):
    width, height = size
    edited = photo(width, height, (width // 8, height // 5, width // 2, height // 2))
    picture = composed(edited, canvas={"width": canvas[0], "height": canvas[1], "fit": "subject", "margin": margin})
    assert picture.shape == (canvas[1], canvas[0], 4)
    left, top, right, bottom = spaces(picture)
    blur = 1 + canvas[1] / (height * 0.3)  # an enlarged pixel may count on either side
    assert abs(left - right) <= blur and abs(top - bottom) <= blur
    assert min(left, top) == pytest.approx(margin * min(canvas), abs=blur)


@pytest.mark.parametrize("aspect", ["1:1", "4:5", "16:9", "9:16"])
def test_a_shape_around_the_subject_keeps_its_pixels(aspect):
    edited = photo(400, 300, (40, 60, 140, 120))
    picture = composed(
        edited, canvas={"aspect": aspect, "fit": "subject", "margin": 0.1}, edges={"decontaminate": False}
    )
    wide, high = map(int, aspect.split(":"))
    assert picture.shape[1] / picture.shape[0] == pytest.approx(wide / high, rel=0.02)
    left, top, right, bottom = spaces(picture)
    assert abs(left - right) <= 1 and abs(top - bottom) <= 1
    assert min(left, top) == pytest.approx(0.1 * min(picture.shape[:2]), abs=1)
    assert (picture[top : top + 60, left : left + 100, :3] == edited.rgb[60:120, 40:140]).all()


@pytest.mark.parametrize(
    ("box", "cut"),
    [
        ((30, 20, 90, 200), {3}),
        ((0, 20, 90, 200), {0, 3}),
        ((0, 20, 150, 200), {0, 2, 3}),
        ((30, 0, 90, 100), {1}),
        ((100, 40, 150, 100), {2}),
    ],
)
@pytest.mark.parametrize("canvas", [{"width": 413, "height": 531}, {"aspect": "1:1"}, {"width": 35, "height": 45}])
def test_a_subject_that_the_photo_cuts_lies_at_that_edge(box, cut, canvas):
    edited = photo(150, 200, box)
    picture = composed(edited, canvas=canvas | {"fit": "subject", "margin": 0.1})
    space = spaces(picture)
    for side in range(4):
        opposite = (side + 2) % 4
        if side in cut and opposite not in cut:
            assert space[side] == 0
        if side not in cut and opposite not in cut:
            assert space[side] >= 0.1 * min(picture.shape[:2]) - 2
    assert (picture[..., 3] >= 128).sum() > 0


def test_a_hair_at_the_photos_edge_is_no_cut():
    edited = photo(200, 200, (50, 50, 150, 150))
    edited.alpha[150:, 100] = 255
    assert outline_of(edited.alpha).cuts == {}


@pytest.mark.parametrize("rotate", [90, 180, -90, 270])
def test_a_cut_turns_with_the_subject(rotate):
    edited = photo(150, 200, (30, 20, 90, 200))
    picture = composed(edited, placement={"rotate": rotate}, canvas={"width": 300, "height": 400, "fit": "subject"})
    space = spaces(picture)
    side = {90: 0, 180: 1, -90: 2, 270: 2}[rotate]
    assert space[side] <= 1


@pytest.mark.parametrize("rotate", [-8, 3, 12])
def test_a_slanted_cut_leaves_no_corner_free(rotate):
    edited = photo(150, 200, (30, 20, 90, 200))
    picture = composed(
        edited, placement={"rotate": rotate}, canvas={"width": 300, "height": 400, "fit": "subject", "margin": 0.1}
    )
    bottom = picture[-3, :, 3] >= 128
    run = numpy.flatnonzero(bottom)
    # Above the last row the subject is no wider: nothing of the slanted cut is seen.
    above = numpy.flatnonzero(picture[-30, :, 3] >= 128)
    tilt = 30 * abs(math.tan(math.radians(rotate))) + 3
    assert abs(run[0] - above[0]) <= tilt and abs(run[-1] - above[-1]) <= tilt and bottom[run[0] : run[-1]].all()


@pytest.mark.parametrize("placement", [{"scale": 1.5}, {"scale": 0.5}, {"x": 20, "y": -10}])
def test_on_a_fitted_canvas_the_subject_is_scaled_about_its_middle_and_moved_from_there(placement):
    edited = photo(400, 300, (40, 60, 140, 160))
    canvas = {"width": 500, "height": 500, "fit": "subject", "margin": 0.3}
    before, after = composed(edited, canvas=canvas), composed(edited, canvas=canvas, placement=placement)
    scale = 500 * 0.4 / 100

    def middle(picture):
        rows, columns = numpy.nonzero(picture[..., 3] >= 128)
        return columns.mean(), rows.mean(), math.sqrt(len(rows))

    x, y, side = middle(before)
    found = middle(after)
    assert found[0] - x == pytest.approx(placement.get("x", 0) * scale, abs=1.5)
    assert found[1] - y == pytest.approx(placement.get("y", 0) * scale, abs=1.5)
    assert found[2] / side == pytest.approx(placement.get("scale", 1), rel=0.02)


@pytest.mark.parametrize(
    ("size", "canvas"), [((400, 300), (100, 100)), ((60, 90), (400, 300)), ((300, 300), (160, 90))]
)
def test_filled_the_photo_covers_the_canvas(size, canvas):
    width, height = size
    edited = photo(width, height, (width // 2, height // 4, width - 5, height // 2))
    picture = composed(
        edited, background={"kind": "original"}, canvas={"width": canvas[0], "height": canvas[1], "fit": "photo"}
    )
    assert picture.shape == (canvas[1], canvas[0], 3)


def test_without_a_subject_a_fitted_canvas_shows_the_whole_photo():
    edited = photo(400, 300, (0, 0, 0, 0))
    picture = composed(edited, background={"kind": "original"}, canvas={"width": 200, "height": 200, "fit": "subject"})
    assert (picture[..., 3] > 0).sum() == 200 * 150


def test_as_it_is_a_canvas_is_what_it_was_before_there_was_a_choice():
    edited = photo(400, 300, (40, 60, 140, 160))
    old = composed(edited, canvas={"width": 200, "height": 100})
    assert (old == composed(edited, canvas={"width": 200, "height": 100, "fit": "none"})).all()
    assert (old[..., 3] == numpy.pad(edited.alpha, 0)[100:200, 100:300]).all()


# Just the subject


@pytest.mark.parametrize(
    "shadow",
    [
        {"drop": {"direction": 45, "distance": 20, "blur": 8, "opacity": 0.6}},
        {"drop": {"direction": 180, "distance": 90, "blur": 2, "opacity": 0.6}},
        {"drop": {"direction": 270, "distance": 3, "blur": 15, "opacity": 1}},
        {"contact": {"blur": 12, "opacity": 0.8}},
        {"drop": {"direction": 90, "distance": 10, "blur": 4}, "contact": {"blur": 20, "opacity": 1}},
    ],
)
@pytest.mark.parametrize("margin", [0, 0.05])
@pytest.mark.parametrize("placement", [{}, {"rotate": 30, "scale": 0.7, "x": 11}])
@pytest.mark.parametrize("canvas", [{"crop": True}, {"aspect": "1:1", "fit": "subject"}])
def test_a_canvas_around_the_subject_holds_its_shadow(shadow, margin, placement, canvas):
    edited = photo(300, 200, (100, 50, 200, 120))
    picture = composed(edited, shadow=shadow, canvas=canvas | {"margin": margin}, placement=placement)
    alpha = picture[..., 3]
    edges = numpy.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    shadows = edges[edges[:, :3].max(1) == 0]  # the subject itself may touch the edge, its shadow does not
    subject = composed(edited, canvas={"width": 900, "height": 900}, placement=placement)[..., 3]
    assert shadows[:, 3].max(initial=0) <= 3
    assert (alpha >= 254).sum() >= (subject >= 254).sum() * 0.98


def test_the_margin_is_not_added_to_the_shadow():
    edited = photo(300, 200, (100, 50, 200, 120))
    plain = composed(edited, canvas={"crop": True, "margin": 0.3})
    shaded = composed(edited, canvas={"crop": True, "margin": 0.3}, shadow={"drop": {"distance": 4, "blur": 2}})
    assert plain.shape == shaded.shape


def test_faint_hair_is_not_cut_off_but_a_faint_trace_far_away_is():
    edited = photo(300, 200, (100, 50, 200, 120))
    edited.alpha[30:50, 150] = 12  # a hair upwards
    edited.alpha[10:14, 10:14] = 20  # something on the wall
    edited.alpha[180:, :] = 2  # a haze
    picture = composed(edited, canvas={"crop": True}, edges={"traces": 0})
    assert picture.shape[:2] == (90, 100)
    assert (picture[:20, 50, 3] == 12).all()


def test_a_shadow_is_also_thrown_by_what_lies_beyond_the_canvas():
    edited = photo(200, 100, (60, 20, 120, 80))
    shadow = {"drop": {"direction": 0, "distance": 50, "blur": 0, "opacity": 1}}
    whole = composed(edited, shadow=shadow)
    moved = composed(edited, shadow=shadow, placement={"x": -90})
    assert (moved[:, :80, 3] == whole[:, 90:170, 3]).all()
    below = composed(edited, shadow={"contact": {"blur": 2, "opacity": 1}}, placement={"y": 90})
    assert (below[:80, :, 3] == 0).all()  # it stands beyond the canvas, not on its edge


@given(
    st.integers(20, 400),
    st.integers(20, 400),
    st.sampled_from([{"width": 90, "height": 90}, {"width": 300, "height": 70}, {"aspect": "4:5"}]),
    st.floats(0, 0.4),
    st.floats(-180, 180),
    st.floats(0.1, 3),
)
def test_the_window_has_the_canvass_shape_and_holds_the_turned_subject(width, height, canvas, margin, rotate, scale):
    edited = photo(width, height, (width // 4, height // 4, width // 2 + 1, height // 2 + 1))
    canvas = canvas | {"fit": "subject", "margin": margin}
    edited.set(Settings.read({"canvas": canvas, "placement": {"rotate": rotate, "scale": scale, "x": 7}}))
    frame = render.frame_of(edited)
    window = frame.window
    assert window.width / window.height == pytest.approx(frame.width / frame.height)
    edited.set(Settings.read({"canvas": canvas, "placement": {"rotate": rotate}}))
    window = render.frame_of(edited).window
    box = edited.outline.box(edited.settings.placement)
    # Both sides are whole pixels, in a given shape: up to one of them is lost.
    assert window.left <= box.left + 1 and window.top <= box.top + 1
    assert window.right >= box.right - 1 and window.bottom >= box.bottom - 1


def test_previews_lie_where_the_saved_picture_does():
    edited = photo(1200, 900, (0, 200, 500, 900))
    edited.set(Settings.read({"canvas": {"width": 413, "height": 531, "fit": "subject", "margin": 0.1}}))
    whole = render.compose(edited, ForegroundCache(edited.rgb))
    for side in (500, 333, 100):
        small = render.compose(edited, ForegroundCache(edited.rgb), side)
        wanted = whole.resize(small.size, Image.Resampling.BOX)
        apart = numpy.abs(numpy.asarray(small).astype(int)[..., 3] - numpy.asarray(wanted)[..., 3])
        assert apart.mean() < 1.5 and spaces(numpy.asarray(small))[3] == 0 and spaces(numpy.asarray(small))[0] == 0
