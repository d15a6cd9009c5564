"""What is said of a picture: that it has more pixels of the subject than the photo, or that the head is a guess."""

import pytest

from offcut.cli.notices import explain
from offcut.editing.checks import enlargement_of, is_head_guessed, provenance_of
from offcut.editing.document import Document
from offcut.editing.editor import Editor
from offcut.editing.look import Finisher, Look
from offcut.editing.settings import Settings
from offcut.inference.faces import Face
from offcut.options import Options
from tests.unit.offcut.editing.samples import PROVENANCE, colours, document, open_in
from tests.unit.offcut.editing.test_head import SIZE, person
from tests.unit.offcut.fakes import Bench, run
from tests.unit.offcut.samples import save, scene

PASSPORT = {"width": 413, "height": 531, "fit": "head", "head_top": 0.08, "head_height": 0.75, "dpi": 300}


def edited(document: Document, **settings: object) -> Document:
    document.begin_with(Settings.read(settings))
    return document


def portrait(**settings: object) -> Document:
    return edited(Document(colours(*SIZE), None, person(), PROVENANCE), **settings)


def test_a_head_with_fewer_pixels_than_the_document_needs_is_told_with_both_numbers():
    photo = portrait(canvas=PASSPORT)
    found = enlargement_of(photo)
    assert found.kind == "head" and found.pixels == pytest.approx(135, rel=0.15)
    assert found.pixels * found.zoom == pytest.approx(0.75 * 531, rel=0.01)
    assert provenance_of(photo).notices == (f"enlarged-head {round(found.pixels)} 398",)
    assert provenance_of(photo).dpi == (300, 300)


def test_a_head_whose_face_was_looked_for_and_not_found_is_guessed():
    photo = portrait(canvas=PASSPORT | {"width": 120, "height": 160})
    assert not is_head_guessed(photo)  # not looked for yet
    photo.take_face(None)
    assert is_head_guessed(photo) and provenance_of(photo).notices == ("no-face",)
    photo.take_face(Face(150, 100, 130, 60, 0.9))
    assert not is_head_guessed(photo) and provenance_of(photo).notices == ()
    other = portrait(canvas={"aspect": "1:1", "fit": "subject"})
    other.take_face(None)
    assert not is_head_guessed(other)


def test_what_the_photo_has_enough_pixels_for_is_not_told():
    assert provenance_of(portrait(canvas=PASSPORT | {"width": 120, "height": 160})).notices == ()
    assert enlargement_of(portrait(canvas={"aspect": "1:1", "fit": "subject"})) is None
    slightly = enlargement_of(portrait(canvas=PASSPORT | {"width": 148, "height": 190}))
    assert 1 < slightly.zoom < 1.2 and slightly.notices == ()


@pytest.mark.parametrize("fit", ["subject", "photo"])
def test_a_product_that_a_shop_wants_larger_is_told_by_its_longer_side(fit):
    shop = edited(document(200, 100), canvas={"width": 1000, "height": 1000, "fit": fit, "margin": 0.1})
    found = enlargement_of(shop)
    width = 0.6 * 200
    assert found.kind == "subject" and found.pixels == pytest.approx(width, abs=12)
    expected = 1000 * 0.8 / found.pixels if fit == "subject" else 1000 / 100
    assert found.zoom == pytest.approx(expected, rel=0.05)


def test_what_a_person_scales_by_hand_is_told_too():
    assert enlargement_of(edited(document(200, 100), placement={"scale": 3})).zoom == 3
    assert enlargement_of(edited(document(200, 100), placement={"scale": 0.5})) is None


def test_files_of_editor_and_batch_say_it_and_the_command_line_in_words():
    look = {"canvas": {"width": 800, "height": 800, "fit": "subject", "margin": 0.1}}
    finisher = Finisher(Look.read(look))
    data = save(scene(), "PNG")
    result = run(Bench().engine.remove(data, Options.read({"traces": 0}), finish=finisher.finish))

    async def edit() -> tuple[str, ...]:
        editor = Editor(Bench().engine)
        await open_in(editor, data)
        await editor.set_settings(Settings.read(look))
        assert (await editor.render_composition(64)).enlargement.kind == "subject"
        return (await editor.save(Options())).notices

    (notice,) = result.notices
    name, pixels, needed = notice.split()
    assert name == "enlarged-subject" and int(needed) > 4 * int(pixels) and run(edit()) == (notice,)
    assert explain(("animated", notice))[1] == (
        f"its subject has {pixels} pixels in the photo and {needed} in the picture, which is not sharp"
    )
