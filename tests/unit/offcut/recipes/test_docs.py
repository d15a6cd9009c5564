"""docs/recipes.md: its example runs, its tables name what there is."""

import re
from dataclasses import fields

from PIL import Image

from offcut.protocol.recipes import SAMPLES
from offcut.recipes import Info, Recipe
from tests.unit.offcut.samples import ROOT

TEXT = (ROOT / "docs/recipes.md").read_text("utf-8")


def test_the_example_does_what_it_says():
    source = next(block for block in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL) if "def finish" in block)
    mask = Image.new("L", (4, 4))
    mask.paste(255, (0, 0, 2, 4))
    cutout = Image.new("RGBA", (4, 4), (200, 0, 0, 255))
    picture = Recipe("dark.py", source).finish(cutout, Image.new("RGB", (4, 4), (90, 90, 90)), Info(mask, (0, 0, 4, 4)))
    assert picture.getpixel((0, 0)) == (200, 0, 0, 255) and picture.getpixel((3, 0)) == (30, 30, 30, 255)


def test_the_table_names_everything_that_info_has():
    named = set(re.findall(r"`info\.(\w+)", TEXT))
    has = {field.name for field in fields(Info)} - {"report"} | {"box", "colour", "placed", "progress"}
    assert named == has


def test_the_samples_are_those_there_are():
    assert re.findall(r"^\| `(\w+)` \|", TEXT.split("## Samples")[1], re.MULTILINE) == list(SAMPLES)
