"""Scenes written as photos with their truth."""

import numpy as np
import pytest
from PIL import Image

from bench.quality import photos
from bench.scenes import folder, make
from bench.scenes.scene import DATA, photos_in

SMALL = 0.006


def test_quality_finds_them_with_their_truth(tmp_path):
    written = list(folder.write(tmp_path, [SMALL], kinds=["focus", "sharp"], seeds=[0, 1]))
    found = photos.find(tmp_path)
    assert [photo.key for photo in found] == [
        f"matte/scenes-{SMALL}mp/{name}" for name in ("focus-0", "focus-1", "sharp-0", "sharp-1")
    ]
    assert sorted(written) == sorted(tmp_path / photo.key for photo in found)
    assert all(photo.kind == "matte" for photo in found)
    scene = make("focus", found[0].colours().shape[1::-1], 0)
    assert (found[0].truth() * 255 == scene.alpha).all() and (found[0].subject() == scene.front).all()


def test_the_photo_is_its_subject_where_alpha_is_full(tmp_path):
    """But for what JPEG loses."""
    list(folder.write(tmp_path, [SMALL], kinds=["sharp"]))
    (photo,) = photos.find(tmp_path)
    whole = photo.truth() == 1
    difference = np.abs(photo.colours().astype(int) - photo.subject())
    assert whole.any() and difference[whole].mean() < 3 < difference[photo.truth() == 0].mean()


def test_the_same_arguments_write_the_same_bytes(tmp_path):
    for place in ("a", "b"):
        list(folder.write(tmp_path / place, [SMALL], kinds=["focus"]))
    files = [path for path in sorted((tmp_path / "a").rglob("*")) if path.is_file()]
    assert len(files) == 3
    assert all(path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes() for path in files)


@pytest.mark.parametrize(("megapixels", "size"), [(12, (4243, 2828)), (24, (6000, 4000))])
def test_dimensions(megapixels, size):
    assert folder.dimensions(megapixels) == size


def test_photos_are_found_at_any_depth_without_their_truth(tmp_path):
    for name in ("set/a/image.jpg", "set/a/alpha.png", "set/b/image.png", "set/b/foreground.png", "top.jpeg", "no.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix != ".txt":
            Image.new("L", (2, 2)).save(path)
    assert photos_in(tmp_path) == [tmp_path / name for name in ("set/a/image.jpg", "set/b/image.png", "top.jpeg")]
    assert [path.name for path in photos_in(DATA)] == ["astronaut.png", "cat.png", "coffee.png"]
