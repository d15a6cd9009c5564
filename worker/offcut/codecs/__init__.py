"""Bytes to a photo and back: every file format that Offcut reads or writes."""

from .decode import MAX_PIXELS, decode
from .encode import FORMATS, Format, encode
from .photo import Photo

__all__ = ["FORMATS", "MAX_PIXELS", "Format", "Photo", "decode", "encode"]
