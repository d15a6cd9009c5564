"""A Pillow image is the photo that its file is, whether it was loaded before or not."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from offcut.codecs import decode
from offcut.codecs.pillow_image import read_image
from offcut.errors import OptionError, TruncatedImageError, ZeroSizedImageError
from tests.unit.offcut import icc
from tests.unit.offcut.codecs.test_colours import chrm, cicp, gama, row
from tests.unit.offcut.codecs.test_rare_files import DEEP
from tests.unit.offcut.codecs.test_rare_files import png as clear_png
from tests.unit.offcut.samples import exif, noise, png_chunk, save, scene

SCENE = scene(40, 24)


def with_late_exif() -> bytes:
    data = save(SCENE, "PNG")
    at = data.index(b"IEND") - 4
    return data[:at] + png_chunk(b"eXIf", exif(6).removeprefix(b"Exif\0\0")) + data[at:]


def with_chunk(chunk: bytes) -> bytes:
    data = save(row("RGB", [(40, 40, 40), (200, 30, 30)]), "PNG")
    return data[:33] + chunk + data[33:]


def bmp_without_alpha() -> bytes:
    pixels = np.dstack([np.full((3, 4, 3), 90, np.uint8), np.zeros((3, 4), np.uint8)])
    header = struct.pack("<IiiHHIIiiII", 108, 4, -3, 1, 32, 3, 48, 2835, 2835, 0, 0)
    header += struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000) + b"sRGB" + bytes(48)
    return struct.pack("<2sIHHI", b"BM", 14 + 108 + 48, 0, 0, 14 + 108) + header + pixels.tobytes()


def small_frame() -> bytes:
    data = bytearray(save(SCENE, "GIF"))
    data[6:10] = struct.pack("<HH", 50, 30)
    return bytes(data)


FILES = {
    **{
        f"{kind} held {orientation}": save(SCENE, kind, exif=exif(orientation), dpi=(300, 150))
        for kind in ("JPEG", "PNG", "TIFF", "WEBP")
        for orientation in (1, 3, 6, 8)
    },
    "square TIFF held 6": save(SCENE.resize((24, 24)), "TIFF", exif=exif(6), dpi=(300, 150)),
    "AVIF held 6": save(SCENE, "AVIF", exif=exif(6)),
    "PNG with its EXIF block at the end": with_late_exif(),
    "phone JPEG": save(SCENE, "MPO", append_images=[noise()], exif=exif(6), dpi=(300, 150)),
    "wide JPEG": save(SCENE, "JPEG", icc_profile=icc.rgb(), dpi=(300, 300)),
    "inks": save(SCENE.convert("CMYK"), "JPEG", icc_profile=icc.press()),
    "linear PNG": with_chunk(gama(1)),
    "PNG of other primaries": with_chunk(gama(0.45455) + chrm(0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06)),
    "PNG of sRGB": with_chunk(png_chunk(b"sRGB", b"\0") + gama(1)),
    "clear grey of 2 bits": clear_png(2, 0, bytes([0b00_01_10_11]), 4, struct.pack(">H", 1)),
    "clear grey of 4 bits": clear_png(4, 0, bytes([0x05, 0xAF]), 4, struct.pack(">H", 5)),
    "clear grey of 8 bits": clear_png(8, 0, bytes([0, 1, 85, 170]), 4, struct.pack(">H", 1)),
    "clear RGB of 16 bits": clear_png(
        16, 2, struct.pack(">12H", *[0] * 3, *DEEP, *[9] * 3, *[65535] * 3), 4, struct.pack(">3H", *DEEP)
    ),
    "clear grey of 16 bits": clear_png(16, 0, struct.pack(">4H", 0, 500, 501, 65535), 4, struct.pack(">H", 500)),
    "clear palette": save(SCENE.quantize(4), "PNG", transparency=bytes([0, 100, 255, 255])),
    "GIF": save(SCENE, "GIF", transparency=1),
    "small frame": small_frame(),
    "BMP whose fourth byte is 0": bmp_without_alpha(),
    "grey TIFF of 16 bits": save(Image.fromarray(np.arange(96, dtype=np.uint16).reshape(8, 12) * 600), "TIFF"),
    "TIFF in LAB": save(SCENE.convert("LAB"), "TIFF"),
    "TIFF in YCbCr": save(SCENE.convert("YCbCr"), "TIFF", compression="tiff_lzw"),
}
NOT_WHEN_LOADED = {"square TIFF held 6", "PNG with its EXIF block at the end"}
"""What Pillow no longer tells then: that a square was turned, and where a block stood."""


@pytest.mark.parametrize("is_loaded", [False, True], ids=["opened", "loaded"])
@pytest.mark.parametrize("name", FILES)
def test_an_opened_file_is_the_photo_that_its_bytes_are(name, is_loaded):
    if is_loaded and name in NOT_WHEN_LOADED:
        pytest.skip("Pillow no longer tells")
    wanted = decode(FILES[name])
    image = Image.open(io.BytesIO(FILES[name]))
    if is_loaded:
        image.load()
    found = read_image(image)
    assert np.array_equal(found.rgb, wanted.rgb)
    assert (found.size, found.dpi, found.icc_profile) == (wanted.size, wanted.dpi, wanted.icc_profile)
    alphas = [None if photo.alpha is None else photo.alpha.tobytes() for photo in (found, wanted)]
    assert alphas[0] == alphas[1]


def test_code_points_count_while_the_file_is_open():
    data = with_chunk(cicp(12, 13, 0, 1))
    assert np.array_equal(read_image(Image.open(io.BytesIO(data))).rgb, decode(data).rgb)


def test_what_a_program_makes_of_a_file_is_turned_by_the_block_it_kept():
    for kind in ("JPEG", "PNG"):
        opened = Image.open(io.BytesIO(save(SCENE, kind, exif=exif(6))))
        assert read_image(opened.convert("RGB")).size == (24, 40)


ALPHA = Image.fromarray(np.linspace(40, 255, 40 * 24).reshape(24, 40).astype(np.uint8))


def with_alpha(mode: str) -> Image.Image:
    picture = SCENE.convert(mode)
    picture.putalpha(ALPHA)
    return picture


def rgba_palette() -> Image.Image:
    picture = Image.new("P", (4, 1))
    picture.putpalette([10, 20, 30, 0, 40, 50, 60, 128, 70, 80, 90, 255], "RGBA")
    picture.putdata([0, 1, 2, 2])
    return picture


DEEP_GREY = np.asarray(SCENE.convert("L"))
OPAQUE = {
    "1": SCENE.convert("1"),
    "L": SCENE.convert("L"),
    "P": SCENE.quantize(8),
    "RGB": SCENE,
    "RGBX": SCENE.convert("RGBX"),
    "CMYK": SCENE.convert("CMYK"),
    "YCbCr": SCENE.convert("YCbCr"),
    "HSV": SCENE.convert("HSV"),
    "LAB": SCENE.convert("LAB"),
    "I;16": Image.fromarray(DEEP_GREY.astype(np.uint16) * 257),
    "I;16B": Image.frombytes("I;16B", SCENE.size, (DEEP_GREY.astype(">u2") * 257).tobytes()),
    "I": Image.fromarray(DEEP_GREY.astype(np.int32)),
    "F": Image.fromarray(DEEP_GREY.astype(np.float32) / 255),
    "F to 255": Image.fromarray(DEEP_GREY.astype(np.float32)),
}


@pytest.mark.parametrize("mode", OPAQUE)
def test_every_mode_has_its_colours(mode):
    image = OPAQUE[mode]
    before = image.tobytes(), dict(image.info)
    photo = read_image(image)
    grey = mode.startswith(("I", "F", "L")) and mode != "LAB"
    wanted = image.convert("RGB") if mode in ("1", "P") else (SCENE.convert("L") if grey else SCENE).convert("RGB")
    apart = np.abs(photo.rgb.astype(int) - np.asarray(wanted))
    assert apart.max() <= {"LAB": 16, "HSV": 6, "YCbCr": 2}.get(mode, 1) and photo.alpha is None
    assert (image.tobytes(), image.info) == before


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_every_mode_with_alpha_has_it(mode):
    image = with_alpha("P" if mode == "PA" else mode)
    assert image.mode == mode
    photo = read_image(image)
    assert photo.alpha.tobytes() == ALPHA.tobytes()
    assert np.array_equal(photo.rgb, np.asarray(image.convert("RGBA").convert("RGB")))


@pytest.mark.parametrize("mode", ["RGBa", "La"])
def test_premultiplied_colours_are_divided(mode):
    straight = with_alpha("RGB" if mode == "RGBa" else "L")
    photo = read_image(straight.convert(mode))
    assert photo.alpha.tobytes() == ALPHA.tobytes()
    assert np.abs(photo.rgb.astype(int) - np.asarray(straight.convert("RGB"))).max() <= 4


def test_a_palette_with_alpha_and_a_note_that_makes_no_sense():
    photo = read_image(rgba_palette())
    assert list(photo.alpha.tobytes()) == [0, 128, 255, 255] and photo.image.getpixel((1, 0)) == (40, 50, 60)
    image = SCENE.convert("CMYK")
    image.info["transparency"] = 3
    assert read_image(image).alpha is None


def test_greys_that_pillow_put_into_16_bits_are_not_black():
    photo = read_image(SCENE.convert("L").convert("I;16"))
    assert np.array_equal(photo.rgb, np.asarray(SCENE.convert("L").convert("RGB")))
    ends = Image.fromarray(np.array([[np.inf, -np.inf, np.nan, 0.5]], np.float32))
    assert [value[0] for value in read_image(ends).rgb[0].tolist()] == [255, 0, 0, 128]


def test_a_file_that_ends_early_is_the_photo_that_its_bytes_are():
    data = save(noise(64, 64), "JPEG")[:-400]
    photo = read_image(Image.open(io.BytesIO(data)))
    assert photo.notices == ["incomplete"] and np.array_equal(photo.rgb, decode(data).rgb)
    with pytest.raises(TruncatedImageError, match="ends early"):
        read_image(Image.open(io.BytesIO(data[: len(data) // 3])))


def test_what_cannot_be_a_photo_is_refused_in_clear_words(tmp_path):
    (tmp_path / "photo.png").write_bytes(save(SCENE, "PNG"))
    with Image.open(tmp_path / "photo.png") as image:
        pass
    with pytest.raises(OptionError, match="closed"):
        read_image(image)
    with pytest.raises(ZeroSizedImageError):
        read_image(Image.new("RGB", (0, 5)))
