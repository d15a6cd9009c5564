"""Textures behind the subject: of one colour, the same at any size."""

import numpy as np
import pytest
from PIL import Image

from offcut.editing.textures import texture
from offcut.protocol.settings import TEXTURES

COLOUR = (180, 140, 100)


@pytest.mark.parametrize("name", TEXTURES)
def test_a_texture_has_about_its_colour_and_is_no_flat_area(name):
    picture = np.asarray(texture(name, COLOUR, (300, 700), None), float)  # taller than what is computed at once
    assert picture.shape == (700, 300, 3)
    assert np.abs(picture.mean((0, 1)) - COLOUR).max() < 40 and picture.std((0, 1)).min() > 1
    assert np.array_equal(picture, np.asarray(texture(name, COLOUR, (300, 700), None)))


@pytest.mark.parametrize("name", TEXTURES)
def test_rows_that_are_computed_apart_fit_together(name):
    picture = np.asarray(texture(name, COLOUR, (300, 700), None), float)
    steps = np.abs(np.diff(picture, axis=0)).mean((1, 2))
    assert steps[255] <= 1.5 * steps.max() and steps[255] < steps.mean() + 6 * steps.std() + 0.5


@pytest.mark.parametrize("name", ["studio", "concrete", "silk", "lights"])
def test_a_preview_shows_what_the_full_size_has(name):
    small = np.asarray(texture(name, COLOUR, (240, 160), None), float)
    large = texture(name, COLOUR, (960, 640), None).resize((240, 160), Image.Resampling.BOX)
    assert np.abs(small - np.asarray(large, float)).mean() < 2
