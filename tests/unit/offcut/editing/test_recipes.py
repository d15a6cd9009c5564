"""Recipes in the editor and in looks: a setting like others, run last, on what the other settings make."""

import numpy
import pytest
from PIL import Image

from offcut.editing import render
from offcut.editing.editor import Editor
from offcut.editing.finishing import finish
from offcut.editing.look import Look
from offcut.editing.persistence import document_of, manifest_of, parts_of
from offcut.editing.settings import Settings
from offcut.errors import OptionError, RecipeError
from offcut.options import Options
from offcut.protocol.recipes import MAX_BYTES
from offcut.protocol.steps import settings_step
from offcut.recipes import Info, Recipe
from offcut.recipes.recipe import TOO_LONG, run_here
from tests.unit.offcut.editing.samples import document, open_in
from tests.unit.offcut.editing.test_look import finished
from tests.unit.offcut.fakes import Bench, run
from tests.unit.offcut.samples import reopen, save, scene

HALF = "def finish(cutout, original, info):\n    return cutout.resize((cutout.width // 2, cutout.height // 2))\n"
WRONG = "def finish(cutout, original, info):\n    return cutout.nothing\n"
LARGE = save(scene().resize((64, 32)), "PNG")


def recipe(source: str) -> dict:
    return {"recipe": {"name": "mine.py", "source": source}}


def edited(settings: dict, run_recipe=run_here) -> Editor:
    editor = Editor(Bench().engine, run_recipe)

    async def begin() -> None:
        await open_in(editor, LARGE)
        await editor.set_settings(Settings.read(settings))

    run(begin())
    return editor


class Runner:
    """Notes with what recipes are run."""

    def __init__(self, error: RecipeError | None = None) -> None:
        self.calls: list[tuple[Image.Image, Image.Image, Info]] = []
        self.error = error

    async def __call__(self, recipe: Recipe, cutout: Image.Image, original: Image.Image, info: Info) -> Image.Image:
        self.calls.append((cutout, original, info))
        if self.error:
            raise self.error
        return cutout


def test_a_recipe_is_one_of_the_settings_and_its_step_has_a_name():
    settings = Settings.read(recipe(HALF))
    assert settings.recipe == Recipe("mine.py", HALF) and Settings.read(settings.plain()) == settings
    assert settings_step(Settings().plain(), settings.plain()) == "step.recipe"
    assert Settings.read(Settings().plain()).recipe is None and Settings.read(recipe("")).recipe is None


@pytest.mark.parametrize(
    "given", ["text", {"name": "a"}, {"source": 3, "name": "a"}, {"source": "#" * (MAX_BYTES + 1), "name": "a"}]
)
def test_what_is_no_recipe_is_refused(given):
    with pytest.raises(OptionError):
        Settings.read({"recipe": given})


def test_it_can_be_undone_and_is_saved_with_the_work():
    found = document(40, 30)
    found.change(Settings.read(recipe(HALF)))
    found.change(Settings.read(recipe(WRONG)))
    manifest, parts = manifest_of(found), {name: make() for name, make in parts_of(found).items()}
    from offcut.codecs import Photo

    again = document_of(Photo(Image.fromarray(found.rgb)), manifest, parts)
    assert again.settled.recipe == Recipe("mine.py", WRONG)
    again.goto(1)
    assert again.settled.recipe == Recipe("mine.py", HALF)
    again.goto(0)
    assert again.settled.recipe is None


def test_what_is_saved_is_what_the_recipe_returns_and_the_mask_is_not():
    editor = edited(recipe(HALF))
    assert reopen(run(editor.save(Options())).data).size == (32, 16)
    assert reopen(run(editor.save(Options(), longest=20)).data).size == (20, 10)
    assert reopen(run(editor.save(Options(output="mask"))).data).size == (64, 32)


def test_a_recipe_that_fails_is_not_saved_without_it():
    with pytest.raises(RecipeError, match="line 2"):
        run(edited(recipe(WRONG)).save(Options()))


def test_the_preview_shows_what_will_be_saved():
    made = run(edited(recipe(HALF)).render_composition(32))
    assert made.picture.size == (16, 8) and (made.width, made.height) == (32, 16) and made.error is None
    assert made.window == (16, 8, 48, 24)  # what it adds or takes away is so on both sides


def test_a_preview_without_the_recipe_that_fails_says_why():
    made = run(edited(recipe(WRONG)).render_composition(32))
    assert made.picture.size == (32, 16) and (made.width, made.height) == (64, 32)
    assert "line 2" in str(made.error)


def test_a_recipe_that_took_too_long_is_not_tried_again_for_a_preview():
    runner = Runner(RecipeError("It took too long.", TOO_LONG))
    editor = edited(recipe(HALF), runner)
    assert [str(run(editor.render_composition(size)).error) for size in (32, 16)] == ["It took too long."] * 2
    assert len(runner.calls) == 1
    with pytest.raises(RecipeError):
        run(editor.save(Options()))
    assert len(runner.calls) == 2
    run(editor.set_settings(Settings.read(recipe(HALF + "# other\n"))))
    run(editor.render_composition(32))
    assert len(runner.calls) == 3


def test_it_gets_the_composition_and_knows_where_photo_and_subject_are():
    canvas = {"width": 100, "height": 60, "fit": "none"}
    runner = Runner()
    editor = edited(recipe(HALF) | {"canvas": canvas, "background": {"kind": "colour", "colour": "#0000ff"}}, runner)
    editor.photo_name = "cat.png"
    run(editor.save(Options()))
    run(editor.render_composition(50))
    (cutout, original, info), (small, photo, reduced) = runner.calls
    assert (cutout.mode, cutout.size, original.mode, original.size) == ("RGBA", (100, 60), "RGB", (64, 32))
    assert (info.photo_box, info.scale, info.name, info.model) == ((18, 14, 82, 46), 1, "cat.png", "one")
    assert cutout.getpixel((0, 0)) == (0, 0, 255, 255) and info.mask.getpixel((0, 0)) == 0
    assert info.mask.size == cutout.size and info.mask.getpixel((30, 30)) == 255
    assert info.box[:2] == (18, 14)
    assert (small.size, photo.size, reduced.mask.size) == ((50, 30), (32, 16), (50, 30))
    assert (reduced.photo_box, reduced.scale) == ((9, 7, 41, 23), 0.5)


def test_the_photo_is_placed_over_itself():
    found = document(40, 30)

    async def placed(recipe: Recipe, cutout: Image.Image, original: Image.Image, info: Info) -> Image.Image:
        return info.placed(original)

    picture = run(finish(found, Recipe("mine.py", ""), Image.new("RGBA", render.frame_of(found).size), placed, ""))
    assert numpy.array_equal(numpy.asarray(picture)[..., :3], found.rgb)


def test_a_look_with_a_recipe_finishes_every_photo_and_its_thumbnail():
    picture, thumbnail = finished(recipe(HALF))
    assert picture.size == thumbnail.size == (scene().width // 2, scene().height // 2)
    assert Look.read(recipe(HALF)).settings_for((10, 10)).recipe == Recipe("mine.py", HALF)
    with pytest.raises(RecipeError, match="line 2"):
        finished(recipe(WRONG))
