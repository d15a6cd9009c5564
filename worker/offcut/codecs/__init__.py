"""Codecs: from the bytes of an image file to a photo and back, for every format that Offcut reads or writes."""

from offcut.codecs.decode import decode
from offcut.codecs.encode import FORMATS, Format, encode
from offcut.codecs.photo import Photo

__all__ = ["FORMATS", "Format", "Photo", "decode", "encode"]
