"""Linear light keeps its shadows, and a high dynamic range is shown as browsers show it."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from offcut.codecs import decode
from offcut.codecs.deep_png import deep_values
from tests.unit.offcut import icc
from tests.unit.offcut.codecs.test_colours import chrm, cicp, gama, off, row
from tests.unit.offcut.codecs.test_tiff import GREY, tiff
from tests.unit.offcut.samples import exif, png_chunk, save

# PNG's filters (W3C PNG 3, 9.2), on bytes


def filtered(line: bytes, above: bytes, kind: int, pixel: int) -> bytes:
    def paeth(left: int, up: int, corner: int) -> int:
        guess = left + up - corner
        return min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))[2]

    result = bytearray([kind])
    for at, value in enumerate(line):
        left, corner = (line[at - pixel], above[at - pixel]) if at >= pixel else (0, 0)
        up = above[at]
        guess = (0, left, up, (left + up) // 2, paeth(left, up, corner))[kind]
        result.append((value - guess) & 255)
    return bytes(result)


PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def deep_png(values: np.ndarray, extra: bytes = b"", *, is_interlaced: bool = False) -> bytes:
    """A PNG of 16 bits of values ``(h, w, channels)``, its rows by all filters in turn."""
    height, width, channels = values.shape
    rows, kind = b"", 0
    for left, top, across, down in PASSES if is_interlaced else ((0, 0, 1, 1),):
        above = None
        for line in values[top::down, left::across]:
            raw = line.astype(">u2").tobytes()
            if raw:
                rows += filtered(raw, above or bytes(len(raw)), kind % 5, 2 * channels)
                above, kind = raw, kind + 1
    colour = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    header = struct.pack(">IIBBBBB", width, height, 16, colour, 0, 0, is_interlaced)
    chunks = png_chunk(b"IHDR", header) + extra + png_chunk(b"IDAT", zlib.compress(rows)) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize("is_interlaced", [False, True])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("size", [(1, 1), (3, 2), (13, 11)])
def test_the_16_bits_of_a_png_are_read_exactly(channels, size, is_interlaced):
    values = np.random.default_rng(0).integers(0, 65536, (*size, channels), np.uint16)
    assert np.array_equal(deep_values(deep_png(values, is_interlaced=is_interlaced)), values)


def test_other_pngs_have_none():
    assert deep_values(save(Image.new("RGB", (4, 4)), "PNG")) is None
    assert deep_values(deep_png(np.zeros((40, 40, 3), np.uint16))[:-30]) is None


def srgb(light: np.ndarray) -> np.ndarray:
    return np.where(light > 0.0031308, 1.055 * light ** (1 / 2.4) - 0.055, 12.92 * light) * 255


LINEAR = icc.gamma(1.0)
REC2020 = ((0.67349, 0.27903, -0.00193), (0.16566, 0.67534, 0.02998), (0.12505, 0.04561, 0.79686))
ACES = ((0.99093, 0.36191, -0.00272), (0.01226, 0.72250, 0.00811), (-0.03897, -0.08441, 0.81952))
PROFILES = {
    "linear sRGB": icc.rgb(icc.SRGB, LINEAR),
    "linear Rec. 2020": icc.rgb(REC2020, LINEAR),
    "ACES": icc.rgb(ACES, LINEAR),
    "curve of two points": icc.rgb(icc.SRGB, icc.table([0, 1])),
}
SHADOWS = np.linspace(0, 0.02, 300)
DEEP = np.repeat((SHADOWS * 65535 + 0.5).astype(np.uint16)[None, :, None], 3, axis=2)


def shadows(photo) -> np.ndarray:
    return np.asarray(photo.image)[0].astype(float)


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("kind", ["PNG", "PNG with alpha", "TIFF", "TIFF of floats", "half floats"])
def test_the_shadows_of_linear_light_have_no_bands(name, kind):
    profile = PROFILES[name]
    if kind.startswith("PNG"):
        values = np.dstack([DEEP, np.full_like(DEEP[..., :1], 0x8080)]) if "alpha" in kind else DEEP
        data = deep_png(values, png_chunk(b"iCCP", b"x\0\0" + zlib.compress(profile)))
    else:
        light = {"TIFF": DEEP, "TIFF of floats": SHADOWS[None, :, None].repeat(3, 2).astype(np.float32)}
        values = light.get(kind, SHADOWS[None, :, None].repeat(3, 2).astype(np.float16))
        data = tiff(values, more=((34675, 7, list(profile)),))
    photo = decode(data)
    assert photo.icc_profile is None and photo.space is None
    assert np.abs(shadows(photo) - srgb(SHADOWS)[:, None]).max() <= 1.2
    assert len(np.unique(shadows(photo))) >= 38
    assert (photo.alpha is not None) == ("alpha" in kind)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_nor_have_those_of_linear_grey(kind):
    profile = icc.grey(LINEAR)
    data = tiff(DEEP[..., :1], GREY, more=((34675, 7, list(profile)),))
    if kind == "PNG":
        data = deep_png(DEEP[..., :1], png_chunk(b"iCCP", b"x\0\0" + zlib.compress(profile)))
    assert np.abs(shadows(decode(data)) - srgb(SHADOWS)[:, None]).max() <= 1.2


STATED = {
    "gamma 1": gama(1),
    "gamma 1 and primaries": gama(1) + chrm(0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06),
    "code points": cicp(1, 8, 0, 1),
}


@pytest.mark.parametrize("name", STATED)
def test_nor_where_no_profile_but_the_file_states_it(name):
    assert np.abs(shadows(decode(deep_png(DEEP, STATED[name]))) - srgb(SHADOWS)[:, None]).max() <= 1.2


def test_what_else_a_linear_png_has_is_kept():
    values = np.zeros((2, 3, 3), np.uint16)
    values[0, 1], values[1, 2] = (0x1234, 0x5678, 0x9ABC), (0x1234, 0x5678, 0x9ABD)
    extra = gama(1) + png_chunk(b"pHYs", struct.pack(">IIB", 11811, 5906, 1))
    extra += png_chunk(b"eXIf", exif(6).removeprefix(b"Exif\0\0")) + png_chunk(
        b"tRNS", struct.pack(">3H", *values[0, 1])
    )
    photo = decode(deep_png(values, extra))
    assert photo.size == (2, 3) and [round(value) for value in photo.dpi] == [150, 300]
    wanted = np.full((2, 3), 255, np.uint8)
    wanted[0, 1] = 0
    assert np.array_equal(np.asarray(photo.alpha), np.rot90(wanted, -1))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_linear_light_of_8_bits_becomes_srgb_too(kind):
    values = [(1, 1, 1), (20, 20, 20), (128, 40, 200)]
    options = {"quality": 100, "subsampling": 0} if kind == "JPEG" else {}
    photo = decode(save(row("RGB", values), kind, icc_profile=PROFILES["linear sRGB"], **options))
    found = [photo.image.getpixel((16 * at + 8, 8)) for at in range(3)]
    assert photo.icc_profile is None and off(found, srgb(np.array(values) / 255).round()) <= 1


@pytest.mark.parametrize("curve", [1.5, 1.8, 2.2, 2.4])
def test_all_other_profiles_keep_the_photos_own_values(curve):
    values = np.random.default_rng(1).integers(0, 65536, (6, 5, 3), np.uint16)
    profile = icc.rgb(REC2020, icc.gamma(curve))
    photo = decode(deep_png(values, png_chunk(b"iCCP", b"x\0\0" + zlib.compress(profile))))
    assert photo.icc_profile == profile and np.array_equal(photo.rgb, (values >> 8).astype(np.uint8))


HDR = [
    *((grey,) * 3 for grey in (20, 60, 100, 120, 150, 170, 190, 220)),
    *((200, 30, 30), (30, 200, 30), (30, 30, 200), (150, 100, 50), (130, 90, 90), (90, 130, 90), (128, 60, 60)),
    *((180, 180, 60), (255, 0, 0), (0, 0, 255), (170, 120, 100), (110, 120, 148)),
]
GREYS = {16: (1, 26, 76, 114, 193, 229, 253, 255), 18: (5, 39, 75, 92, 122, 150, 185, 224)}
SHOWN = {
    (9, 16): [
        *((255, 0, 0), (0, 255, 0), (0, 0, 255), (237, 34, 0), (167, 40, 59), (0, 144, 45), (165, 0, 18)),
        *((249, 243, 0), (255, 0, 0), (0, 0, 255), (255, 52, 49), (64, 115, 194)),
    ],
    (12, 16): [
        *((255, 0, 0), (0, 255, 0), (1, 1, 255), (210, 66, 0), (148, 55, 58), (3, 139, 49), (145, 3, 18)),
        *((243, 243, 0), (255, 0, 0), (0, 0, 255), (255, 90, 53), (89, 115, 193)),
    ],
    (1, 16): [
        *((255, 2, 2), (1, 255, 1), (1, 1, 255), (194, 76, 17), (137, 61, 61), (61, 137, 61), (132, 26, 26)),
        *((243, 243, 17), (255, 0, 0), (0, 0, 255), (252, 107, 71), (94, 114, 187)),
    ],
    (9, 18): [
        *((229, 0, 0), (0, 208, 0), (0, 8, 171), (136, 70, 26), (111, 63, 67), (41, 103, 66), (112, 30, 41)),
        *((170, 166, 0), (255, 0, 0), (0, 0, 249), (165, 87, 76), (77, 93, 117)),
    ],
    (12, 18): [
        *((198, 0, 0), (0, 203, 0), (17, 17, 174), (122, 74, 27), (102, 66, 67), (60, 101, 67), (98, 38, 40)),
        *((165, 165, 0), (255, 0, 0), (0, 0, 250), (150, 92, 76), (83, 93, 117)),
    ],
}
"""What Chromium 156 shows of `HDR` behind its greys, by code points."""


def coded_profile(primaries: int, transfer: int) -> bytes:
    """A profile of sRGB's curve that names code points (ICC.1:2022, 9.2.17)."""
    return icc.rgb(icc.SRGB, icc.SRGB_CURVE, (b"cicp", b"cicp" + bytes(4) + bytes((primaries, transfer, 0, 1))))


def test_other_code_points_of_a_profile_change_nothing():
    profile = coded_profile(12, 13)
    assert decode(save(row("RGB", HDR), "PNG", icc_profile=profile)).icc_profile == profile


@pytest.mark.parametrize("points", SHOWN)
@pytest.mark.parametrize("kind", ["PNG", "PNG of 16 bits", "PNG with a profile", "TIFF of 16 bits", "AVIF"])
def test_a_high_dynamic_range_is_shown_as_chromium_shows_it(points, kind):
    wanted = [(grey,) * 3 for grey in GREYS[points[1]]] + SHOWN[points]
    if kind == "AVIF":
        data = save(row("RGB", HDR), "AVIF", quality=100, subsampling="4:4:4")
        at = data.index(b"colrnclx") + 8
        data = data[:at] + struct.pack(">HH", *points) + data[at + 4 :]
    elif kind == "PNG with a profile":
        data = save(row("RGB", HDR), "PNG", icc_profile=coded_profile(*points))
    elif kind == "TIFF of 16 bits":
        values = np.asarray(row("RGB", HDR, 2)).astype(np.uint16) * 257
        data = tiff(values, more=((34675, 7, list(coded_profile(*points))),))
    elif kind == "PNG":
        data = save(row("RGB", HDR), "PNG")
        data = data[:33] + cicp(*points, 0, 1) + data[33:]
    else:
        data = deep_png(np.asarray(row("RGB", HDR, 2)).astype(np.uint16) * 257, cicp(*points, 0, 1))
    photo = decode(data)
    patch = photo.image.height
    found = [photo.image.getpixel((patch * at + patch // 2, patch // 2)) for at in range(len(HDR))]
    assert photo.icc_profile is None
    assert off(found, wanted) <= (1 if kind != "AVIF" else 12)


def test_the_shadows_of_a_high_dynamic_range_have_no_bands():
    ramp = np.linspace(0.05, 0.35, 400)
    values = np.repeat((ramp * 65535).astype(np.uint16)[None, :, None], 3, axis=2)
    found = shadows(decode(deep_png(values, cicp(9, 16, 0, 1))))[:, 0]
    assert (np.diff(found) >= 0).all() and np.diff(found).max() <= 1
