"""Why a file cannot be opened, in sentences that say what it is and what to do."""

from offcut.codecs.boxes import length_of_boxes
from offcut.codecs.sniff import format_of, other_kind_of, rare_jpeg
from offcut.errors import NotAnImageError, OffcutError, TruncatedImageError

FORMATS = "JPEG, PNG, WebP, GIF, TIFF or BMP"

# The page has the same texts in every language, by these names.
_SENTENCES = {
    "heic": (
        "This is a HEIC photo, which cannot be opened here. Save it as JPEG, or for new photos choose "
        "Settings, Camera, Formats, Most Compatible on the iPhone."
    ),
    "avif": "This is an AVIF photo, which cannot be opened here. Save it as JPEG or PNG, or try a newer browser.",
    "drawing": "This SVG drawing cannot be opened here. Save it as PNG and try again.",
    "page": "This is a web page, not a photo. Open it in the browser and save the picture that it shows.",
    "pdf": "This is a PDF document. Save the picture in it as JPEG or PNG and try again.",
    "raw": "This is a raw file of a camera. Open it in a program for raw photos and save it as JPEG or TIFF.",
    "video": "This is a video. Save one of its frames as JPEG or PNG and try again.",
    "sound": "This is a sound file, not a photo. Choose a " + FORMATS + ".",
    "archive": "This is an archive or a document, not a photo. Unpack it and choose a picture that was in it.",
    "icon": "This is an icon. Save it as PNG and try again.",
}


REASONS = (*_SENTENCES, "kind")
"""Reasons of NotAnImageError; `rare_kind` has the last one."""

EARLY = "early"
"""Reason of TruncatedImageError where a file ends early, and nothing else is wrong with it."""


def not_readable(data: bytes) -> OffcutError:
    """Return the error for a file of no format that is read here, or that is perhaps read by the browser."""
    kind = format_of(data) if format_of(data) in ("AVIF", "HEIC") else other_kind_of(data)
    if kind in ("AVIF", "HEIC") and (stated := length_of_boxes(data)) > len(data):
        return ends_early(kind, len(data) / stated)
    if kind is None:
        return NotAnImageError(f"This file is not an image that can be opened here. Choose a {FORMATS}.")
    if kind.lower() in _SENTENCES:
        return refusal_of(kind.lower())
    article = "an" if kind[0] in "AEO" or kind in ("SGI", "XBM", "XPM", "MNG") else "a"
    return rare_kind(f"{article} {kind} file", kind)


def refusal_of(reason: str) -> NotAnImageError:
    """Return the error for a reason of `REASONS` but the last."""
    return NotAnImageError(_SENTENCES[reason], reason)


def rare_kind(what: str, kind: str, save_as: str = "JPEG or PNG") -> NotAnImageError:
    """Return the error for a whole file of a kind that is not read here.

    Args:
        what: the kind with an article, for the English sentence: ``"a 12-bit JPEG"``.
        kind: its name in every language: ``"12-bit JPEG"``.
        save_as: what to save it as instead.
    """
    return NotAnImageError(
        f"This is {what}, which cannot be opened here. Save it as {save_as} and try again.", "kind", kind
    )


def unreadable(data: bytes) -> OffcutError:
    """Return the error for a file of a format that is read here, which nevertheless could not be read."""
    known = format_of(data)
    if known == "JPEG" and (kind := rare_jpeg(data)):
        return rare_kind(f"a {kind}", kind, "PNG")
    if known == "PNG" and data[12:16] == b"CgBI":
        return rare_kind("a PNG of an iPhone app", "CgBI PNG")
    return damaged(known)


def damaged(format: str | None) -> TruncatedImageError:
    """Return the error for a file of that format that cannot be read, for no reason that is known."""
    return TruncatedImageError(
        f"This {format or 'image'} file cannot be read: it is damaged, ends early, or is of a rare kind. "
        "Try another copy of it, or save it as PNG."
    )


def ends_early(format: str, share: float | None = None) -> TruncatedImageError:
    """Return the error for a file of which only that share, 0 to 1, is there; None where it is not known."""
    there = "" if share is None else f": only about {min(99, share * 100):.0f} % of it is there"
    return TruncatedImageError(f"This {format} file ends early{there}. Try another copy of it.", EARLY, format)
