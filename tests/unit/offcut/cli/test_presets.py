"""`--preset` and `--presets`: what a preset makes in a shell, and what is refused."""

import json
import pickle
from argparse import ArgumentParser
from pathlib import Path

import numpy
import pytest
from PIL import Image

from offcut.cli.settings import add_settings, read_settings

LOOK = {
    "background": {"kind": "colour", "colour": "#00ff00"},
    "canvas": {"width": 64, "height": 48, "fit": "subject", "margin": 0.1, "dpi": 300},
    "format": "jpeg",
    "quality": 95,
}


def write(**looks) -> Path:
    file = Path("mine.json")
    file.write_text(
        json.dumps({"offcut": 1, "presets": [{"name": name, "look": look} for name, look in looks.items()]})
    )
    return file


def test_a_preset_of_a_file_makes_size_background_and_file_type(offcut, photo):
    write(shop=LOOK, other={})
    status, out, (line,) = offcut("i", photo, "out.jpg", "--presets", "mine.json", "--preset", "shop")
    assert (status, out) == (0, b"") and "its subject has 17 pixels in the photo and 51 in the picture" in line
    picture = Image.open("out.jpg")
    assert (picture.format, picture.size, picture.info["dpi"]) == ("JPEG", (64, 48), (300, 300))
    assert numpy.abs(numpy.asarray(picture)[0, -1].astype(int) - (0, 255, 0)).max() < 8


def test_options_override_file_type_and_quality(offcut, photo):
    write(shop=LOOK | {"max_bytes": 1500})
    assert offcut("i", photo, "out.png", "--presets", "mine.json", "--preset", "shop")[0] == 0
    assert Image.open("out.png").size == (64, 48)
    assert offcut("i", photo, "-", "--presets", "mine.json", "--preset", "shop", "-f", "webp")[0] == 0
    parser = ArgumentParser()
    add_settings(parser)
    request = read_settings(parser.parse_args(["--presets", "mine.json", "--preset", "shop", "-q", "40"]))
    assert (request.options.format, request.options.quality, request.options.max_bytes) == ("jpeg", 40, 1500)
    assert read_settings(parser.parse_args([])).options.quality == 90
    again = pickle.loads(pickle.dumps(request))  # as it goes to another process
    assert again.options == request.options and again.compose.__self__ == request.compose.__self__


def test_offcuts_own_presets_have_names(offcut, photo):
    assert offcut("i", photo, "out.webp", "--preset", "sticker")[0] == 0
    picture = Image.open("out.webp")
    assert (picture.size, picture.mode) == ((512, 512), "RGBA")
    assert (numpy.asarray(picture)[256, -20] == 255).all() or (numpy.asarray(picture) == 255).all(2).any()
    status, _, err = offcut("i", photo, "out.webp", "--preset", "stickers")
    assert status == 1 and "'stickers'" in err[0] and "us-passport" in err[0]


def test_a_folder_gets_the_files_of_the_presets_type(offcut, photo):
    write(shop=LOOK)
    Path("out").mkdir()
    assert offcut("i", photo, "out/", "--presets", "mine.json", "--preset", "shop")[0] == 0
    assert [path.name for path in Path("out").iterdir()] == ["photo.jpg"]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--background", "red"], "--background"),
        (["--bgcolor", "1", "2", "3", "4"], "--bgcolor"),
        (["--mask"], "--mask"),
        (["--border", "0.1"], "--border"),
        (["--border-colour", "red"], "--border-colour"),
        (["--putalpha"], "--putalpha"),
    ],
)
def test_an_option_that_contradicts_it_is_named(offcut, photo, arguments, named):
    status, _, err = offcut("i", photo, "out.png", "--preset", "product", *arguments)
    assert status == 1 and "--preset" in err[0] and named in err[0] and not Path("out.png").exists()


def test_a_recipe_in_a_file_of_presets_does_not_run_unless_it_is_named(offcut, photo):
    evil = {
        "name": "evil.py",
        "source": "open('stolen', 'w')\ndef finish(cutout, original, info):\n    return cutout\n",
    }
    write(shop=LOOK | {"recipe": evil})
    status, _, err = offcut("i", photo, "out.png", "--presets", "mine.json", "--preset", "shop")
    assert status == 1 and "'evil.py'" in err[0] and "--recipe" in err[0] and not Path("stolen").exists()
    Path("flip.py").write_text("def finish(cutout, original, info):\n    return cutout.resize((10, 20))\n")
    done = offcut("i", photo, "out.png", "--presets", "mine.json", "--preset", "shop", "--recipe", "flip.py")
    assert done[0] == 0 and Image.open("out.png").size == (10, 20) and not Path("stolen").exists()


def test_a_file_without_a_name_and_one_that_is_not_there(offcut, photo):
    write(shop=LOOK, other={})
    status, _, err = offcut("i", photo, "out.png", "--presets", "mine.json")
    assert status == 1 and "shop, other" in err[0]
    status, _, err = offcut("i", photo, "out.png", "--presets", "nothere.json", "--preset", "shop")
    assert status == 1 and err[0].endswith("nothere.json cannot be read: No such file or directory.")
