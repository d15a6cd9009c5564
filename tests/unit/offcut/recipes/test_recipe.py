"""Recipes: what runs, what is refused, and that each error names the line."""

import io
import pickle
from contextlib import redirect_stderr, redirect_stdout

import pytest
from PIL import Image

from offcut.errors import RecipeError
from offcut.protocol.recipes import MAX_BYTES
from offcut.recipes import Info, Recipe
from tests.unit.offcut import icc

CUTOUT = Image.new("RGBA", (8, 6), (200, 10, 10, 255))
PHOTO = Image.new("RGB", (8, 6), (10, 200, 10))


def info(**changes) -> Info:
    mask = Image.new("L", CUTOUT.size)
    mask.paste(255, (2, 1, 5, 4))
    return Info(**{"mask": mask, "photo_box": (0, 0, *CUTOUT.size), **changes})


def finish(source: str, **changes) -> Image.Image:
    return Recipe("mine.py", source).finish(CUTOUT, PHOTO, info(**changes))


def refusal(source: str) -> RecipeError:
    with pytest.raises(RecipeError) as caught:
        finish(source)
    assert str(caught.value).endswith(".") and "mine.py" in str(caught.value)
    return caught.value


def body(*lines: str) -> str:
    return "\n".join(["from PIL import Image", "", "def finish(cutout, original, info):", *(f"    {x}" for x in lines)])


def test_it_gets_cutout_photo_and_info_and_returns_the_picture():
    made = finish(body("assert (cutout.mode, original.mode) == ('RGBA', 'RGB')", "return original.resize((3, 2))"))
    assert made.size == (3, 2) and made.getpixel((0, 0)) == (10, 200, 10)


def test_info_knows_the_subjects_box_the_name_and_the_model():
    given = info(name="cat.jpg", model="u2netp")
    assert (given.box, given.name, given.model, given.scale) == ((2, 1, 5, 4), "cat.jpg", "u2netp", 1)
    assert info(mask=Image.new("L", CUTOUT.size)).box is None


def test_a_colour_is_one_of_these_pictures():
    assert info().colour("#ff8000") == (255, 128, 0)
    red, green, blue = info(icc_profile=icc.rgb()).colour("#ff0000")  # Display P3, where it is a duller red
    assert 220 < red < 245 and 30 < green < 70 and 25 < blue < 60
    assert "no-colour" in str(refusal(body("return info.colour('no-colour')")))


def test_the_photo_lies_where_the_canvas_has_it():
    placed = info(photo_box=(4, 3, 12, 9)).placed(PHOTO)
    assert placed.size == CUTOUT.size and placed.mode == "RGBA"
    assert placed.getpixel((3, 3))[3] == 0 and placed.getpixel((4, 3)) == (10, 200, 10, 255)
    half = info(photo_box=(0, 0, 4, 3), mask=Image.new("L", (4, 3))).placed(PHOTO)
    assert half.size == (4, 3) and half.getpixel((3, 2)) == (10, 200, 10, 255)


def test_progress_is_reported():
    seen = []
    finish(body("info.progress(0.5)", "info.progress(3, 4)", "return cutout"), report=lambda *part: seen.append(part))
    assert seen == [(0.5, 1), (3, 4)]


@pytest.mark.parametrize("mode", ["P", "LA", "1", "CMYK", "RGBa"])
def test_a_picture_of_another_mode_becomes_one_that_can_be_saved(mode):
    made = finish(body(f"return Image.new('{mode}', (2, 2))"))
    assert made.mode == ("RGBA" if mode in ("LA", "RGBa") else "RGB")


def test_an_error_names_the_line_and_its_traceback_has_the_recipes_lines_alone():
    error = refusal(
        "def half(value):\n    return value / 0\n\n\ndef finish(cutout, original, info):\n    return half(3)\n"
    )
    assert str(error) == "The recipe mine.py fails in line 2: ZeroDivisionError: division by zero."
    assert error.line == 2
    assert error.traceback == (
        "Traceback (most recent call last):\n"
        '  File "mine.py", line 6, in finish\n    return half(3)\n'
        '  File "mine.py", line 2, in half\n    return value / 0\n'
        "ZeroDivisionError: division by zero"
    )


def test_an_error_in_a_library_names_the_recipes_line():
    error = refusal(body("return cutout.resize((2, 2), 99)"))
    assert error.line == 4 and "PIL/" not in error.traceback and "cutout.resize" in error.traceback


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("def finish(cutout, original, info)\n    return cutout", 1, "SyntaxError"),
        ("import no_such_module", 1, "ModuleNotFoundError"),
        ("x = 1\n\nraise ValueError", 3, "ValueError"),
        ("import sys\nsys.exit(3)", 2, "SystemExit"),
        ("x = 1", 0, "no function finish"),
        ("finish = 3", 0, "no function finish"),
        ("def finish(cutout):\n    return cutout", 0, "three arguments"),
        ("async def finish(cutout, original, info):\n    return cutout", 0, "asynchronous"),
        (body("return None"), 0, "returns None instead of an image"),
        (body("return 'picture'"), 0, "a value of type str instead of an image"),
        (body("return Image.new('L', (0, 4))"), 0, "0 × 4"),
        (body("return Image.new('1', (20000, 6000))"), 0, "20000 × 6000"),
        ("\0", 0, "ValueError|SyntaxError"),
        ("#" * (MAX_BYTES + 1), 0, "100 KB"),
    ],
)
def test_what_is_no_recipe_is_refused_with_the_reason(source, line, words):
    error = refusal(source)
    assert error.line == line and any(word in str(error) for word in words.split("|"))


def test_the_text_is_run_once(capsys):
    recipe = Recipe("mine.py", "print('read')\n\ndef finish(cutout, original, info):\n    return cutout\n")
    recipe.check()
    for _ in range(2):
        recipe.finish(CUTOUT, PHOTO, info())
    assert capsys.readouterr().err == "read\n"


def test_what_it_prints_does_not_get_into_the_picture_on_standard_output():
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        finish(body("print('size', cutout.size)", "return cutout"))
    assert (out.getvalue(), err.getvalue()) == ("", "size (8, 6)\n")


def test_it_can_be_sent_to_another_process_after_it_was_checked():
    recipe = Recipe("mine.py", body("return original"))
    recipe.check()
    again = pickle.loads(pickle.dumps(recipe))
    assert again == recipe and again.finish(CUTOUT, PHOTO, info()).mode == "RGB"


def test_a_file_that_cannot_be_read_is_refused_with_the_names_of_the_samples(tmp_path):
    with pytest.raises(RecipeError, match=r"No such file.*sticker, colour_pop"):
        Recipe.read(tmp_path / "nowhere.py")
    (tmp_path / "latin.py").write_bytes(b"# \xe9\n")
    with pytest.raises(RecipeError, match="UTF-8"):
        Recipe.read(tmp_path / "latin.py")


def test_a_file_goes_before_a_sample_of_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "outline" in Recipe.read("sticker").source
    (tmp_path / "sticker").write_text("mine")
    assert Recipe.read("sticker").source == "mine"
