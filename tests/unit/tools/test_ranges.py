"""Ranges of activations, found on photos."""

import json

import numpy
import onnxruntime
import pytest
from PIL import Image

from tests.unit.tools.samples import CATALOGUE
from tools.errors import ToolError
from tools.models import build as models_build
from tools.models import calibration, catalogue

EIGHT = """
weights = { type = "int8" }
activations = { backends = ["wasm"], ranges = "ranges.json", operators = ["Conv"] }
"""


@pytest.fixture
def photos(tmp_path):
    """Four photos of one set and one of another, all of the network's own size."""
    random = numpy.random.default_rng(3)
    for name in ("mask/a/1", "mask/a/2", "mask/a/3", "mask/a/4", "mask/b/1"):
        place = tmp_path / "photos" / name
        place.mkdir(parents=True)
        Image.fromarray(random.integers(0, 256, (4, 8, 3), numpy.uint8)).save(place / "image.png")
        Image.new("L", (8, 4)).save(place / "alpha.png")
    return tmp_path / "photos"


@pytest.fixture
def small(checkout, monkeypatch):
    """The checkout with a network that wants 8 bits and has only made-up ranges yet."""
    checkout.catalogue.write_text(CATALOGUE + EIGHT)
    (checkout.root / "ranges.json").write_text(json.dumps({"ranges": {"image": [0, 1], "convolved": [0, 1]}}))
    monkeypatch.setattr(calibration, "load", lambda: catalogue.load(checkout.catalogue))
    monkeypatch.setattr(calibration, "ROOT", checkout.root)
    return checkout


def test_ranges_are_those_of_the_photos_and_a_build_takes_them(small, photos, network):
    calibration.calibrate(photos, ["tiny"], 4)
    written = json.loads((small.root / "ranges.json").read_text())
    assert "over 5 development photos" in written["about"] and "8 x 4: " in written["about"]
    assert written["ranges"]["image"] == [-1, 1]
    seen = []
    session = onnxruntime.InferenceSession(network)
    for path in photos.rglob("image.png"):
        tensor = (numpy.asarray(Image.open(path), numpy.float32) / 255 - 0.5) / 0.5
        # What comes out is the convolution divided by four, through a sigmoid.
        wanted = session.run(["wanted"], {"image": tensor.transpose(2, 0, 1)[None]})[0]
        seen.append(4 * numpy.log(wanted / (1 - wanted)))
    low, high = written["ranges"]["convolved"]
    assert low == pytest.approx(numpy.min(seen), rel=0.02) and high == pytest.approx(numpy.max(seen), rel=0.02)
    first = (small.root / "ranges.json").read_bytes()
    calibration.calibrate(photos, ["tiny"], 4)
    assert (small.root / "ranges.json").read_bytes() == first
    assert models_build.files(["tiny"], small.catalogue, small.root, small.cache)


def test_a_few_photos_are_spread_over_each_set(small, photos, monkeypatch):
    chosen = []
    monkeypatch.setattr(
        calibration, "_ranges", lambda entry, found, tail: chosen.extend(photo.key for photo in found) or {}
    )
    calibration.calibrate(photos, ["tiny"], 2)
    assert chosen == ["mask/a/1", "mask/a/4", "mask/b/1"]


def test_a_network_without_8_bit_activations_needs_none(checkout, photos, monkeypatch):
    monkeypatch.setattr(calibration, "load", lambda: catalogue.load(checkout.catalogue))
    with pytest.raises(ToolError, match="tiny has no 8-bit activations"):
        calibration.calibrate(photos, ["tiny"], 1)
