"""Every format goes in and out: files that other software has written, and what other software reads of those saved."""

import io

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from tests.unit.offcut import icc

SIZE = 96, 64
pillow_heif.register_heif_opener()

COLOURS = ((200, 30, 30), (30, 180, 30)), ((30, 30, 200), (220, 200, 40))
"""Of the quarters, from top left to bottom right: no turn of them looks like another."""

SPIN = {1: (0, 1, 2, 3), 3: (3, 2, 1, 0), 6: (2, 0, 3, 1)}
"""The quarters as they are shown, by EXIF's number for the orientation of the stored ones."""


def quarters() -> Image.Image:
    """A picture of four colours."""
    values = np.array(COLOURS, np.uint8).repeat(SIZE[1] // 2, 0).repeat(SIZE[0] // 2, 1)
    return Image.fromarray(values)


def pillow(format: str, **options: object) -> bytes:
    """A file that Pillow has written."""
    file = io.BytesIO()
    quarters().save(file, format, **options)
    return file.getvalue()


def heic(orientation: int = 1, **info: object) -> bytes:
    """A file that libheif and x265 have written, with the picture turned as a phone does it."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return pillow("HEIF", quality=95, chroma=444, exif=exif.tobytes(), **info)


READ = {
    "HEIC": (heic(), 1),
    "HEIC on its side": (heic(6), 6),
    "HEIC upside down": (heic(3), 3),
    "AVIF": (pillow("AVIF", quality=95, subsampling="4:4:4"), 1),
    "JPEG": (pillow("JPEG", quality=95, subsampling=0), 1),
    "PNG": (pillow("PNG"), 1),
    "WebP": (pillow("WEBP", lossless=True), 1),
    "GIF": (pillow("GIF"), 1),
    "BMP": (pillow("BMP"), 1),
    "TIFF": (pillow("TIFF", compression="tiff_adobe_deflate"), 1),
    "icon": (pillow("ICO", sizes=[SIZE]), 1),
}
"""Files and their orientation."""

NIGHTLY = set(READ) - {"HEIC", "HEIC on its side"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.nightly] if name in NIGHTLY else []) for name in READ]
)
def test_each_format_is_opened_upright_and_in_its_colours(warm, name):
    data, orientation = READ[name]
    answer = warm.remove(data, foreground=False)
    assert answer.get("type") == "image/png", answer
    found = np.asarray(Image.open(io.BytesIO(answer["data"])))
    height, width = found.shape[:2]
    assert (width, height) == (SIZE[::-1] if orientation == 6 else SIZE)
    # Near the middle, where the networks find their subject.
    places = [(height // 2 + y, width // 2 + x) for y in (-5, 5) for x in (-5, 5)]
    stored = [colour for row in COLOURS for colour in row]
    for place, at in zip(places, SPIN[orientation], strict=True):
        assert found[place][3] > 200 and np.abs(found[place][:3].astype(int) - stored[at]).max() <= 12


def test_a_heics_profile_is_kept_and_a_file_that_is_not_whole_is_refused(warm):
    data = heic(icc_profile=icc.rgb())
    answer = warm.remove(data, background="white")
    assert Image.open(io.BytesIO(answer["data"])).info["icc_profile"] == icc.rgb()
    assert warm.remove(data[:-100])["name"] == "TruncatedImageError"
    place = data.index(b"hvcC") + 8
    answer = warm.remove(data[:place] + bytes(60) + data[place + 60 :])
    assert answer["name"] == "TruncatedImageError" and "HEIC" in answer["message"]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\xff\x0a" + bytes(60), "JPEG XL"),
        pytest.param(b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(60), "JPEG XL", marks=pytest.mark.nightly),
        pytest.param(b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(60), "JPEG 2000", marks=pytest.mark.nightly),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG", marks=pytest.mark.nightly),
    ],
)
def test_what_the_browser_cannot_read_is_refused_by_name(warm, data, name):
    answer = warm.remove(data)
    assert answer["name"] == "NotAnImageError" and name in answer["message"]


@pytest.mark.parametrize(
    ("format", "mode"),
    [
        ("avif", "RGBA"),
        ("tiff", "RGBA"),
        pytest.param("webp", "RGBA", marks=pytest.mark.nightly),
        pytest.param("png", "RGBA", marks=pytest.mark.nightly),
        pytest.param("jpeg", "RGB", marks=pytest.mark.nightly),
    ],
)
def test_each_format_is_saved_with_alpha_profile_and_resolution(warm, format, mode):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo = pillow("JPEG", quality=95, subsampling=0, dpi=(300, 150), icc_profile=profile)
    answer = warm.remove(photo, format=format)
    assert answer.get("type") == f"image/{format}", answer
    picture = Image.open(io.BytesIO(answer["data"]))
    assert (picture.format, picture.mode, picture.size) == (format.upper(), mode, SIZE)
    assert picture.info["icc_profile"] == profile
    exif = picture.getexif()
    assert picture.info.get("dpi") or (exif[0x011A], exif[0x011B]) == pytest.approx((300, 150), abs=0.02)
    png = Image.open(io.BytesIO(warm.remove(photo)["data"]))
    if mode == "RGBA":
        assert np.array_equal(np.asarray(picture.getchannel("A")), np.asarray(png.getchannel("A")))
    middle = SIZE[0] // 2 - 5, SIZE[1] // 2 - 5
    assert np.abs(np.subtract(picture.getpixel(middle)[:3], COLOURS[0][0])).max() <= 12


def test_of_a_limit_in_bytes_avif_makes_the_best(warm):
    rng = np.random.default_rng(0)
    noisy = np.clip(np.asarray(quarters().resize((480, 320))) + rng.integers(-30, 30, (320, 480, 3)), 0, 255)
    file = io.BytesIO()
    Image.fromarray(noisy.astype(np.uint8)).save(file, "PNG")
    whole = len(warm.remove(file.getvalue(), format="avif")["data"])
    limited = len(warm.remove(file.getvalue(), format="avif", max_bytes=whole // 2)["data"])
    assert 0.4 * whole < limited <= 0.5 * whole
