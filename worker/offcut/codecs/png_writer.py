"""Write PNG files of images that are never whole in memory."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from offcut.arrays import PixelsU8

ROWS = 256
"""Rows that are computed and compressed at a time."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class StripImage:
    """An image that is computed while it is written, from top to bottom."""

    size: tuple[int, int]
    """Width and height in pixels."""

    mode: str
    """Pillow's: ``"RGBA"``, ``"RGB"`` or ``"L"``."""

    rows: Callable[[int, int], PixelsU8]
    """Returns the rows from one up to another, uint8 ``(rows, width)`` or ``(rows, width, channels)``."""

    def whole(self) -> Image.Image:
        """Return the whole image, for formats that need it at once."""
        picture = Image.new(self.mode, self.size)
        for top, bottom in self._parts():
            picture.paste(Image.fromarray(self.rows(top, bottom), self.mode), (0, top))
        return picture

    def png(self, level: int, **metadata: Any) -> bytes:
        """Return the bytes of a PNG file.

        Each row is stored as its difference from the one above, PNG's filter "up" (ISO/IEC 15948, 9). Pillow tries
        all five filters on each row, which takes longer than the compression and does not make photos smaller. Only
        runs of one byte are looked for (zlib's strategy `Z_RLE`): photos have hardly any other repetitions, and
        short ones make the file larger (docs/decisions/0105).

        Args:
            level: of the compression, 0 to 9.
            metadata: ``icc_profile`` and ``dpi`` as Pillow takes them.
        """
        width, height = self.size
        empty = list(_chunks(_written(Image.new(self.mode, (width, 1)), metadata)))
        (_, header), *others = [chunk for chunk in empty if chunk[0] not in (b"IDAT", b"IEND")]
        parts = [_SIGNATURE, _chunk(b"IHDR", struct.pack(">II", width, height) + header[8:])]
        parts += [_chunk(*chunk) for chunk in others]
        packer = zlib.compressobj(level, zlib.DEFLATED, 15, 9, zlib.Z_RLE)
        above = np.zeros(width * len(self.mode), np.uint8)
        for top, bottom in self._parts():
            rows = self.rows(top, bottom).reshape(bottom - top, -1)
            parts.append(_chunk(b"IDAT", packer.compress(_filter_up(above, rows).data)))
            above = rows[-1]
        return b"".join([*parts, _chunk(b"IDAT", packer.flush()), _chunk(b"IEND", b"")])

    def _parts(self) -> Iterator[tuple[int, int]]:
        for top in range(0, self.size[1], ROWS):
            yield top, min(top + ROWS, self.size[1])


def strips_of(picture: Image.Image) -> StripImage:
    """Wrap an image that is in memory as a whole, of mode RGBA, RGB or L."""

    def rows(top: int, bottom: int) -> PixelsU8:
        return np.asarray(picture.crop((0, top, picture.width, bottom)))

    return StripImage(picture.size, picture.mode, rows)


def _filter_up(above: PixelsU8, rows: PixelsU8) -> PixelsU8:
    """Apply PNG's filter "up" to rows of bytes.

    Args:
        above: the row before the first, uint8 ``(bytes,)``.
        rows: uint8 ``(rows, bytes)``.

    Returns:
        uint8 ``(rows, 1 + bytes)``: each row begins with the filter's number.
    """
    result = np.empty((rows.shape[0], rows.shape[1] + 1), np.uint8)
    result[:, 0] = 2
    np.subtract(rows[0], above, out=result[0, 1:])
    np.subtract(rows[1:], rows[:-1], out=result[1:, 1:])
    return result


def _chunks(file: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """Yield type and contents of a PNG file's chunks."""
    at = len(_SIGNATURE)
    while at < len(file):
        length, kind = struct.unpack_from(">I4s", file, at)
        yield kind, memoryview(file)[at + 8 : at + 8 + length]
        at += length + 12


def _written(picture: Image.Image, options: dict[str, Any]) -> bytes:
    """The bytes of a PNG file that Pillow writes."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", **options)
    return buffer.getvalue()


def _chunk(kind: bytes, body: bytes | memoryview) -> bytes:
    """The bytes of a chunk: length, type, contents and checksum."""
    return b"".join([struct.pack(">I", len(body)), kind, body, struct.pack(">I", zlib.crc32(body, zlib.crc32(kind)))])
