"""Opening, editing and saving a photo, with a stand-in for the network."""

import numpy
import pytest
from PIL import Image

from offcut import foreground
from offcut.editing.editor import Editor
from offcut.editing.settings import Settings
from offcut.errors import NotAnImageError, NothingOpenError, OptionError
from offcut.foreground.tiles import Box
from offcut.pipeline import Options

from editing_samples import stroke
from engine_doubles import Bench, run
from engine_samples import ASTRONAUT, assert_plain, reopen, save, scene

PHOTO = save(scene(), "PNG")


def opened(data: bytes = PHOTO, **options) -> Editor:
    editor = Editor(Bench().engine)
    run(editor.open(data, Options(**options)))
    return editor


def saved(editor: Editor, **options) -> Image.Image:
    return reopen(run(editor.save(Options(**options))).data)


@pytest.mark.parametrize("options", [{}, {"foreground": False}, {"background": "#123456"}, {"format": "webp"},
                                     {"output": "mask"}, {"refine": 0.0}, {"model": "two"}])
@pytest.mark.parametrize("photo", ["opaque", "transparent"])
def test_opening_answers_what_removing_does(photo, options):
    picture = scene(300, 200)
    if photo == "transparent":
        picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    data = save(picture, "PNG", dpi=(300, 300))
    removed = run(Bench().engine.remove(data, Options(**options)))
    result = run(Editor(Bench().engine).open(data, Options(**options)))
    assert result.data == removed.data
    assert (result.width, result.height, result.model, result.title, result.backend, result.threads, result.notices) == (
        removed.width, removed.height, removed.model, removed.title, removed.backend, removed.threads, removed.notices)
    assert set(result.seconds) == set(removed.seconds)


def test_what_is_saved_is_the_photo_under_the_edited_alpha():
    editor = opened(ASTRONAUT.read_bytes())
    before = editor.document.alpha.copy()
    run(editor.apply(stroke("erase", 120, [(100, 100), (140, 300)], softness=0.5)))
    run(editor.apply(stroke("restore", 60, [(420, 200)], softness=1, opacity=0.7)))
    alpha = editor.document.alpha
    assert (alpha != before).any()
    photo = numpy.asarray(Image.open(ASTRONAUT).convert("RGB"))
    wanted = numpy.dstack([foreground.estimate(photo, alpha) * (alpha > 0)[..., None], alpha])
    assert (numpy.asarray(saved(editor)) == wanted).all()


def test_undoing_everything_saves_what_was_there_at_first():
    editor = opened()
    first = run(editor.save(Options())).data
    run(editor.apply(stroke("erase", 10, [(4, 4)])))
    assert run(editor.save(Options())).data != first
    run(editor.goto(0))
    assert run(editor.save(Options())).data == first


def test_the_photo_and_the_alpha_are_given_as_they_are():
    photo = scene().convert("RGBA")
    photo.putalpha(100)
    editor = opened(save(photo, "PNG"))
    part = Box(3, 9, 5, 32)
    assert (editor.photo()(part) == numpy.asarray(photo)[part.slices]).all()
    assert (editor.alpha()(part) == editor.document.alpha[part.slices]).all()


def test_without_a_photo_nothing_can_be_done():
    editor = Editor(Bench().engine)
    for call in (editor.apply(stroke("erase", 5, [(1, 1)])), editor.goto(1), editor.save(Options()),
                 editor.set(Settings()), editor.cutout()):
        with pytest.raises(NothingOpenError) as caught:
            run(call)
        assert_plain(caught.value)


def test_a_photo_that_cannot_be_opened_leaves_the_former_one():
    editor = opened()
    run(editor.apply(stroke("erase", 10, [(4, 4)])))
    with pytest.raises(NotAnImageError):
        run(editor.open(b"no image", Options()))
    assert len(editor.document.history.steps) == 1


def test_a_transparent_picture_is_not_saved_as_jpeg():
    with pytest.raises(OptionError) as caught:
        run(opened().save(Options(format="jpeg")))
    assert_plain(caught.value)
