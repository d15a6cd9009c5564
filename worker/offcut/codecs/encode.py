"""Encode a finished picture as a file. A new format is an entry in `FORMATS` and in `protocol.formats`."""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import ExifTags, Image

from offcut.arrays import PixelsU8
from offcut.codecs.png_writer import StripImage, strips_of
from offcut.codecs.tiff_writer import write_tiff
from offcut.errors import OptionError
from offcut.protocol.formats import FILE_TYPES

OPAQUE_COLOUR = (255, 255, 255)
"""What shows through where a picture is transparent and its format cannot be: the paper that people expect."""

FULL_COLOUR_QUALITY = 90
"""From this quality on JPEG and AVIF store colour for every pixel (4:4:4); below, for every fourth (4:2:0), as is
usual."""


@dataclass(frozen=True)
class Format:
    """A file format that can be saved."""

    title: str
    """The format's name as people write it, and Pillow's, which may have any case."""

    mime: str
    extension: str
    """The ending of a file's name, which is accepted as the format's name, too."""

    transparent: bool
    """Whether the format can hold an alpha channel. Otherwise `OPAQUE_COLOUR` takes its place."""

    lossy: bool
    max_side: int
    """Longest width or height, in pixels, that the format can hold."""

    options: dict[str, Any]
    """Arguments of Pillow's writer, or compression levels."""


def _format(name: str, mime: str, max_side: int, **options: Any) -> Format:
    kind = FILE_TYPES[name]
    return Format(kind.title, mime, kind.extension, kind.transparent, kind.lossy, max_side, options)


# PNG level 1 writes a 12 MP cutout in a third of level 6's time for a third more bytes (docs/decisions/0041).
FORMATS: dict[str, Format] = {
    "png": _format("png", "image/png", 2**31 - 1, compress_level=1),
    "webp": _format("webp", "image/webp", 16_383, method=2, exact=True),
    "jpeg": _format("jpeg", "image/jpeg", 65_500, optimize=False, progressive=False),
    # Speed 8 takes a fifth of the default's time. The longest side is the longest that libavif reads
    # (docs/decisions/0110).
    "avif": _format("avif", "image/avif", 32_768, speed=8, advanced={"alpha:lossless": "1"}),
    "tiff": _format("tiff", "image/tiff", 2**31 - 1, level=1),
}


def format_named(name: str) -> Format:
    """Look up a format by its name or extension, in any case. Raises OptionError for an unknown one."""
    names = {alias: target for known, target in FORMATS.items() for alias in (known, target.extension)}
    try:
        return names[name.lower()]
    except (KeyError, AttributeError):
        raise OptionError(f"The format {name!r} is not known. Use one of: {', '.join(FORMATS)}.") from None


def check_side(size: tuple[int, int], target: Format) -> None:
    """Raise OptionError where a side of a picture, of that width and height, is too long for the format."""
    if max(size) > target.max_side:
        raise OptionError(
            f"{target.title} pictures have at most {target.max_side} pixels a side, and this one has "
            f"{max(size)}. Save it as PNG."
        )


def encode(
    image: Image.Image | StripImage,
    target: Format,
    *,
    quality: int = 90,
    icc_profile: bytes | None = None,
    dpi: tuple[float, float] | None = None,
) -> bytes:
    """Encode a picture. PNG and TIFF are written strip by strip.

    Args:
        image: mode RGBA, RGB or L. In a format without transparency it is laid on `OPAQUE_COLOUR`.
        target: the format.
        quality: 1 to 100, for lossy formats only.
        icc_profile: written for colour pictures, so that the cutout's colours look like the photo's.
        dpi: resolution in pixels per inch.

    Returns:
        The bytes of the file.

    Raises:
        OptionError: a side is too long for the format, or Pillow cannot write it.
    """
    check_side(image.size, target)
    if image.mode == "RGBA" and not target.transparent:
        image = _opaque(image)
    options = dict(target.options)
    if target.lossy:
        options["quality"] = quality
    if target.title in ("JPEG", "AVIF"):
        options["subsampling"] = "4:4:4" if quality >= FULL_COLOUR_QUALITY else "4:2:0"
    # Also given as None: otherwise Pillow would write a profile from the picture's `info`.
    options["icc_profile"] = icc_profile if image.mode != "L" else None
    if dpi and target.title in ("WebP", "AVIF"):  # whose only place for it is EXIF
        options["exif"] = resolution_exif(dpi)
    elif dpi:
        options["dpi"] = dpi
    if target.title == "PNG":
        strips = image if isinstance(image, StripImage) else strips_of(image)
        return strips.png(options.pop("compress_level"), **options)
    if target.title == "TIFF":
        return write_tiff(image if isinstance(image, StripImage) else strips_of(image), **options)
    if isinstance(image, StripImage):
        image = image.whole()
    buffer = io.BytesIO()
    try:
        image.save(buffer, target.title, **options)
    except KeyError as error:  # Pillow knows no writer of that name
        raise OptionError(f"This Pillow cannot write {target.title}. Pillow 11.3 and later can.") from error
    return buffer.getvalue()


def encode_within(
    image: Image.Image | StripImage,
    target: Format,
    max_bytes: int,
    *,
    quality: int = 90,
    icc_profile: bytes | None = None,
    dpi: tuple[float, float] | None = None,
) -> bytes:
    """Encode a picture into at most so many bytes, with the best quality that allows it.

    Args:
        image: as for `encode`.
        target: as for `encode`.
        max_bytes: the largest size of the file.
        quality: the best that is tried, 1 to 100.
        icc_profile: as for `encode`.
        dpi: as for `encode`.

    Raises:
        OptionError: the file is larger even at the lowest quality, or the format is lossless; or a side is too long.
    """
    data = encode(image, target, quality=quality, icc_profile=icc_profile, dpi=dpi)
    if len(data) <= max_bytes:
        return data
    if not target.lossy:
        raise OptionError(
            f"This {target.title} file has {_kilobytes(len(data))} kB, and at most {_kilobytes(max_bytes)} kB are "
            "allowed. Save it as WebP or JPEG, or smaller."
        )
    if isinstance(image, StripImage):  # it is encoded several times
        image = image.whole()
    low, high, best = 1, quality - 1, None
    while low <= high:
        middle = (low + high) // 2
        data = encode(image, target, quality=middle, icc_profile=icc_profile, dpi=dpi)
        if len(data) <= max_bytes:
            best, low = data, middle + 1
        else:
            high = middle - 1
    if best is None:
        raise OptionError(
            f"Even at the lowest quality this {target.title} file has more than {_kilobytes(max_bytes)} kB. "
            "Save a smaller picture, or allow more."
        )
    return best


def _kilobytes(count: int) -> int:
    return -(-count // 1000)


def _opaque(image: Image.Image | StripImage) -> StripImage:
    """Lay a picture, mode RGBA, on `OPAQUE_COLOUR`: mode RGB."""
    strips = image if isinstance(image, StripImage) else strips_of(image)

    def rows(top: int, bottom: int) -> PixelsU8:
        part = Image.fromarray(strips.rows(top, bottom), "RGBA")
        paper = Image.new("RGB", part.size, OPAQUE_COLOUR)
        paper.paste(part, mask=part.getchannel("A"))
        return np.asarray(paper)

    return StripImage(strips.size, "RGB", rows)


def resolution_exif(dpi: tuple[float, float]) -> bytes:
    """An EXIF block with nothing but the resolution (EXIF 2.32, 4.6.4 A)."""
    exif = Image.Exif()
    exif[ExifTags.Base.XResolution], exif[ExifTags.Base.YResolution] = dpi
    exif[ExifTags.Base.ResolutionUnit] = 2  # inches
    return exif.tobytes()
