"""Finding photos with their truth."""

import numpy as np
import pytest
from PIL import Image

from bench.quality import photos
from tests.unit.bench.samples import save_photo
from tools.errors import ToolError


def test_kind_and_set_follow_from_the_folders(tmp_path):
    for place in ("matte/hair/b", "matte/hair/a", "mask/cows/1", "matte/alone"):
        save_photo(tmp_path / place)
    found = photos.find(tmp_path)
    assert [(photo.kind, photo.set, photo.name) for photo in found] == [
        ("mask", "mask/cows", "1"),
        ("matte", "matte", "alone"),
        ("matte", "matte/hair", "a"),
        ("matte", "matte/hair", "b"),
    ]
    assert [photo.key for photo in photos.find(tmp_path / "mask" / "cows")] == ["mask/cows/1"]


def test_without_a_kind_alpha_is_alpha(tmp_path):
    save_photo(tmp_path / "mine" / "a", image="image.webp")
    assert [(photo.kind, photo.set) for photo in photos.find(tmp_path / "mine")] == [("matte", "matte/mine")]


def test_the_limit_counts_each_set(tmp_path):
    for place in ("matte/x/3", "matte/x/1", "matte/x/2", "mask/y/1"):
        save_photo(tmp_path / place)
    assert [photo.key for photo in photos.find(tmp_path, 2)] == ["mask/y/1", "matte/x/1", "matte/x/2"]


def test_colours_and_truth(tmp_path):
    image = save_photo(tmp_path / "matte" / "x" / "a")
    (photo,) = photos.find(tmp_path)
    assert photo.image == image.resolve()
    assert photo.colours().shape == (30, 40, 3)
    assert photo.truth().dtype == np.float32
    assert photo.truth()[0, [0, 19, 20, 39]].tolist() == [1, 1, 0, 0]
    assert np.array_equal(photo.subject(), photo.colours())
    Image.new("RGB", (40, 30), "red").save(photo.foreground)
    assert photo.subject()[3, 3].tolist() == [255, 0, 0]


def test_deep_truth_is_scaled(tmp_path):
    image = save_photo(tmp_path / "matte" / "x" / "a")
    Image.fromarray(np.full((30, 40), 32768, np.uint16)).save(image.with_name("alpha.png"))
    assert photos.find(tmp_path)[0].truth()[0, 0] == pytest.approx(32768 / 65535)


def test_a_photo_on_its_side_is_turned_upright(tmp_path):
    image = save_photo(tmp_path / "matte" / "x" / "a", image="image.jpg")
    exif = Image.Exif()
    exif[0x112] = 6
    Image.open(image).save(image, exif=exif)
    assert photos.find(tmp_path)[0].colours().shape == (40, 30, 3)


def test_errors_are_reported(tmp_path):
    with pytest.raises(ToolError, match="has no photos"):
        photos.find(tmp_path)
    with pytest.raises(ToolError, match="is not a folder"):
        photos.find(tmp_path / "nowhere")
    image = save_photo(tmp_path / "a")
    image.unlink()
    with pytest.raises(ToolError, match="has 0"):
        photos.find(tmp_path)
