"""PNG files of pictures that are never whole in memory."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

ROWS = 256
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Strips:
    """A picture that is made as it is written, from top to bottom."""

    size: tuple[int, int]
    """Width and height in pixels."""

    mode: str
    """Pillow's: ``"RGBA"``, ``"RGB"`` or ``"L"``."""

    rows: Callable[[int, int], np.ndarray]
    """Gives the rows from one up to another, uint8 ``(rows, width)`` or ``(rows, width, channels)``."""

    def whole(self) -> Image.Image:
        """The picture after all, for formats that need it."""
        picture = Image.new(self.mode, self.size)
        for top, bottom in self._parts():
            picture.paste(Image.fromarray(self.rows(top, bottom), self.mode), (0, top))
        return picture

    def png(self, level: int, **metadata: Any) -> bytes:
        """The PNG file, with the very rows that Pillow writes for the whole picture.

        Args:
            level: of compression, 0 to 9.
            metadata: ``icc_profile`` and ``dpi`` as Pillow takes them.
        """
        width, height = self.size
        around = list(_chunks(_written(Image.new(self.mode, (width, 1)), metadata)))
        (_, header), *others = [chunk for chunk in around if chunk[0] not in (b"IDAT", b"IEND")]
        parts = [_SIGNATURE, _chunk(b"IHDR", struct.pack(">II", width, height) + header[8:])]
        parts += [_chunk(*chunk) for chunk in others]
        packer = zlib.compressobj(level, zlib.DEFLATED, 15, 9, zlib.Z_FILTERED)  # as Pillow does
        for top, bottom in self._parts():
            parts.append(_chunk(b"IDAT", packer.compress(self._filtered(top, bottom))))
        return b"".join([*parts, _chunk(b"IDAT", packer.flush()), _chunk(b"IEND", b"")])

    def _parts(self) -> Iterator[tuple[int, int]]:
        for top in range(0, self.size[1], ROWS):
            yield top, min(top + ROWS, self.size[1])

    def _filtered(self, top: int, bottom: int) -> memoryview:
        """Rows as PNG's filters (ISO/IEC 15948, 9) leave them, which look at the row above too."""
        above = min(top, 1)
        strip = Image.fromarray(self.rows(top - above, bottom), self.mode)
        stored = b"".join(body for kind, body in _chunks(_written(strip, {"compress_level": 0})) if kind == b"IDAT")
        rows = memoryview(zlib.decompress(stored))
        return rows[above * len(rows) // strip.height :]


def _chunks(file: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """Kind and contents of a PNG file's chunks."""
    at = len(_SIGNATURE)
    while at < len(file):
        length, kind = struct.unpack_from(">I4s", file, at)
        yield kind, memoryview(file)[at + 8 : at + 8 + length]
        at += length + 12


def _written(picture: Image.Image, options: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", **options)
    return buffer.getvalue()


def _chunk(kind: bytes, body: bytes | memoryview) -> bytes:
    return b"".join([struct.pack(">I", len(body)), kind, body, struct.pack(">I", zlib.crc32(body, zlib.crc32(kind)))])
