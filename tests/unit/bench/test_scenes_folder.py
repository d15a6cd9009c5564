"""Scenes written as photos with their truth."""

import numpy as np
import pytest
from PIL import Image

from bench.quality import photos
from bench.scenes import folder, make, photograph
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


def test_a_background_has_no_subject_of_its_own(tmp_path):
    """Left of the known subject, the photo is green; the subject is red."""
    for name in ("a", "b"):
        place = tmp_path / "mask" / "x" / name
        place.mkdir(parents=True)
        values = np.zeros((300, 400, 3), np.uint8)
        values[:, :250] = (0, 200, 0)
        values[:, 250:] = (200, 0, 0)
        Image.fromarray(values).save(place / "image.png")
        Image.fromarray(values[..., 0]).save(place / "alpha.png")
    for seed in range(4):
        scene = make("sharp", (90, 60), seed, photos=tmp_path, noise=0)
        assert scene.back[..., 0].max() == 0 and scene.back[..., 1].min() > 150


def test_the_empty_part_is_the_largest_beside_the_subject(tmp_path):
    image = tmp_path / "image.png"
    Image.new("RGB", (100, 80)).save(image)
    assert photograph.empty(image) is None
    alpha = np.zeros((80, 100), np.uint8)
    for rows, columns, part in (
        (slice(10, 80), slice(30, 90), (0, 0, 30, 80)),
        (slice(50, 80), slice(0, 100), (0, 0, 100, 50)),
        (slice(0, 80), slice(0, 100), (0, 0, 0, 80)),
        (slice(0, 0), slice(0, 0), (0, 0, 100, 80)),
    ):
        alpha[:] = 0
        alpha[rows, columns] = 1
        Image.fromarray(alpha).save(tmp_path / "alpha.png")
        assert photograph.empty(image) == part
