"""Small pictures, and files of every kind made from them."""

from __future__ import annotations

import functools
import io
import re
import struct
import zlib
from collections.abc import Iterable
from pathlib import Path

import numpy
from hypothesis import settings
from PIL import ExifTags, Image

from offcut.errors import OffcutError
from tests.unit.offcut import icc

ROOT = Path(__file__).parents[3]
PHOTOS = ROOT / "tests" / "data"
ASTRONAUT = PHOTOS / "astronaut.png"

CORNERS = {
    "top left": (200, 30, 30),
    "top right": (30, 180, 30),
    "bottom left": (30, 30, 200),
    "bottom right": (220, 200, 40),
}


def examples(count: int = 50) -> settings:
    """How many examples a test tries. Never a limit of time: that would be a property of the machine."""
    return settings(max_examples=count)


def scene(width: int = 32, height: int = 16) -> Image.Image:
    """Four quarters of four colours: no turn or mirroring of it looks like another."""
    picture = Image.new("RGB", (width, height))
    for (_name, colour), box in zip(
        CORNERS.items(),
        (
            (0, 0, width // 2, height // 2),
            (width // 2, 0, width, height // 2),
            (0, height // 2, width // 2, height),
            (width // 2, height // 2, width, height),
        ),
        strict=True,
    ):
        picture.paste(colour, box)
    return picture


def noise(width: int = 16, height: int = 12, channels: int = 3, seed: int = 0) -> Image.Image:
    """Pixels that compress badly, so that a file of them has something to damage."""
    values = numpy.random.default_rng(seed).integers(0, 256, (height, width, channels), dtype=numpy.uint8)
    return Image.fromarray(values)


def grey(values: Iterable, dtype: type) -> Image.Image:
    """One row of grey levels."""
    return Image.fromarray(numpy.array([list(values)], dtype))


def save(image: Image.Image, kind: str, **options) -> bytes:
    """The bytes of a file. `image` is copied, because Pillow leaves settings of the last save on it."""
    if "append_images" in options:
        options |= {"save_all": True, "append_images": [frame.copy() for frame in options["append_images"]]}
    buffer = io.BytesIO()
    image.copy().save(buffer, kind, **options)
    return buffer.getvalue()


def reopen(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def pixels(image: Image.Image) -> list:
    """The first row, as Python numbers."""
    return numpy.asarray(image)[0].tolist()


def difference(one: Image.Image, other: Image.Image) -> int:
    """The largest difference of any value."""
    assert (one.size, one.mode) == (other.size, other.mode)
    return int(numpy.abs(numpy.asarray(one).astype(int) - numpy.asarray(other).astype(int)).max())


def profile(space: bytes = b"RGB ") -> bytes:
    """An ICC profile of that colour space: wide RGB, a press's inks, or greys."""
    return {b"RGB ": icc.rgb, b"CMYK": icc.press, b"GRAY": lambda: icc.grey(icc.gamma(1.8))}[space]()


def exif(orientation: int | None = None, **extra: str) -> bytes:
    """A camera's EXIF block: maker, owner and place of the photo, and `extra` tags by name."""
    block = Image.Exif()
    block[ExifTags.Base.Make] = "SecretCamera"
    block[ExifTags.Base.Artist] = "SecretOwner"
    for name, value in extra.items():
        block[ExifTags.Base[name]] = value
    place = block.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef] = "N"
    place[ExifTags.GPS.GPSLatitude] = (48.0, 51.0, 24.0)
    place[ExifTags.GPS.GPSAreaInformation] = b"SecretPlace"
    if orientation is not None:
        block[ExifTags.Base.Orientation] = orientation
    return block.tobytes()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    width: int,
    height: int,
    rows: bytes,
    *,
    depth: int = 8,
    colour: int = 2,
    interlaced: bool = False,
    extra: bytes = b"",
) -> bytes:
    """A PNG from filtered rows, for what Pillow reads but does not write. `extra` comes before the pixels."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + extra
        + png_chunk(b"IDAT", zlib.compress(rows))
        + png_chunk(b"IEND", b"")
    )


def png_of_16_bits(values: list, colour: int) -> bytes:
    """One row of pixels of one (0), two (4), three (2) or four (6) 16-bit values."""
    row = numpy.array([values], ">u2")
    return png(row.shape[1], 1, b"\0" + row.tobytes(), depth=16, colour=colour)


def png_interlaced(image: Image.Image) -> bytes:
    """An RGB picture in the seven passes of Adam7."""
    values = numpy.asarray(image)
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    rows = b""
    for left, top, across, down in passes:
        for row in values[top::down, left::across]:
            rows += b"\0" + row.tobytes() if row.size else b""
    return png(*image.size, rows, interlaced=True)


def gif(width: int, height: int, frame: tuple[int, int, int, int] | None = None) -> bytes:
    """A black GIF; `frame` is left, top, width, height of its picture within the screen."""
    pixel = b"\x2c" + struct.pack("<HHHHB", *(frame or (0, 0, width, height)), 0) + b"\x02\x02\x44\x01\0"
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff" + pixel + b"\x3b"


def bmp(width: int, height: int) -> bytes:
    """A BMP header that states a size, with next to no pixels after it."""
    return (
        b"BM"
        + struct.pack("<IHHI", 54 + 64, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 64, 0, 0, 0, 0)
        + bytes(64)
    )


def jpeg(width: int, height: int) -> bytes:
    """A JPEG whose header states another size than it has."""
    data = bytearray(save(scene(), "JPEG"))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def webp(width: int, height: int) -> bytes:
    """A lossless WebP whose header states another size than it has."""
    data = bytearray(save(scene(), "WEBP", lossless=True))
    start = data.index(b"VP8L") + 9
    bits = int.from_bytes(data[start : start + 4], "little") & ~0xFFFFFFF
    data[start : start + 4] = (bits | (width - 1) | (height - 1) << 14).to_bytes(4, "little")
    return bytes(data)


def tiff_with(tag: int, kind: int, count: int, value: int) -> bytes:
    """A sound TIFF whose last tag is another one, of any type, count and value."""
    data = bytearray(save(scene(), "TIFF", tiffinfo={65000: "x"}))
    start = struct.unpack("<I", data[4:8])[0]
    entries = struct.unpack("<H", data[start : start + 2])[0]
    last = start + 2 + 12 * (entries - 1)
    data[last : last + 12] = struct.pack("<HHII", tag, kind, count, value)
    return bytes(data)


@functools.cache
def still_files() -> dict[str, bytes]:
    """One whole file of each format, and of the ways in which each is commonly written."""
    picture = noise()
    return {
        "JPEG": save(picture, "JPEG", exif=exif(6), icc_profile=profile(), dpi=(300, 300)),
        "progressive JPEG": save(picture, "JPEG", progressive=True),
        "PNG": save(picture, "PNG", exif=exif(6), icc_profile=profile(), dpi=(300, 300)),
        "palette PNG": save(picture.quantize(16), "PNG", transparency=bytes(range(16))),
        "WebP": save(picture, "WEBP", exif=exif(6), icc_profile=profile()),
        "lossless WebP": save(picture, "WEBP", lossless=True),
        "GIF": save(picture, "GIF"),
        "TIFF": save(picture, "TIFF", icc_profile=profile(), dpi=(300, 300)),
        "LZW TIFF": save(picture, "TIFF", compression="tiff_lzw"),
        "deflate TIFF": save(picture, "TIFF", compression="tiff_adobe_deflate"),
        "JPEG TIFF": save(picture, "TIFF", compression="jpeg"),
        "fax TIFF": save(picture.convert("1"), "TIFF", compression="group4"),
        "BMP": save(picture, "BMP"),
        "palette BMP": save(picture.quantize(16), "BMP"),
    }


@functools.cache
def moving_files() -> dict[str, bytes]:
    """Animations of four frames."""
    frames = [noise(seed=seed) for seed in range(4)]
    return {
        "GIF": save(frames[0], "GIF", append_images=frames[1:], transparency=3, comment=b"three"),
        "WebP": save(frames[0], "WEBP", append_images=frames[1:], lossless=True),
        "PNG": save(frames[0], "PNG", append_images=frames[1:]),
    }


@functools.cache
def layered_files() -> dict[str, bytes]:
    """Files of several pictures that are no animation."""
    picture = noise()
    return {
        "phone JPEG": save(picture, "MPO", append_images=[noise(8, 6, seed=1)]),
        "scanned TIFF": save(picture, "TIFF", append_images=[noise(seed=1), noise(seed=2)]),
    }


def assert_plain(error: OffcutError) -> None:
    """A person reads the message: one to three sentences, no jargon of the libraries below."""
    message = str(error)
    assert re.fullmatch(r"[A-Z].*[.]", message), message
    assert len(re.findall(r"[.](?:\s|$)", message)) <= 3, message
    assert not re.search(r"PIL|Traceback|Exception|struct|buffer|None|<|>", message), message
