"""Which profiles are sRGB, which are kept, which need a library, and which are ignored."""

from __future__ import annotations

import struct

import numpy
import pytest
from hypothesis import given, strategies
from PIL import ImageCms

from offcut.colour.profiles import read_profile, space_of
from tests.unit.offcut import icc
from tests.unit.offcut.samples import examples

SRGBS = {
    "LittleCMS": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    "parametric": icc.rgb(icc.SRGB, icc.SRGB_CURVE),
    "a table of 1024": icc.rgb(
        icc.SRGB,
        icc.table([v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in numpy.linspace(0, 1, 1024)]),
    ),
    "rounded primaries": icc.rgb(
        ((0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7139)), icc.SRGB_CURVE
    ),
}


@pytest.mark.parametrize("name", SRGBS)
def test_srgb_of_any_maker_is_srgb(name):
    assert space_of(SRGBS[name]) is None and read_profile(SRGBS[name]).space is not None


@pytest.mark.parametrize(
    "data",
    [icc.rgb(), icc.rgb(icc.SRGB, icc.gamma(2.2)), icc.rgb(icc.ADOBE), icc.rgb(icc.PROPHOTO, icc.gamma(1.8))],
    ids=["P3", "sRGB's primaries with a gamma", "Adobe", "ProPhoto"],
)
def test_other_spaces_are_not(data):
    assert space_of(data) is not None


def test_a_space_is_made_once_for_all_photos_of_a_camera():
    assert space_of(icc.rgb()) is space_of(bytes(bytearray(icc.rgb())))


def test_tables_count_more_than_a_matrix():
    profile, press = read_profile(icc.rgb(icc.P3, None, (b"A2B0", b"mft1"))), read_profile(icc.press())
    assert profile.colours == "RGB" and profile.space is None and profile.grey is None
    assert press.colours == "CMYK" and press.space is None and press.grey is None


def test_greys_are_a_curve():
    grey = read_profile(icc.grey(icc.gamma(2))).grey
    assert numpy.allclose(grey, (numpy.arange(256) / 255) ** 2, atol=1e-6)


def without(tag: bytes) -> bytes:
    return icc.rgb().replace(tag, b"none", 1)


def with_header(at: int, value: bytes) -> bytes:
    return icc.rgb()[:at] + value + icc.rgb()[at + len(value) :]


BROKEN = {
    "nothing": b"",
    "a header alone": icc.rgb()[:128],
    "ends in the table": icc.rgb()[:180],
    "ends in the tags": icc.rgb()[:-200],
    "no signature": with_header(36, b"ACSP"),
    "a link": with_header(12, b"link"),
    "an abstract profile": with_header(12, b"abst"),
    "named colours": with_header(12, b"nmcl"),
    "unknown colours": with_header(16, b"6CLR"),
    "unknown connection": with_header(20, b"CMYK"),
    "without a curve": without(b"gTRC"),
    "without a primary": without(b"bXYZ"),
    "millions of tags": with_header(128, struct.pack(">I", 2**31)),
    "a flat curve": icc.rgb(icc.P3, icc.table([0.5, 0.5])),
    "a falling curve": icc.rgb(icc.P3, icc.table([1, 0])),
    "gamma zero": icc.rgb(icc.P3, icc.gamma(0)),
    "a curve of no kind": icc.rgb(icc.P3, b"spam" + bytes(12)),
    "a curve of an unknown formula": icc.rgb(icc.P3, icc.parametric(9, 1)),
    "a line without slope": icc.rgb(icc.P3, icc.parametric(1, 2, 0, 0)),
    "primaries all black": icc.rgb(((0, 0, 0),) * 3),
    "primaries in a line": icc.rgb((icc.P3[0], icc.P3[1], icc.P3[0])),
    "grey without a curve": icc.icc(b"GRAY", []),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_profiles_are_ignored(name):
    assert read_profile(BROKEN[name]) is None and space_of(BROKEN[name]) is None


@examples(300)
@given(
    strategies.sampled_from([icc.rgb(), icc.rgb(curve=icc.SRGB_CURVE), icc.grey(icc.table([0, 0.2, 1])), icc.press()]),
    strategies.lists(strategies.tuples(strategies.integers(0, 700), strategies.integers(0, 255)), max_size=6),
    strategies.integers(0, 900),
)
def test_damage_anywhere_is_never_an_error(data, changes, end):
    damaged = bytearray(data)
    for at, value in changes:
        damaged[at % len(damaged)] = value
    for version in (bytes(damaged), bytes(damaged[:end])):
        profile = read_profile(version)
        assert profile is None or profile.colours in ("RGB", "GRAY", "CMYK")
        space_of(version)
