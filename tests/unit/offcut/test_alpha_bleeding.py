"""Colours under alpha 0: the subject's, for programs that scale without weighting by alpha."""

import io

import numpy as np
import pytest
from hypothesis import given, strategies
from hypothesis.extra import numpy as arrays
from PIL import Image

from offcut.alpha_bleeding import BLOCK, bled, bleed
from offcut.codecs.encode import FORMATS, encode
from offcut.codecs.png_writer import StripImage
from tests.unit.offcut.samples import examples

shapes = strategies.tuples(strategies.integers(1, 30), strategies.integers(1, 30))


def disc(colour: tuple[int, int, int], hidden: tuple[int, int, int] = (0, 0, 0), side: int = 96) -> np.ndarray:
    """A disc with a soft edge, uint8 ``(side, side, 4)``, and another colour where nothing is visible."""
    rows, columns = np.mgrid[:side, :side] - side / 2
    alpha = np.clip(127 - 255 * (np.hypot(rows, columns) - side / 3), 0, 255).astype(np.uint8)
    return np.dstack([np.where(alpha[..., None] > 0, np.uint8(colour), np.uint8(hidden)), alpha])


def on_white(pixels: np.ndarray, factor: int) -> np.ndarray:
    """Reduce a picture as programs do that average each channel alone, then lay it on white."""
    height, width = (side // factor for side in pixels.shape[:2])
    mean = pixels.reshape(height, factor, width, factor, 4).mean((1, 3))
    alpha = mean[..., 3:] / 255
    return mean[..., :3] * alpha + 255 * (1 - alpha)


@pytest.mark.parametrize("factor", [2, 4])
@pytest.mark.parametrize("format", ["png", "webp", "avif", "tiff"])
def test_a_white_subject_has_no_dark_rim_when_colours_and_alpha_are_scaled_apart(factor, format):
    subject = disc((255, 255, 255))
    assert on_white(subject, factor).min() < 210  # the rim that black under alpha 0 leaves
    file = encode(bled(Image.fromarray(subject)), FORMATS[format], quality=100)
    saved = np.asarray(Image.open(io.BytesIO(file)).convert("RGBA"))
    assert on_white(saved, factor).min() > 250


@examples()
@given(shapes, strategies.data())
def test_nothing_that_is_not_visible_has_an_influence(shape, data):
    pixels = data.draw(arrays.arrays(np.uint8, (*shape, 4)))
    pixels[..., 3] *= data.draw(arrays.arrays(np.uint8, shape, elements=strategies.integers(0, 1)))
    others = pixels.copy()
    others[pixels[..., 3] == 0, :3] = data.draw(strategies.integers(0, 255))
    result = bleed(pixels)
    assert (result == bleed(others)).all() or (pixels[..., 3] > 0).all()
    assert (result[..., 3] == pixels[..., 3]).all()
    visible = pixels[..., 3] > 0
    assert (result[visible] == pixels[visible]).all()


def test_the_colour_goes_on_for_some_pixels_and_then_is_black():
    pixels = np.zeros((40, 40, 4), np.uint8)
    pixels[18:22, 18:22] = 200, 100, 50, 255
    result = bleed(pixels)
    distance = np.maximum(*np.abs(np.mgrid[:40, :40] - 19.5)) - 2
    assert (result[distance < BLOCK, :3] == (200, 100, 50)).all()
    assert not result[distance > 2 * BLOCK].any()


def test_nearly_transparent_pixels_count_little():
    pixels = np.zeros((4, 12, 4), np.uint8)
    pixels[:, 4] = 255, 0, 0, 250
    pixels[:, 5] = 0, 0, 255, 5
    red, _, blue, alpha = bleed(pixels)[0, 8]
    assert (red, alpha) == (255, 0) and blue <= 1


@examples()
@given(shapes, strategies.integers(1, 9), strategies.data())
def test_a_pixel_does_not_depend_on_the_strips(shape, step, data):
    pixels = data.draw(arrays.arrays(np.uint8, (*shape, 4), elements=strategies.sampled_from([0, 0, 9, 255])))
    strips = bled(StripImage((shape[1], shape[0]), "RGBA", lambda top, bottom: pixels[top:bottom]))
    assert isinstance(strips, StripImage)
    parts = [strips.rows(top, min(top + step, shape[0])) for top in range(0, shape[0], step)]
    assert (np.concatenate(parts) == bleed(pixels)).all()


def test_a_picture_without_transparency_stays_as_it_is():
    opaque, rgb = Image.new("RGBA", (9, 7), "red"), Image.new("RGB", (9, 7), "red")
    assert bled(rgb) is rgb
    for picture in (opaque, Image.new("RGBA", (9, 7))):
        strips = bled(picture)
        assert isinstance(strips, StripImage) and strips.whole().tobytes() == picture.tobytes()
