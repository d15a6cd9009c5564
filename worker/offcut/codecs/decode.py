"""Decode an image file to an upright RGB photo, or refuse it with the reason."""

import io
import warnings

from PIL import Image, ImageChops, UnidentifiedImageError

from offcut.codecs.bounds import bounded
from offcut.codecs.deep_png import in_srgb
from offcut.codecs.downscale import within
from offcut.codecs.metadata import clear_colour, finished, only_within, resolution_of
from offcut.codecs.orientation import load_upright, side_of_last_row, upright_size
from offcut.codecs.photo import INCOMPLETE, Photo
from offcut.codecs.refusals import EARLY, damaged, ends_early, not_readable, unreadable
from offcut.codecs.repair import LEAST_SHARE, UNWRITTEN, Mended, cut_short, doubt, mend
from offcut.codecs.sniff import claims_no_size, format_of, without_prefix
from offcut.codecs.stated_colours import embedded_profile
from offcut.codecs.tiff import first_picture, is_deep, lacks_strips, read_tiff, size_of
from offcut.errors import (
    EmptyFileError,
    OffcutError,
    OutOfMemoryError,
    TruncatedImageError,
    ZeroSizedImageError,
)
from offcut.memory_budget import WHOLE, Budget

# Only these: Pillow would start other programs for some formats (EPS), and read any text as some others (XBM, XPM).
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF")

# Not MPO, which is a photo of a phone followed by a preview, and not TIFF, whose other pages are not frames.
_ANIMATED = ("GIF", "PNG", "WEBP", "AVIF")

# Pillow's own limit against decompression bombs is off: `Budget.plan` raises a clearer error.
Image.MAX_IMAGE_PIXELS = None


def decode(data: bytes, budget: Budget = WHOLE) -> Photo:
    """Decode an image file.

    The picture is turned as browsers turn it (`orientation`). Grey, palette, CMYK, 16-bit and floating-point pictures
    become 8-bit RGB, by their profiles (`colours`). Of an animation the first frame is read, and the notice
    ``"animated"`` is set. Files that are nearly whole are mended (`repair`); where some rows are missing, they are grey
    and the notice ``"incomplete"`` is set. Nothing is left of colours under alpha 0 (`transparency`).

    Args:
        data: the bytes of the file.
        budget: decides by the header in what size it is opened (`offcut.memory_budget`); a photo that is made smaller
            has the notice ``"reduced"``.

    Raises:
        EmptyFileError, NotAnImageError, TruncatedImageError, ZeroSizedImageError, ImageTooLargeError, OutOfMemoryError
    """
    if not data:
        raise EmptyFileError("This file is empty. Choose the photo again, or another copy of it.")
    try:
        return within(_decode_bounded(without_prefix(data), budget), budget)
    except OffcutError:
        raise
    except MemoryError as error:
        raise OutOfMemoryError("This device has not enough memory to open this photo. Close other tabs.") from error
    except Exception as error:  # what the bytes are must not matter to whoever calls this
        raise damaged(format_of(data)) from error


def _decode_bounded(data: bytes, budget: Budget) -> Photo:
    """Decode a file, mended where that helps. Raises what `decode` does."""
    if claims_no_size(data):
        raise ZeroSizedImageError("This image has a width or height of zero, so there is nothing to cut out.")
    data = bounded(first_picture(data) if format_of(data) == "TIFF" else data)
    # Pillow's warnings are of no use to a person: a file is either read or refused.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            photo = _decode(data, budget)
        except TruncatedImageError as error:
            return _decode_in_part(data, budget, error)
        doubted = doubt(data, budget.most) if _may_lack_rows(photo, data) else None
        return _decode_mended(doubted, budget, photo if doubted.probe else None) if doubted else photo


def _decode(data: bytes, budget: Budget) -> Photo:
    """Decode a file that is whole. Raises what `decode` does."""
    if format_of(data) == "TIFF" and (is_deep(data) or lacks_strips(data)):
        return _read_tiff(data, budget)
    try:
        source = _open(data)
    except TruncatedImageError:
        if format_of(data) != "TIFF":
            raise
        return _read_tiff(data, budget)
    stored, original, is_jpeg = source.size, upright_size(source), source.format in ("JPEG", "MPO")
    plan = budget.plan(original)
    if is_jpeg and plan.is_reduced:  # it is decoded at a half, a quarter or an eighth where that is enough
        source.draft(None, plan.opened if original == stored else plan.opened[::-1])
    try:
        photo = _read(source, data)
        photo.original = None if source.size == stored else original
        return photo
    except MemoryError as error:
        raise OutOfMemoryError(
            f"This device has not enough memory to open a photo of {source.width} × {source.height} pixels. "
            "Close other tabs or make the photo smaller."
        ) from error
    except Exception as error:  # Pillow's decoders raise OSError, SyntaxError, ValueError, struct.error and more
        if source.format != "TIFF":
            raise unreadable(data) from error
    return _read_tiff(data, budget)


def _read_tiff(data: bytes, budget: Budget) -> Photo:
    """Decode a TIFF that Pillow cannot read. Raises what `decode` does."""
    try:
        budget.plan(size_of(data))
        found = read_tiff(data)
    except MemoryError as error:
        raise OutOfMemoryError("This device has not enough memory to open this photo. Close other tabs.") from error
    except OffcutError:
        raise
    except Exception as error:
        raise damaged("TIFF") from error
    photo = finished(found.image, data, resolution_of(found.image), found.alpha)
    if found.share < 1:
        photo.notices.append(INCOMPLETE)
    return photo


def _decode_in_part(data: bytes, budget: Budget, error: TruncatedImageError) -> Photo:
    """Decode what is there of a file that cannot be read as it is. Raises `error`, or what `decode` does."""
    early = error if error.reason == EARLY else cut_short(data) or error
    mended = mend(data, budget.most)
    if mended is None:
        raise early
    try:
        return _decode_mended(mended, budget)
    except TruncatedImageError as still:
        raise still if still.reason == EARLY else early from error


def _decode_mended(mended: Mended, budget: Budget, photo: Photo | None = None) -> Photo:
    """Decode a file that was mended, and tell whether something of it is missing. Raises what `decode` does.

    Args:
        mended: the file.
        budget: as for `decode`.
        photo: what was decoded of `mended.data`, where it was already. It is a whole file then, and not refused.
    """
    is_whole = photo is not None
    share = mended.share
    if mended.probe is None and share < LEAST_SHARE:
        raise ends_early(format_of(mended.data) or "image", share)
    photo = photo or _decode(mended.data, budget)
    if mended.probe is not None:
        try:
            probe = _decode(mended.probe, budget)
            share = max(_share_alike(photo, probe, side_of_last_row(_open(mended.data))), mended.share)
        except TruncatedImageError:
            if not is_whole:
                raise
            share = 1  # the zeros at its end are data: with other bytes instead it cannot be decoded
    if share < LEAST_SHARE and not is_whole:
        raise ends_early(format_of(mended.data) or "image", share)
    if share < 1:
        photo.notices.append(INCOMPLETE)
    return photo


def _may_lack_rows(photo: Photo, data: bytes) -> bool:
    """Whether a side of a photo, or a corner, looks as decoders make what is missing.

    A JPEG's missing rows are a flat grey, neither black nor white. A PNG's are black, transparent, or the first colour
    of its palette. Where a file ends with zeros they may look like anything.
    """
    if format_of(data) in ("PNG", "WebP") and data[-UNWRITTEN:] == bytes(UNWRITTEN):
        return True
    image, side = photo.image, min(8, *photo.size)
    if format_of(data) == "PNG":
        boxes = [(0, 0, image.width, 1), (0, image.height - 1, *image.size)]
        boxes += [(0, 0, 1, image.height), (image.width - 1, 0, *image.size)]
        pictures = [image.crop(box) if photo.alpha is None else photo.alpha.crop(box) for box in boxes]
        if data[25:26] == b"\3" and photo.alpha is None:
            return any(all(low == high for low, high in _ranges(picture)) for picture in pictures)
        return any(max(high for _, high in _ranges(picture)) == 0 for picture in pictures)
    if format_of(data) != "JPEG":
        return False
    for left in (0, image.width - side):
        for top in (0, image.height - side):
            ranges = _ranges(image.crop((left, top, left + side, top + side)))
            low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
            if all(least == most for least, most in ranges) and low > 20 and high < min(235, low + 40):
                return True
    return False


def _ranges(image: Image.Image) -> list[tuple[int, int]]:
    """The least and the highest value of each channel."""
    return [channel.getextrema() for channel in image.split()]  # type: ignore[misc]


def _share_alike(one: Photo, other: Photo, side: str) -> float:
    """Return which part of two photos of one size is the same, 0 to 1: up to the rows that are missing.

    Args:
        one: upright.
        other: upright.
        side: where the last rows of the file are in them.
    """
    apart = ImageChops.difference(one.image, other.image)
    for photo in (one, other):
        if (
            photo.alpha is not None
        ):  # what lies under alpha 0 has the mean of the visible colours, also of those missing
            apart.paste(0, mask=photo.alpha.point([255] + [0] * 255))
    box = apart.getbbox()
    if box is None:
        return 1.0
    left, top, right, bottom = box
    width, height = one.size
    return {"bottom": top / height, "top": 1 - bottom / height, "right": left / width, "left": 1 - right / width}[side]


def _open(data: bytes) -> Image.Image:
    """Read the header of a file. Raises what `decode` does."""
    claimed = format_of(data)
    try:
        return Image.open(io.BytesIO(data), formats=_FORMATS)
    except MemoryError as error:
        raise OutOfMemoryError("This device has not enough memory to open this photo. Close other tabs.") from error
    except UnidentifiedImageError as error:
        raise (not_readable if claimed in (None, "AVIF", "HEIC") else unreadable)(data) from error
    except Exception as error:  # a decoder that fails on a damaged header of its own format
        raise unreadable(data) from error


def _read(source: Image.Image, data: bytes) -> Photo:
    """Read the pixels and the metadata that is kept."""
    deep = in_srgb(source, data) if source.format == "PNG" and data[24:25] == b"\x10" else None
    if deep is not None:
        photo = _read(deep, b"")
        photo.notices += ["animated"] * _is_animated(source, data)
        return photo
    if source.format == "PNG" and "transparency" in source.info and len(data) > 25:
        source.info["transparency"] = clear_colour(source.info["transparency"], data[24], data[25])
    if source.format == "BMP" and (profile := embedded_profile(data)):
        source.info["icc_profile"] = profile
    tiles = getattr(source, "tile", None) if source.format == "GIF" else None
    frame = tiles[0][1] if tiles else None
    turned, is_sideways = load_upright(source)
    dpi = resolution_of(source)
    if is_sideways and dpi:
        dpi = dpi[::-1]
    photo = finished(turned, data, dpi, None if frame is None else only_within(frame, source.size))
    if _is_animated(source, data):
        photo.notices.insert(0, "animated")
    return photo


def _is_animated(source: Image.Image, data: bytes) -> bool:
    """Whether the file has more than one frame."""
    if source.format not in _ANIMATED:
        return False
    try:
        # A GIF finds a second frame only by moving on from the first, so another copy of it is opened.
        frames = Image.open(io.BytesIO(data), formats=("GIF",)) if source.format == "GIF" else source
        return bool(getattr(frames, "is_animated", False))
    except Exception:  # the first frame is not refused for a broken second one
        return True
