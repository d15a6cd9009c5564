"""What is done to an alpha's edges: dilated, eroded, feathered and with more contrast, against the definitions."""

import numpy as np
import pytest
from hypothesis import given, strategies
from PIL import Image, ImageFilter

from offcut.geometry import Box
from offcut.masks import edges
from offcut.masks.edges import Edges
from offcut.masks.morphology import dilate
from tests.unit.offcut.editing.samples import blob
from tests.unit.offcut.samples import examples


@examples(40)
@given(strategies.integers(-50, 50), strategies.integers(0, 20))
def test_growing_dilates_by_a_disc_and_shrinking_erodes(grow, seed):
    alpha = np.random.default_rng(seed).integers(0, 256, (25, 31), np.uint8)
    radius = abs(grow)
    padded = np.pad(alpha.astype(int), radius, constant_values=-1 if grow > 0 else 256)
    wanted = alpha.astype(int)
    for down in range(-radius, radius + 1):
        for right in range(-radius, radius + 1):
            if down**2 + right**2 <= radius**2:
                part = padded[radius + down :, radius + right :][:25, :31]
                wanted = np.maximum(wanted, part) if grow > 0 else np.minimum(wanted, part)
    # Beyond the photo there is nothing to grow from; to shrinking it counts for nothing too.
    assert (edges.apply(alpha, Edges(grow=grow, traces=0)) == wanted).all()
    assert (dilate(alpha, 0) == alpha).all()


@pytest.mark.parametrize(
    "treated",
    [
        Edges(grow=7),
        Edges(grow=-6.5),
        Edges(feather=4),
        Edges(3, 12, 0.4),
        Edges(-20, 2, 1),
        Edges(traces=0.1),
        Edges(2, 3, 0.2, traces=0.5),
    ],
)
def test_edges_do_not_depend_on_tiles_or_on_the_box(treated):
    alpha = blob(1300, 900, 5)
    alpha[:100, :200] = np.random.default_rng(3).integers(0, 256, (100, 200))
    alpha[700:, 900:] = np.random.default_rng(4).integers(0, 40, (200, 400))
    whole = edges.apply(alpha, treated)
    for box in (Box(0, 900, 0, 1300), Box(100, 777, 333, 1111), Box(450, 451, 0, 1300)):
        assert (edges.apply(alpha, treated, box) == whole[box.slices]).all()
    wanted = alpha
    if treated.grow == int(treated.grow) and treated.grow:
        wanted = ~dilate(~alpha, int(-treated.grow)) if treated.grow < 0 else dilate(alpha, int(treated.grow))
    if treated.grow == int(treated.grow):
        wanted = np.asarray(Image.fromarray(wanted).filter(ImageFilter.GaussianBlur(treated.feather))).astype(float)
        if treated.contrast < 1:
            wanted = np.clip((wanted - 127.5) / (1 - treated.contrast) + 127.5, 0, 255)
        else:
            wanted = (wanted >= 128) * 255.0
        assert np.abs(whole - wanted).max() <= 0.51
