"""The sample recipes: each makes of a subject what its first line says, in every shape of photo and canvas."""

import ast
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import offcut.recipes
from offcut.protocol.recipes import SAMPLES
from offcut.recipes import Info, Recipe

FOLDER = Path(offcut.recipes.__file__).parent / "samples"
WIDTH, HEIGHT = 200, 160
RED = (220, 30, 30)


def photo() -> Image.Image:
    """Green, with stripes that a mosaic makes one colour of, and a red square in it."""
    values = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    values[..., 1] = np.where(np.arange(WIDTH) % 2, 120, 240)
    values[40:120, 60:140] = RED
    return Image.fromarray(values)


def mask() -> Image.Image:
    found = Image.new("L", (WIDTH, HEIGHT))
    found.paste(255, (60, 40, 140, 120))
    return found


def cutout() -> Image.Image:
    made = Image.new("RGBA", (WIDTH, HEIGHT))
    made.paste(photo(), (0, 0), mask())
    return made


def made(name: str) -> Image.Image:
    return Recipe.read(name).finish(cutout(), photo(), Info(mask(), (0, 0, WIDTH, HEIGHT)))


def test_every_sample_is_a_file_and_says_in_one_line_what_it_makes():
    assert {path.stem for path in FOLDER.glob("*.py")} - {"__init__"} == set(SAMPLES) and len(SAMPLES) == 5
    for name in SAMPLES:
        text = ast.get_docstring(ast.parse((FOLDER / f"{name}.py").read_text("utf-8")))
        assert text.endswith(".") and "\n" not in text


def test_sticker_has_a_white_outline_and_a_shadow_and_room_for_them():
    picture = made("sticker")
    assert picture.mode == "RGBA" and picture.width > WIDTH and picture.height > HEIGHT
    left = (picture.width - WIDTH) // 2 + 60
    row = np.asarray(picture)[picture.height // 2]
    assert tuple(row[left + 20]) == (*RED, 255)
    assert tuple(row[left - 2]) == (255, 255, 255, 255)
    assert row[0, 3] == 0
    bottom = (picture.height - HEIGHT) // 2 + 120
    below = np.asarray(picture)[bottom:, picture.width // 2]
    assert any(0 < alpha < 255 and (red, green, blue) == (0, 0, 0) for red, green, blue, alpha in below.tolist())


def test_colour_pop_leaves_only_the_subject_coloured():
    values = np.asarray(made("colour_pop").convert("RGB")).astype(int)
    assert tuple(values[80, 100]) == RED
    assert np.ptp(values[:30], axis=2).max() == 0 and values[:30].max() > 60


def test_mosaic_makes_the_place_coarse_and_keeps_the_subject():
    values = np.asarray(made("mosaic").convert("RGB")).astype(int)
    assert (values[45:115, 65:135] == RED).all()
    assert np.abs(np.diff(values[4, :, 1])).max() < 120 and len(np.unique(values[:, :, 1])) < 200
    assert (values[1, 1] == values[4, 4]).all()


def test_reflection_mirrors_the_feet_and_fades():
    picture = made("reflection")
    alpha = np.asarray(picture.getchannel("A"))[:, 100].astype(int)
    assert alpha[119] == 255 and 80 < alpha[121] < 120
    assert (np.diff(alpha[121:]) <= 0).all() and alpha[-1] < 12
    assert picture.getpixel((100, 121))[:3] == RED


def test_reflection_makes_the_canvas_longer_where_there_is_no_room():
    low = Image.new("L", (WIDTH, HEIGHT))
    low.paste(255, (60, 60, 140, HEIGHT))
    picture = Recipe.read("reflection").finish(cutout(), photo(), Info(low, (0, 0, WIDTH, HEIGHT)))
    assert picture.size == (WIDTH, HEIGHT + 35)


def test_instant_photo_is_opaque_with_a_wider_foot():
    picture = made("instant_photo")
    assert picture.mode == "RGB" and picture.height > picture.width
    values = np.asarray(picture)
    assert tuple(values[2, 2]) == tuple(values[-3, -3]) == (251, 250, 246)
    foot = int((values[:, picture.width // 2] == (251, 250, 246)).all(1)[::-1].argmin())
    top = int((values[:, picture.width // 2] == (251, 250, 246)).all(1).argmin())
    assert foot > 2 * top > 0


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("size", [(1, 1), (7, 3), (640, 40)])
def test_every_sample_takes_any_size_and_a_photo_without_a_subject(name, size):
    nothing, empty = Image.new("RGBA", size), Image.new("L", size)
    picture = Recipe.read(name).finish(nothing, Image.new("RGB", size), Info(empty, (0, 0, *size)))
    assert picture.width >= 1


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_takes_a_canvas_of_another_size_than_the_photo(name):
    canvas, found = Image.new("RGBA", (90, 120)), Image.new("L", (90, 120))
    found.paste(255, (20, 30, 60, 100))
    picture = Recipe.read(name).finish(canvas, photo(), Info(found, (-10, 5, 90, 85), scale=0.5))
    assert picture.width >= 90
