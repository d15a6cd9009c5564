"""The examples of rembg's README and USAGE, with `offcut` in place of `rembg`."""

import sys
import types

import numpy
import pytest
from PIL import Image

from tests.unit.offcut.fakes import elsewhere
from tests.unit.offcut.samples import PHOTOS, ROOT

MODELS = ROOT / "build" / "models"

BYTES = """
from rembg import remove

with open('input.png', 'rb') as i:
    with open('output.png', 'wb') as o:
        input = i.read()
        output = remove(input{})
        o.write(output)
"""

PILLOW = """
from rembg import remove
from PIL import Image

input = Image.open('input.png')
output = remove(input{})
output.save('output.png')
"""

OPENCV = """
from rembg import remove
import cv2

input = cv2.imread('input.png')
output = remove(input)
cv2.imwrite('output.png', output)
"""

FOLDER = """
from pathlib import Path
from rembg import remove, new_session

session = new_session()

for file in Path('.').glob('*put.png'):
    input_path = str(file)
    output_path = str(file.parent / ("out" + file.stem[2:] + ".png"))

    with open(input_path, 'rb') as i:
        with open(output_path, 'wb') as o:
            input = i.read()
            output = remove(input, session=session)
            o.write(output)
"""

MODEL = """
from PIL import Image
from rembg import new_session, remove

model_name = "isnet-general-use"
session = new_session(model_name)
input = Image.open('input.png')
output = remove(input, session=session)
output.save('output.png')
"""

EXAMPLES = {
    "bytes": BYTES.format(""),
    "forced bytes": BYTES.format(", force_return_bytes=True"),
    "Pillow": PILLOW.format(""),
    "OpenCV": OPENCV,
    "folder": FOLDER,
    "alpha matting": PILLOW.format(
        ", alpha_matting=True, alpha_matting_foreground_threshold=270, alpha_matting_background_threshold=20,"
        " alpha_matting_erode_size=11"
    ),
    "only the mask": PILLOW.format(", only_mask=True"),
    "post-processing": PILLOW.format(", post_process_mask=True"),
    "a model by name": MODEL,
    "background colour": PILLOW.format(", bgcolor=(255, 255, 255)"),
}


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run an example in a folder with a cat, and return the file that it writes."""
    monkeypatch.chdir(tmp_path)
    with Image.open(PHOTOS / "cat.png") as cat:
        cat.convert("RGB").save("input.png")

    def run(example: str) -> Image.Image:
        code = compile(example.replace("rembg", "offcut"), "example", "exec")
        elsewhere(exec, code, {})
        return Image.open("output.png")

    return run


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_of_rembg_runs_and_cuts_out(run, left, monkeypatch, name):
    # OpenCV stands for itself: an array of another order of colours, which comes back in the same order.
    opencv = types.SimpleNamespace(
        imread=lambda path: numpy.asarray(Image.open(path))[..., ::-1],
        imwrite=lambda path, array: Image.fromarray(array[..., [2, 1, 0, 3]]).save(path),
    )
    monkeypatch.setitem(sys.modules, "cv2", opencv)
    result, given = run(EXAMPLES[name]), Image.open("input.png")
    assert (result.size, result.mode) == (given.size, "L" if name == "only the mask" else "RGBA")
    subject, background = result.getpixel((20, 150)), result.getpixel((440, 150))
    if name == "only the mask":
        assert (subject, background) == (255, 0)
    else:
        assert subject == (*given.getpixel((20, 150)), 255)
        assert background == ((255, 255, 255, 255) if name == "background colour" else (0, 0, 0, 0))


@pytest.mark.skipif(
    not (MODELS / "catalogue.json").exists(), reason="build/models is not there; `python3 -m tools test` builds it"
)
def test_an_example_of_rembg_finds_the_cat(run, monkeypatch):
    monkeypatch.setenv("OFFCUT_MODELS", str(MODELS))
    alpha = run(EXAMPLES["Pillow"]).getchannel("A")
    assert alpha.getpixel((220, 150)) == 255 and alpha.getpixel((5, 5)) == 0
