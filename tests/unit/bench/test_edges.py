"""Parts of a photo for the sheet of edges, and what is drawn of them."""

import numpy as np
import pytest
from PIL import Image

from bench.quality import edges, photos
from bench.quality.sheet import CELL, GAP, LINE
from tests.unit.bench.samples import save_photo


def test_parts_hold_the_edge_and_do_not_overlap():
    truth = np.zeros((300, 400), np.float32)
    truth[40:260, 60:340] = 1
    found = edges.parts(truth, side=60, count=4)
    assert len(found) == 4
    seen = np.zeros(truth.shape, int)
    for part in found:
        assert truth[part].shape == (60, 60)
        assert 0 < truth[part].mean() < 1
        seen[part] += 1
    assert seen.max() == 1


def test_the_softest_place_comes_first():
    truth = np.zeros((200, 300), np.float32)
    truth[:, :100] = 1
    truth[120:140, 220:240] = 0.5
    (rows, columns), *_ = edges.parts(truth, side=40)
    assert rows.start <= 120 and rows.stop >= 140 and columns.start <= 220 and columns.stop >= 240


@pytest.mark.parametrize("value", [0, 1])
def test_without_an_edge_there_is_no_part(value):
    assert edges.parts(np.full((50, 70), value, np.float32)) == []


def test_a_small_alpha_is_shown_whole():
    truth = np.zeros((30, 40), np.float32)
    truth[:, :20] = 1
    assert edges.parts(truth) == [(slice(0, 30), slice(0, 40))]


def test_the_sheet_shows_pixels_as_they_are(tmp_path):
    save_photo(tmp_path / "matte" / "x" / "a")
    (photo,) = photos.find(tmp_path)
    full = Image.new("L", (40, 30), 255)
    sheet = np.asarray(edges.draw([photo], ["ours"], lambda *_: full, {photo.key: {"ours": 0.5}}))
    top, lefts = GAP + LINE, [GAP + place * (CELL + GAP) for place in range(3)]
    plain, true, ours = (sheet[top : top + 30, left : left + 40] for left in lefts)
    assert (plain == photo.colours()).all()
    assert (true[:, :20] == photo.colours()[:, :20]).all() and (true[:, 20:] == edges.BACKGROUND).all()
    assert (ours == photo.colours()).all()
