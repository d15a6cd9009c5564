"""What HEIC files say of their colours, of files that libheif and x265 have written."""

import io

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from offcut.codecs.boxes import boxes_of
from offcut.codecs.sniff import format_of
from offcut.codecs.stated_colours import described_space, heif_profile
from offcut.colour.spaces import SRGB
from tests.unit.offcut.samples import profile, scene


def heic(picture: Image.Image, **options: object) -> bytes:
    """A HEIC of a picture."""
    made, file = pillow_heif.from_pillow(picture), io.BytesIO()
    made.save(file, format="HEIF", quality=90, **options)
    return file.getvalue()


def with_profile(icc: bytes) -> bytes:
    """A HEIC with a profile."""
    picture = scene(64, 32)
    picture.info["icc_profile"] = icc
    return heic(picture)


def test_the_profile_is_found():
    assert format_of(with_profile(profile())) == "HEIC"
    assert heif_profile(with_profile(profile())) == profile()
    assert heif_profile(heic(scene(64, 32))) is None


def test_the_profile_is_found_behind_a_long_box():
    """Sizes of 64 bits stand before a box's name has ended (ISO 14496-12, 4.2)."""
    file = with_profile(profile())
    kind, rest = file[: file.index(b"meta") - 4], file[file.index(b"meta") - 4 :]
    long = b"\0\0\0\1free" + (24).to_bytes(8, "big") + bytes(8)
    assert [name for name, _ in boxes_of(kind + long + rest)][:3] == [b"ftyp", b"free", b"meta"]
    assert heif_profile(kind + long + rest) == profile()


@pytest.mark.parametrize("at", range(0, 700, 7))
def test_a_file_that_breaks_off_or_lies_has_no_profile_or_that_one(at):
    file = with_profile(profile())
    heif_profile(file[:at])
    heif_profile(file[:at] + b"\xff\xff\xff\xff" + file[at + 4 :])
    heif_profile(file[:at] + bytes(4) + file[at + 4 :])


def test_without_a_profile_code_points_say_what_the_colours_are():
    space = described_space(heic(scene(64, 32), color_primaries=12, transfer_characteristics=13))
    assert space is not None and np.abs(space.matrix - SRGB.matrix).max() > 0.05  # Display P3
    assert described_space(heic(scene(64, 32), color_primaries=1, transfer_characteristics=13)) is SRGB
