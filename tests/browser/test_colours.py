"""A photo of any colours looks on the canvas as it does in the browser."""

import base64

import numpy as np
import pytest
from PIL import Image

from tests.browser.editing import Editing
from tests.unit.offcut import icc

COLOURS = [(230, 20, 30), (60, 200, 60), (58, 124, 165), (128, 128, 128)]
INKS = [(255, 0, 0, 0), (0, 255, 255, 0), (0, 0, 0, 0), (60, 40, 20, 90)]

BY_THE_BROWSER = """async (file) => {
    const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    context.drawImage(bitmap, 0, 0);
    return [50, 150, 250, 350].map((x) => [...context.getImageData(x, 150, 1, 1).data].slice(0, 3));
}"""


def off(shown: np.ndarray, wanted: list) -> float:
    """How much the middles of the patches differ from these colours."""
    return float(np.abs(shown[150, [50, 150, 250, 350], :3] - np.array(wanted)).max())


def chart(mode: str, values: list) -> Image.Image:
    picture = Image.new(mode, (400, 300))
    for at, value in enumerate(values):
        picture.paste(value, (100 * at, 0, 100 * at + 100, 300))
    return picture


FILES = {
    "wide.png": (chart("RGB", COLOURS), {"icc_profile": icc.rgb()}),
    "press.jpg": (chart("CMYK", INKS), {"icc_profile": icc.press(), "quality": 100, "subsampling": 0}),
}


@pytest.mark.parametrize("name", FILES)
def test_the_canvas_shows_the_colours_of_the_waiting_picture(warm, tmp_path, name):
    picture, options = FILES[name]
    file = tmp_path / name
    picture.save(file, **options)
    wanted = warm.page.evaluate(BY_THE_BROWSER, base64.b64encode(file.read_bytes()).decode())
    editing = Editing(warm, file, tmp_path)
    editing.actual()
    editing.until_shown("original", lambda shown: off(shown, wanted), 2)
