"""The examples of the documentation run as they stand there."""

import itertools
import re
import shlex

import pytest
from PIL import Image

from offcut.cli.command import _parser
from tests.unit.offcut.fakes import elsewhere
from tests.unit.offcut.samples import PHOTOS, ROOT

TEXTS = {name: (ROOT / name).read_text("utf-8") for name in ("README.md", "docs/python.md", "docs/recipes.md")}
PROGRAMS = [
    (name, block)
    for name, text in TEXTS.items()
    for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    if "def finish" not in block  # a recipe
]
LINES = [
    line
    for text in TEXTS.values()
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    for line in re.findall(r"(?:^|\| )offcut (.*)", block, re.MULTILINE)
]


def test_there_are_examples():
    assert len(PROGRAMS) >= 3 and len(LINES) >= 15


def test_the_programs_cut_out(left, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos").mkdir()
    with Image.open(PHOTOS / "cat.png") as cat:
        for name in ("photo.jpg", "photos/a.jpg", "photos/b.jpg"):
            cat.convert("RGB").save(name)
    names: dict = {}  # later examples of a page go on where earlier ones end
    for name, program in PROGRAMS:
        elsewhere(exec, compile(program, name, "exec"), names)
    assert Image.open("cutout.png").mode == "RGBA"
    assert sorted(path.name for path in (tmp_path / "photos").glob("*.webp")) == ["a.webp", "b.webp"]
    assert {path.name for path in tmp_path.glob("cutout-*.png")} >= {"cutout-u2netp.png", "cutout-isnet.png"}
    assert names["found"].agreement == 1 and names["sticker"][:4] == b"\x89PNG"


@pytest.mark.parametrize("line", LINES)
def test_the_shells_lines_name_options_that_there_are(line):
    words = shlex.split(line, comments=True)
    given = list(itertools.takewhile(lambda word: word not in ("|", ">"), words))
    assert _parser().parse_args(given).run
