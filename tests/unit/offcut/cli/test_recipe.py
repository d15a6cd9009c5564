"""`--recipe`: pictures finished by a Python file, one or a folder of them."""

import io
import json

import pytest
from PIL import Image

from tests.unit.offcut.samples import save, scene

GREY = "def finish(cutout, original, info):\n    return original.convert('L').resize((5, 4))\n"


@pytest.fixture
def recipe(tmp_path):
    (tmp_path / "grey.py").write_text(GREY)
    return tmp_path / "grey.py"


def test_a_file_finishes_the_picture(offcut, photo, recipe):
    assert offcut("i", photo, "out.png", "--recipe", recipe) == (0, b"", [])
    made = Image.open("out.png")
    assert (made.mode, made.size) == ("L", (5, 4))


def test_a_sample_goes_by_its_name(offcut, photo):
    assert offcut("i", photo, "out.png", "--recipe", "sticker")[0] == 0
    assert Image.open("out.png").width > scene().width


def test_it_gets_what_the_other_options_make_and_the_name_of_the_file(offcut, photo, tmp_path):
    (tmp_path / "check.py").write_text(
        "def finish(cutout, original, info):\n"
        "    print(info.name, info.model, cutout.getpixel((31, 15)), info.mask.getpixel((31, 15)))\n    return cutout\n"
    )
    status, _, err = offcut("i", photo, "out.png", "--recipe", "check.py", "--background", "#0000ff")
    assert status == 0 and err == ["photo.png one (0, 0, 255, 255) 0"]


def test_what_it_prints_is_not_in_the_picture_on_standard_output(offcut, photo, tmp_path):
    (tmp_path / "loud.py").write_text("def finish(cutout, original, info):\n    print('hello')\n    return cutout\n")
    status, out, err = offcut("i", photo, "-", "--recipe", "loud.py")
    assert status == 0 and err == ["hello"] and Image.open(io.BytesIO(out)).size == scene().size


def test_an_error_names_the_line_and_shows_the_traceback(offcut, photo, tmp_path):
    (tmp_path / "wrong.py").write_text("def finish(cutout, original, info):\n    return cutout.nonsense()\n")
    status, _, err = offcut("i", photo, "out.png", "--recipe", "wrong.py")
    assert status == 1 and err[0].startswith("offcut: The recipe wrong.py fails in line 2: AttributeError: ")
    assert '  File "wrong.py", line 2, in finish' in err and "    return cutout.nonsense()" in err
    assert not (tmp_path / "out.png").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--recipe", "nowhere.py"], "No such file"),
        (["--recipe", "empty.py"], "no function finish"),
        (["--recipe", "grey.py", "--mask"], "--mask writes the alpha alone"),
    ],
)
def test_what_cannot_work_is_told_before_the_network_is_loaded(offcut, photo, recipe, runs, tmp_path, arguments, words):
    (tmp_path / "empty.py").write_text("")
    status, _, err = offcut("i", photo, "out.png", *arguments)
    assert status == 1 and words in err[0] and runs == []


def test_a_folder_is_finished_by_several_processes_and_a_failure_costs_no_other(offcut, real_models, tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("a", "b", "c"):
        (tmp_path / "in" / f"{name}.png").write_bytes(save(scene(), "PNG"))
    (tmp_path / "named.py").write_text(
        "def finish(cutout, original, info):\n    return cutout.resize({'a.png': (3, 3), 'b.png': (4, 4)}[info.name])\n"
    )
    status, out, _ = offcut(
        "p", "in", "out", "--recipe", "named.py", "--models", real_models, "--workers", "2", "--json"
    )
    outcomes = {line["photo"][-5:]: line for line in map(json.loads, out.splitlines())}
    assert status == 1
    assert Image.open("out/a.png").size == (3, 3) and Image.open("out/b.png").size == (4, 4)
    assert outcomes["c.png"]["error"] == "RecipeError" and "line 2" in outcomes["c.png"]["message"]
