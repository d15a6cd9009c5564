"""Which recipe is used, and the text that is being written."""

from types import SimpleNamespace

import pytest
from core.signals import Signal
from recipes.choice import NEW, RecipeChoice

from offcut.protocol.recipes import MAX_BYTES, SAMPLES
from offcut.recipes import Recipe
from tests.page.editor.fakes import FakeControls
from tests.page.fakes import heard
from tests.page.recipes.test_library import library

STICKER = Recipe.read("sticker").source


class Tool:
    def __init__(self) -> None:
        self.controls, self.library = FakeControls(), library()
        self.settings, self.views = SimpleNamespace(changed=Signal()), SimpleNamespace(composed=Signal())
        self.choice = RecipeChoice(self.controls, self.settings, self.views, self.library)
        self.sent = heard(self.controls.changed("recipe"))

    @property
    def used(self) -> tuple[str, str]:
        return self.controls.value("recipe.name"), self.controls.value("recipe.source")

    def composed(self, **more) -> None:
        self.views.composed.emit(SimpleNamespace(**more))


def test_a_chosen_recipe_is_used_at_once_as_one_change():
    tool = Tool()
    tool.choice.choose("sticker.py")
    assert tool.used == ("sticker.py", STICKER) and len(tool.sent) == 1 and tool.choice.text == STICKER
    tool.choice.choose("")
    assert tool.used == ("", "") and len(tool.sent) == 2


def test_what_is_written_is_used_when_it_is_run_and_kept():
    tool = Tool()
    tool.choice.write("def finish")
    assert tool.used == ("", "")
    tool.choice.run()
    assert tool.used == (NEW, "def finish") and tool.choice.is_own
    assert tool.choice.names == [*(f"{name}.py" for name in SAMPLES), NEW]


def test_a_changed_sample_gets_a_name_of_its_own():
    tool = Tool()
    tool.choice.choose("sticker.py")
    tool.choice.run()
    assert tool.used[0] == "sticker.py" and tool.choice.names == [f"{name}.py" for name in SAMPLES]
    tool.choice.write(STICKER + "\n# mine\n")
    tool.choice.run()
    assert tool.used == ("my_sticker.py", STICKER + "\n# mine\n")
    tool.choice.choose("sticker.py")
    assert tool.choice.text == STICKER


def test_an_empty_text_is_no_recipe():
    tool = Tool()
    tool.choice.choose("sticker.py")
    tool.choice.write(" \n")
    tool.choice.run()
    assert tool.used == ("", "") and tool.choice.name == ""


def test_a_file_is_used_and_kept_and_what_is_no_text_is_refused():
    tool = Tool()
    assert tool.choice.open("frame.py", "def finish")
    assert tool.used == ("frame.py", "def finish") and tool.choice.is_own
    for text in ("", "PNG\0\0", "#" * (MAX_BYTES + 1)):
        assert not tool.choice.open("other.py", text)
    assert tool.used[0] == "frame.py"


def test_a_file_that_comes_before_any_photo_is_only_kept():
    tool = Tool()
    assert tool.choice.keep("frame.py", "def finish") and not tool.choice.keep("other.py", "")
    assert tool.library.own == ["frame.py"] and tool.used == ("", "") and not tool.sent


def test_a_deleted_recipe_is_not_used_any_more():
    tool = Tool()
    tool.choice.open("frame.py", "def finish")
    tool.choice.delete()
    assert tool.used == ("", "") and not tool.library.own


def test_the_editor_shows_the_recipe_of_the_step_that_is_in_effect():
    tool = Tool()
    changed = heard(tool.choice.changed)
    tool.controls.values |= {"recipe.name": "old.py", "recipe.source": "old"}
    tool.settings.changed.emit("background", False)
    assert not changed
    tool.settings.changed.emit("recipe", False)
    assert (tool.choice.name, tool.choice.text) == ("old.py", "old") and len(changed) == 1
    tool.choice.take()
    assert len(changed) == 1


def test_progress_is_shown_until_the_picture_is_there():
    tool = Tool()
    emitted = heard(tool.choice.progress_changed)
    for share in (0.5, 0.5, 0.75):
        tool.choice.note_progress(share)
    assert tool.choice.progress == 0.75 and len(emitted) == 2
    tool.composed()
    assert tool.choice.progress == 0 and len(emitted) == 3


@pytest.mark.parametrize("traceback", ["", "Traceback"])
def test_an_error_is_shown_until_the_picture_is_as_the_recipe_makes_it(traceback):
    tool = Tool()
    emitted = heard(tool.choice.error_changed)
    tool.composed(recipe_error=SimpleNamespace(message="It fails in line 3.", line=3, traceback=traceback))
    assert tool.choice.error.startswith("It fails in line 3.") and tool.choice.error.endswith(traceback)
    assert tool.choice.line == 3
    tool.composed()
    assert tool.choice.error == "" and len(emitted) == 2
