"""Encode a finished picture as a file. A new format is an entry in `FORMATS`."""

import io
from dataclasses import dataclass
from typing import Any

from PIL import Image

from offcut.codecs.png_writer import StripImage, strips_of
from offcut.errors import OptionError


@dataclass(frozen=True)
class Format:
    """A file format that can be saved."""

    title: str
    """The format's name as people write it, and Pillow's, which may have any case."""

    mime: str
    extension: str
    """The ending of a file's name, which is accepted as the format's name, too."""

    transparent: bool
    """Whether the format can hold an alpha channel."""

    lossy: bool
    max_side: int
    """Longest width or height, in pixels, that the format can hold."""

    options: dict[str, Any]
    """Arguments of Pillow's writer, and PNG's compression level."""


# PNG level 1 writes a 12 MP cutout in a third of level 6's time for a third more bytes (docs/decisions/0041).
FORMATS: dict[str, Format] = {
    "png": Format("PNG", "image/png", "png", True, False, 2**31 - 1, {"compress_level": 1}),
    "webp": Format("WebP", "image/webp", "webp", True, True, 16_383, {"method": 2, "exact": False}),
    "jpeg": Format("JPEG", "image/jpeg", "jpg", False, True, 65_500, {"optimize": False, "progressive": False}),
}


def format_named(name: str) -> Format:
    """Look up a format by its name or extension, in any case. Raises OptionError for an unknown one."""
    names = {alias: target for known, target in FORMATS.items() for alias in (known, target.extension)}
    try:
        return names[name.lower()]
    except (KeyError, AttributeError):
        raise OptionError(f"The format {name!r} is not known. Use one of: {', '.join(FORMATS)}.") from None


def transparent_formats() -> str:
    """Name the formats that can be transparent, for a message: ``"PNG or WebP"``."""
    *others, last = [target.title for target in FORMATS.values() if target.transparent]
    return f"{', '.join(others)} or {last}" if others else last


def check_side(size: tuple[int, int], target: Format) -> None:
    """Raise OptionError where a side of a picture, of that width and height, is too long for the format."""
    if max(size) > target.max_side:
        raise OptionError(
            f"{target.extension.upper()} pictures have at most {target.max_side} pixels a side, and this one has "
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
    """Encode a picture. A PNG is written strip by strip.

    Args:
        image: mode RGBA, RGB or L.
        target: the format.
        quality: 1 to 100, for lossy formats only.
        icc_profile: written for colour pictures, so that the cutout's colours look like the photo's.
        dpi: resolution in pixels per inch.

    Returns:
        The bytes of the file.

    Raises:
        OptionError: the picture has an alpha channel and the format has none, or a side is too long for the format.
    """
    check_side(image.size, target)
    if image.mode == "RGBA" and not target.transparent:
        raise OptionError(
            f"{target.extension.upper()} cannot be transparent. Choose {transparent_formats()}, or give a background."
        )
    options = dict(target.options)
    if target.lossy:
        options["quality"] = quality
    # Also given as None: otherwise Pillow would write a profile from the picture's `info`.
    options["icc_profile"] = icc_profile if image.mode != "L" else None
    if dpi:
        options["dpi"] = dpi
    if target.title == "PNG":
        strips = image if isinstance(image, StripImage) else strips_of(image)
        return strips.png(options.pop("compress_level"), **options)
    if isinstance(image, StripImage):
        image = image.whole()
    buffer = io.BytesIO()
    image.save(buffer, target.title, **options)
    return buffer.getvalue()
