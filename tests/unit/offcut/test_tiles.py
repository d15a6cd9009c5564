"""Every stage that works in tiles or strips gives what it gives on the whole: within 1/255, so without seams.

That is why memory grows by the photo itself alone (`offcut.memory_budget`).
"""

from __future__ import annotations

import functools
import importlib
import io
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

from bench.scenes import make, shrink
from offcut.alpha_bleeding import bled
from offcut.codecs import colours, encode, png_writer, tiff_writer
from offcut.codecs import photo as photos
from offcut.codecs.encode import FORMATS
from offcut.colour.high_range import BT2020_PRIMARIES, high_range
from offcut.editing import display, textures
from offcut.foreground import cache, estimate
from offcut.masks import border, connected_components, edges
from offcut.masks.edges import Edges
from offcut.matting import begin, guided_filter
from offcut.options import Options
from offcut.pipeline import MattedPixels, Provenance, compose

upsample = importlib.import_module("offcut.matting.upsample")  # the package has a function of that name

SIZE = 520, 410
WHOLE = 1 << 24
"""More rows, or pixels a side, than any photo has."""

COARSE = 160, 128


@functools.cache
def scene() -> tuple[Image.Image, np.ndarray, np.ndarray]:
    """Hair in front of a photo: the photo, its true alpha, and what a network of `COARSE` would see of that."""
    made = make("hair", SIZE)
    return Image.fromarray(made.photo), made.alpha, shrink(made.alpha, COARSE).astype(np.float32)


def alpha() -> np.ndarray:
    photo, _, coarse = scene()
    return np.asarray(begin(coarse, photo, 1.0).whole())


def cutout(found: Callable[[], np.ndarray] = lambda: scene()[1], **options: object) -> np.ndarray:
    """What is saved, from an alpha on: the true one unless it is `alpha`."""
    photo, _, _ = scene()
    given = Options(**options)
    treated = edges.apply(found(), Edges(traces=given.traces))
    composed, _ = compose(MattedPixels(photos.array_of(photo), None, treated, Provenance("", "", "", 1)), given)
    return np.asarray(Image.open(io.BytesIO(encode(bled(composed), FORMATS[given.format]))))


def treated() -> np.ndarray:
    return edges.apply(scene()[1], Edges(grow=2.5, feather=3, contrast=0.4, traces=0.1))


def shown() -> np.ndarray:
    # At other scales a pixel's centre may lie exactly between two of the display's, and either is right.
    photo = np.asarray(scene()[0])
    view = display.Display.of(SIZE, 100_000)
    return view.part(display.of_array(photo), view.whole)


def holes() -> np.ndarray:
    found = connected_components.components(scene()[1] < 128)
    return found.mask(found.areas < 40).astype(np.uint8) * 255


MATTING = [(upsample, "_TILE"), (guided_filter, "_TILE")]
ENGINE = [*MATTING, (edges, "_TILE"), (cache, "TILE"), (photos, "_ROWS"), (png_writer, "ROWS"), (tiff_writer, "ROWS")]

STAGES: dict[str, tuple[list[tuple[ModuleType, str]], Callable[[], np.ndarray]]] = {
    "a coarse alpha enlarged": ([(upsample, "_TILE")], lambda: np.asarray(upsample.upsample(scene()[2], SIZE))),
    "an alpha refined": (MATTING, alpha),
    "edges treated": ([(edges, "_TILE")], treated),
    "foreground estimated": ([(cache, "TILE")], lambda: estimate(np.asarray(scene()[0]), scene()[1])),
    "a border": ([(border, "_STRIP")], lambda: border.border_of(scene()[1], 40.0)),
    "regions": ([(connected_components, "_ROWS")], holes),
    "a photo as an array": ([(photos, "_ROWS")], lambda: photos.array_of(scene()[0])),
    "colours of high range": (
        [(colours, "_STRIP_PIXELS")],
        lambda: np.asarray(colours._in_srgb(scene()[0], high_range(BT2020_PRIMARIES, is_hlg=True))),
    ),
    "a texture": ([(textures, "_STRIP")], lambda: np.asarray(textures.texture("linen", (200, 190, 170), SIZE, None))),
    "what is shown": ([(display, "_CELL")], shown),
    "everything, as PNG": (ENGINE, lambda: cutout(alpha)),
    "a sticker as TIFF": ([*ENGINE, (border, "_STRIP")], lambda: cutout(format="tiff", border=0.05)),
    "on a colour": (ENGINE, lambda: cutout(background="#8ac")),
    "a mask": (ENGINE, lambda: cutout(output="mask")),
}


@pytest.mark.parametrize("stage", STAGES)
def test_in_tiles_is_as_whole(stage, monkeypatch):
    constants, run = STAGES[stage]
    usual = run().astype(int)
    for side in (WHOLE, 96):
        for module, name in constants:
            monkeypatch.setattr(module, name, side)
        assert np.abs(run() - usual).max() <= 1
    assert usual.min() < usual.max()
