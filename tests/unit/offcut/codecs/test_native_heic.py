"""HEIC photos on CPython, of files that libheif and x265 have written, with and without pillow-heif."""

import io
import sys

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from offcut.codecs.native_heic import decode_natively
from offcut.errors import ImageTooLargeError, NotAnImageError, TruncatedImageError
from offcut.memory_budget import Budget
from tests.unit.offcut.fakes import run
from tests.unit.offcut.samples import exif, profile, save, scene


def heic(picture: Image.Image, **options: object) -> bytes:
    made, file = pillow_heif.from_pillow(picture), io.BytesIO()
    made.save(file, format="HEIF", quality=95, **options)
    return file.getvalue()


def test_a_photo_keeps_its_colours_and_its_profile():
    picture = scene(64, 32)
    picture.info["icc_profile"] = profile()
    photo = run(decode_natively(heic(picture)))
    assert (photo.image.mode, photo.size, photo.alpha) == ("RGB", (64, 32), None)
    assert np.abs(np.asarray(photo.image, int) - np.asarray(picture, int)).mean() < 6
    assert photo.icc_profile == profile() and photo.image.info == {}


def test_its_transparency_is_kept_and_a_turned_one_is_upright():
    picture = scene(64, 32).convert("RGBA")
    picture.putalpha(Image.linear_gradient("L").resize((64, 32)))
    photo = run(decode_natively(heic(picture)))
    assert photo.alpha is not None and photo.alpha.getextrema()[1] > 200
    assert run(decode_natively(heic(scene(64, 32), exif=exif(6)))).size == (32, 64)


def test_other_formats_are_read_as_ever():
    assert run(decode_natively(save(scene(64, 32), "PNG"))).size == (64, 32)
    with pytest.raises(NotAnImageError, match="PDF"):
        run(decode_natively(b"%PDF-1.7 and so on"))


def test_what_is_damaged_cut_short_or_too_large_is_refused():
    file = heic(scene(64, 32))
    at = file.index(b"mdat") + 8
    with pytest.raises(TruncatedImageError):
        run(decode_natively(file[:at] + bytes(len(file) - at)))
    with pytest.raises(TruncatedImageError):
        run(decode_natively(file[: len(file) // 2]))
    with pytest.raises(ImageTooLargeError):
        run(decode_natively(file, Budget(64 * 32 - 1)))
    smaller = run(decode_natively(file, Budget(32 * 16, may_reduce=True)))
    assert smaller.size == (32, 16) and smaller.notices == ["reduced"]


def test_a_person_is_asked_before_anything_is_decoded(monkeypatch):
    file = heic(scene(64, 32))
    monkeypatch.setattr(pillow_heif.HeifFile, "to_pillow", lambda self: pytest.fail("it is decoded"))
    with pytest.raises(ImageTooLargeError) as caught:
        run(decode_natively(file, Budget(32 * 16)))
    assert caught.value.plan.opened == (32, 16)


def test_without_the_extra_it_says_how_to_get_it(monkeypatch):
    file = heic(scene(64, 32))
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(NotAnImageError, match=r"pip install 'offcut\[heic\]'") as caught:
        run(decode_natively(file))
    assert caught.value.reason == "heic"
