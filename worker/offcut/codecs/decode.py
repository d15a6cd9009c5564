"""From the bytes of a file to an upright RGB photo, or a refusal that says why."""

import io
import struct
import warnings

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from ..errors import (
    EmptyFileError,
    ImageTooLargeError,
    NotAnImageError,
    OutOfMemoryError,
    TruncatedImageError,
    ZeroSizedImageError,
)
from .photo import Photo
from .sniff import claims_no_size, format_of

MAX_PIXELS = 100_000_000
"""Largest photo accepted, in pixels. At four bytes a pixel a photo, its mask, its cutout and the file being written
stay below 2 GB, half of what WebAssembly's 32-bit memory can address."""

# Pillow's own guard against decompression bombs would warn below and raise above our limit; ours is the clearer one.
Image.MAX_IMAGE_PIXELS = None

_TRANSPARENT_MODES = {"RGBA", "LA", "PA", "RGBa", "La"}


def decode(data: bytes, *, max_pixels: int = MAX_PIXELS) -> Photo:
    """Decode an image file.

    Orientation is applied. Grey, palette, CMYK, 16-bit and floating-point pictures become 8-bit RGB. Of an animation the
    first frame is taken and the notice ``"animated"`` is set.

    Raises:
        EmptyFileError, NotAnImageError, TruncatedImageError, ZeroSizedImageError, ImageTooLargeError, OutOfMemoryError
    """
    if not data:
        raise EmptyFileError("This file is empty. Choose the photo again, or another copy of it.")
    if claims_no_size(data):
        raise ZeroSizedImageError("This image has a width or height of zero, so there is nothing to cut out.")
    source = _open(data)
    check_size(source.size, max_pixels)
    notices = ["animated"] if getattr(source, "n_frames", 1) > 1 and getattr(source, "is_animated", False) else []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            source.load()
            _turn_upright(source)
            image, alpha = _to_rgb(source)
    except MemoryError as error:
        raise OutOfMemoryError(
            f"This device has not enough memory to open a photo of {source.width} × {source.height} pixels. "
            "Close other tabs or make the photo smaller."
        ) from error
    except Exception as error:  # Pillow's decoders raise OSError, SyntaxError, ValueError, struct.error and more
        raise TruncatedImageError(
            f"This {format_of(data) or source.format} file is damaged or ends early. Try another copy of it."
        ) from error
    return Photo(
        image=image,
        alpha=alpha,
        icc_profile=_rgb_profile(source),
        dpi=_resolution(source),
        notices=notices,
    )


def _open(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data))
    except UnidentifiedImageError as error:
        claimed = format_of(data)
        if claimed in ("HEIC", "AVIF"):
            raise NotAnImageError(
                f"{claimed} photos cannot be opened here. Save the photo as JPEG or PNG and try again."
            ) from error
        if claimed:
            raise TruncatedImageError(
                f"This {claimed} file is damaged or ends early. Try another copy of it."
            ) from error
        raise NotAnImageError(
            "This file is not an image that can be opened here. Choose a JPEG, PNG, WebP, GIF, TIFF or BMP."
        ) from error
    except Exception as error:
        raise TruncatedImageError(
            f"This {format_of(data) or 'image'} file is damaged. Try another copy of it."
        ) from error


def check_size(size: tuple[int, int], max_pixels: int = MAX_PIXELS) -> None:
    """Raise ImageTooLargeError where width times height is more than `max_pixels`."""
    width, height = size
    if width * height > max_pixels:
        raise ImageTooLargeError(
            f"This photo has {width} × {height} = {width * height / 1e6:.0f} million pixels; "
            f"at most {max_pixels / 1e6:.0f} million can be opened here. Make it smaller and try again."
        )


def _turn_upright(image: Image.Image) -> None:
    """Apply the EXIF orientation in place. A photo whose EXIF block is broken is taken as it lies."""
    try:
        ImageOps.exif_transpose(image, in_place=True)
    except (SyntaxError, ValueError, KeyError, TypeError, OSError, struct.error):
        pass


def _to_rgb(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Split any Pillow mode into RGB and, where some pixel is not opaque, an L alpha."""
    if image.mode == "RGB" and "transparency" not in image.info:
        return image, None
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _eight_bit(image).convert("RGB"), None
    if image.mode in _TRANSPARENT_MODES or "transparency" in image.info:
        rgba = image.convert("RGBA")
        alpha = rgba.getchannel("A")
        return rgba.convert("RGB"), None if alpha.getextrema()[0] == 255 else alpha
    return image.convert("RGB"), None


def _eight_bit(image: Image.Image) -> Image.Image:
    """Grey pictures of more than 8 bits to mode L. Pillow's own conversion clips at 255 instead of scaling."""
    values = np.asarray(image).astype(np.float32)
    if image.mode == "F" and values.size and np.nanmax(values) <= 1.0:
        full = 1.0
    elif values.size and np.nanmax(values) <= 255 and not image.mode.startswith("I;16"):
        full = 255.0
    else:
        full = 65535.0
    return Image.fromarray(np.clip(np.nan_to_num(values) * (255.0 / full) + 0.5, 0, 255).astype(np.uint8), "L")


def _rgb_profile(source: Image.Image) -> bytes | None:
    """The embedded ICC profile where its colour space (bytes 16 to 20 of the header, ICC.1 7.2.6) is RGB."""
    profile = source.info.get("icc_profile")
    return profile if profile and profile[16:20] == b"RGB " else None


def _resolution(source: Image.Image) -> tuple[float, float] | None:
    try:
        x, y = (float(value) for value in source.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return (x, y) if 1 <= x <= 65535 and 1 <= y <= 65535 else None
