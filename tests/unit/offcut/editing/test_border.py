"""The border in the finished picture: its colour, its place among subject, shadow and canvas."""

import numpy
import pytest
from PIL import Image

from offcut.editing import render
from offcut.editing.document import Document
from offcut.editing.look import Look
from offcut.editing.settings import Settings
from offcut.errors import OptionError
from offcut.foreground.cache import ForegroundCache
from offcut.options import Options
from offcut.pipeline import MattedPixels, compose
from offcut.protocol.steps import settings_step
from tests.unit.offcut.editing.samples import PROVENANCE, colours, document

GREEN = (0, 255, 0)


def block(left: int, top: int, right: int, bottom: int) -> Document:
    """A photo of 200 × 150 pixels whose subject is a rectangle."""
    alpha = numpy.zeros((150, 200), numpy.uint8)
    alpha[top:bottom, left:right] = 255
    return Document(colours(200, 150), None, alpha, PROVENANCE)


def composed(edited: Document, max_side: int | None = None, **settings) -> numpy.ndarray:
    edited.set(Settings.read(settings))
    return numpy.asarray(render.compose(edited, ForegroundCache(edited.rgb), max_side))


def border(width: float, colour: str = "#00ff00") -> dict:
    return {"width": width, "colour": colour}


def test_it_surrounds_the_subject_in_its_colour():
    edited = block(50, 60, 130, 100)
    plain, found = composed(edited), composed(edited, border=border(0.1))
    assert (found[60:100, 50:130] == plain[60:100, 50:130]).all()
    for place in ((80, 43), (80, 136), (53, 90), (106, 90)):  # 8 pixels: a tenth of the longer side
        assert tuple(found[place]) == (*GREEN, 255)
    for place in ((80, 41), (80, 139), (51, 90), (108, 90), (53, 43)):
        assert found[place][3] == 0


def test_where_the_subject_is_half_transparent_the_border_shines_through():
    edited = block(50, 60, 130, 100)
    edited.alpha[75:85, 80:90] = 128
    plain, found = composed(edited), composed(edited, border=border(0.1))
    wanted = (plain[80, 85, :3] * 128.0 + numpy.array(GREEN) * 127.0) / 255
    assert numpy.abs(found[80, 85, :3] - wanted).max() <= 1 and found[80, 85, 3] == 255


def test_faint_traces_beyond_it_are_cut_off():
    edited = block(50, 60, 130, 100)
    edited.alpha[20:30, 60:70] = 30
    found = composed(edited, border=border(0.1), edges={"traces": 0})
    assert not found[15:35, 55:75].any() and composed(edited, edges={"traces": 0})[25, 65, 3] == 30


def test_it_grows_with_the_subject_that_is_scaled_and_turns_with_it():
    edited = block(60, 55, 140, 95)
    for placement, reach in (({}, (40, 20)), ({"scale": 0.5}, (20, 10)), ({"rotate": 90}, (20, 40))):
        found = composed(edited, border=border(0.1), placement=placement)
        rows, columns = numpy.nonzero(found[..., 3] > 128)
        width = 8 * placement.get("scale", 1)
        middle = 100, 75
        assert columns.max() + 1 - middle[0] == pytest.approx(reach[0] + width, abs=1)
        assert rows.max() + 1 - middle[1] == pytest.approx(reach[1] + width, abs=1)


def test_the_shadow_is_that_of_the_border():
    edited = block(50, 60, 130, 100)
    drop = {"direction": 0, "distance": 20, "blur": 0, "opacity": 0.5}
    found = composed(edited, border=border(0.1), shadow={"drop": drop})
    assert tuple(found[80, 137]) == (*GREEN, 255)
    assert tuple(found[80, 155]) == (0, 0, 0, 128)  # 130 + 8 + 20 = 158
    assert found[80, 160][3] == 0


def test_canvases_around_the_subject_hold_it():
    edited = block(50, 60, 130, 100)
    cropped = composed(edited, border=border(0.1), canvas={"crop": True})
    assert cropped.shape[:2] == (56, 96)
    assert tuple(cropped[28, 0]) == tuple(cropped[0, 48]) == (*GREEN, 255)
    fitted = composed(edited, border=border(0.1), canvas={"width": 192, "height": 192, "fit": "subject", "margin": 0})
    rows, columns = numpy.nonzero(fitted[..., 3] > 128)
    assert (columns.min(), columns.max()) == (0, 191) and rows.max() + 1 - rows.min() == pytest.approx(112, abs=2)


def test_a_subject_that_the_photos_edge_cuts_lies_at_the_canvass_edge():
    edited = block(50, 60, 130, 150)
    fitted = composed(edited, border=border(0.1), canvas={"width": 196, "height": 198, "fit": "subject"})
    assert tuple(fitted[197, 98, :3]) != GREEN and fitted[197, 98, 3] == 255  # the subject itself
    assert tuple(fitted[2, 98]) == (*GREEN, 255)


def test_what_lies_beyond_the_canvas_has_its_border_on_it():
    edited = block(50, 60, 130, 100)
    moved = composed(edited, border=border(0.1), placement={"x": -134})
    assert tuple(moved[80, 2]) == (*GREEN, 255) and moved[80, 6][3] == 0


def test_the_border_is_over_any_background_and_over_the_photo_itself():
    edited = document(120, 90)
    for kind in ({"kind": "colour", "colour": "#ff0000"}, {"kind": "original"}):
        alone, found = composed(edited, background=kind), composed(edited, background=kind, border=border(0.1))
        changed = (alone != found[..., :3]).any(2)
        assert (found[changed][:, 1] > 0).all() and changed.any() and not changed[0, 0]
        assert found[45, 17, 1] > 250 and found[45, 17, 0] < 5


def test_a_preview_shows_the_same():
    edited = block(50, 60, 130, 100)
    whole = composed(edited, border=border(0.1))
    small = composed(edited, 100, border=border(0.1))
    reduced = numpy.asarray(Image.fromarray(whole).resize((100, 75), Image.Resampling.BOX))
    assert numpy.abs(small[..., 3].astype(int) - reduced[..., 3]).mean() < 2


def test_the_engine_draws_the_same_one_as_the_editor():
    edited = document(160, 120)
    found = composed(edited, border=border(0.05), edges={"traces": 0})
    pixels = MattedPixels(edited.rgb, None, edited.alpha, PROVENANCE)
    options = Options.read({"border": 0.05, "border_colour": "#0f0"})
    picture, _ = compose(pixels, options)
    assert numpy.array_equal(numpy.asarray(picture.whole()), found)
    over, _ = compose(pixels, Options.read({"border": 0.05, "border_colour": "#0f0", "background": "#fff"}))
    assert (numpy.asarray(over.whole())[found[..., 3] == 0] == 255).all()
    mask, _ = compose(pixels, Options.read({"border": 0.05, "output": "mask"}))
    assert numpy.array_equal(numpy.asarray(mask.whole()), edited.alpha)


def test_a_look_has_it_for_photos_of_any_size():
    look = Look.read({"border": border(0.03, "#112233")})
    assert look.settings_for((100, 80)) == look.settings_for((4000, 3000))
    assert look.settings.border and look.settings.border.colour == "#112233"


@pytest.mark.parametrize("wrong", [{"width": 0}, {"width": 0.3}, {"colour": "nonsense"}, {"shade": 1}, 0.1])
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(OptionError):
        Settings.read({"border": wrong})


def test_it_is_a_step_of_its_own_and_is_saved():
    before, after = Settings.read({}), Settings.read({"border": {}})
    assert settings_step(before.plain(), after.plain()) == "step.border"
    assert (
        Settings.read(after.plain()) == after
        and after.border == Settings.read({"border": border(0.02, "#ffffff")}).border
    )
