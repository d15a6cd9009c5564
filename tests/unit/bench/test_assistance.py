"""Simulated help from a person, and its measured gain."""

import asyncio

import numpy as np
import pytest
from PIL import Image

from bench.quality import assistance, photos
from tests.unit.bench.samples import disc, save_photo
from tools.command_line import parser


@pytest.fixture
def misread(tmp_path):
    """A photo whose left half is the subject, of which the network found the upper part, and the rest faintly."""
    pytest.importorskip("scipy")
    save_photo(tmp_path / "matte" / "halves" / "a", size=(80, 60))
    return photos.find(tmp_path)[0]


async def run_network(image: Image.Image) -> np.ndarray:
    """Finds the left half: of a whole photo only above the middle."""
    found = np.zeros((image.height, image.width), np.float32)
    red = np.asarray(image)[..., 0] > 127
    found[red] = 1
    if image.size == (80, 60):
        found[30:][red[30:]] = 0.3
    return found


def test_the_click_is_in_the_middle_of_the_largest_wrong_region():
    pytest.importorskip("scipy")
    truth = disc(64)
    alpha = np.zeros((64, 64), np.uint8)
    x, y, keep = assistance.click(alpha, truth)
    assert keep and abs(x - 31.5) <= 1 and abs(y - 31.5) <= 1
    x, y, keep = assistance.click(255 - alpha, 1 - truth)
    assert not keep and truth[y, x] == 1


def test_help_is_measured_where_the_subject_was_misread(misread):
    plain = asyncio.run(assistance.without_help(misread, run_network))
    assert plain.overlap == pytest.approx(0.5, abs=0.05)
    gains = {gain.help: gain for gain in asyncio.run(assistance.helped("it", [plain], run_network))}
    assert set(gains) == {"keep or remove at one point", "box, network run again", "box, only cleared outside"}
    assert gains["keep or remove at one point"].after[0] > 0.95
    assert gains["box, network run again"].after[0] > 0.95
    assert gains["box, only cleared outside"].after[0] == pytest.approx(plain.overlap, abs=0.02)


def test_two_networks_are_combined_in_every_way(misread):
    plain = asyncio.run(assistance.without_help(misread, run_network))
    right = assistance.Plain(misread, plain.coarse, (misread.truth() * 255).astype(np.uint8))
    gains = {gain.help: gain.after[0] for gain in assistance.together("it", [plain], "other", [right])}
    assert gains["combined: either"] == gains["combined: point"] == 1
    assert gains["combined: both"] == plain.overlap
    assert assistance.together("other", [right], "it", [plain]) == []


def test_a_stroke_covers_soft_edges_and_the_brush_around_them():
    pytest.importorskip("scipy")
    truth = np.zeros((100, 100))
    truth[:, 50:] = 1
    truth[:, 50] = 0.5
    painted = assistance.stroke(truth)
    assert np.array_equal(np.flatnonzero(painted[40]), np.arange(49, 52))


def test_the_table_says_who_was_helped_how_and_by_how_much():
    gains = [
        assistance.Gain("it", "a click", "IoU", "higher", ("a", "b"), (0.5, 0.7), (0.75, 0.95)),
        assistance.Gain("it", "a brush", "MAE", "lower", ("a", "b"), (0.5, 0.25), (0.625, 0.375)),
    ]
    text = assistance.markdown(gains, {"date": "today"})
    assert "| it | a click | 2 | IoU | 0.600 | 0.850 | +0.250 (+0.250 to +0.250) |" in text
    assert "| it | a brush | 2 | MAE | 0.375 | 0.500 | −0.125 (−0.125 to −0.125) |" in text


def test_the_command_has_the_option():
    assert parser().parse_args(["quality", "--photos", "x", "--assist"]).assist
