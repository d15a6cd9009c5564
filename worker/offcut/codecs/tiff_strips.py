"""Decompressing the strips and tiles of a TIFF, as far as they are there.

Pillow, with libtiff below it, decompresses what has to be fast. It gives nothing at all of a strip that is cut short,
so it is asked for fewer rows.
"""

import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image, ImageChops

from offcut.codecs.repair import inflated, mend
from offcut.codecs.tiff_page import (
    BITS,
    COLOURS,
    COMPRESSION,
    FAX_3,
    FAX_4,
    HEIGHT,
    JPEG_TABLES,
    PACKINGS,
    SAMPLES,
    STRIP_BYTES,
    STRIP_ROWS,
    STRIPS,
    WIDTH,
    Page,
)

_REVERSED_BITS = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))


def unpacked(packed: bytes, page: Page, rows: int, line: int, *, is_cut: bool) -> bytes:
    """Decompress a strip or tile as far as it goes.

    Args:
        packed: what the file has of it.
        page: the layout.
        rows: of the strip or tile.
        line: bytes of a row.
        is_cut: whether the file ends before it does.

    Returns:
        At most `rows` × `line` bytes.
    """
    kind = PACKINGS[page.packing]
    if page.has_low_bits_first and kind != "JPEG":
        packed = packed.translate(_REVERSED_BITS)
    match kind:
        case "none":
            result = packed
        case "deflate":
            try:
                result = zlib.decompressobj().decompress(packed, rows * line)
            except zlib.error:  # what comes before a damaged place is kept
                result = inflated(packed, rows * line)[0]
        case "JPEG":
            result = _of_jpeg(packed, page, rows, line)
        case "fax":
            result = _of_fax(packed, page, rows, line) if is_cut else _by_pillow(packed, page, rows, line)
        case _:
            result = _rows_there(lambda count: _by_pillow(packed, page, count, line), rows)
    return result[: rows * line]


def _rows_there(decode: Callable[[int], bytes], rows: int) -> bytes:
    """Return as many rows as can be decoded; `decode` returns that many, or nothing where they are not all there."""
    best = decode(rows)
    if best:
        return best
    least, most = 0, rows  # `least` can be decoded, `most` cannot
    while most - least > 1:
        middle = (least + most) // 2
        if found := decode(middle):
            best, least = found, middle
        else:
            most = middle
    return best


def _by_pillow(packed: bytes, page: Page, rows: int, line: int) -> bytes:
    """Return the rows, decompressed as those of a grey picture, whatever they mean; nothing where they are damaged."""
    if not packed:
        return b""
    is_fax = PACKINGS[page.packing] == "fax"
    entries = [
        (WIDTH, 4, page.block[0] if is_fax else line),
        (HEIGHT, 4, rows),
        (BITS, 3, 1 if is_fax else 8),
        (COMPRESSION, 3, page.packing),
        (COLOURS, 3, 1),
        (STRIPS, 4, 8),
        (SAMPLES, 3, 1),
        (STRIP_ROWS, 4, rows),
        (STRIP_BYTES, 4, len(packed)),
        *((tag, 4, page.tags.first(tag)) for tag in (FAX_3, FAX_4) if tag in page.tags),
    ]
    described = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    file = b"II*\0" + struct.pack("<I", 8 + len(packed) + len(packed) % 2) + packed + bytes(len(packed) % 2)
    file += struct.pack("<H", len(entries)) + described + bytes(4)
    try:
        return Image.open(io.BytesIO(file), formats=("TIFF",)).tobytes()
    except (OSError, SyntaxError):
        return b""


def _of_fax(packed: bytes, page: Page, rows: int, line: int) -> bytes:
    """Return the rows of a fax that are there.

    libtiff makes up the others. So the rows count that stay the same where still a bit less of the fax is there.
    """
    found = _rows_there(lambda count: _by_pillow(packed, page, count, line), rows)
    lost = 1
    while len(found) == rows * line and lost < len(packed):
        less = _by_pillow(packed[:-lost], page, rows, line)
        for row in range(0, len(found), line):
            if found[row : row + line] != less[row : row + line]:
                return found[:row]
        lost *= 2
    return found if len(found) < rows * line else b""


def _of_jpeg(packed: bytes, page: Page, rows: int, line: int) -> bytes:
    """Return the rows of a JPEG: RGB, grey, or inks."""
    tables = page.tags.get(JPEG_TABLES, [b""])[0]
    tables = tables if isinstance(tables, bytes) else bytes(tables)
    file = b"\xff\xd8" + _marker_of_colours(page) + tables[2:].removesuffix(b"\xff\xd9") + packed[2:]
    size = page.block[0], rows
    try:
        return _loaded(file, size).tobytes()
    except (OSError, SyntaxError, ValueError):
        mended = mend(file, size[0] * size[1])
    if mended is None or not packed:
        return b""
    try:
        image, there = _loaded(mended.data, size), rows
        if mended.probe is not None and not mended.share:
            box = ImageChops.difference(image, _loaded(mended.probe, size)).getbbox()
            there = rows if box is None else box[1]
    except (OSError, SyntaxError, ValueError):
        return b""
    return image.tobytes()[: there * line]


def _marker_of_colours(page: Page) -> bytes:
    """Return Adobe's marker, which says whether three channels are RGB or YCbCr: in a TIFF, a tag says it."""
    transform = page.tags.first(COLOURS) == 6
    return (
        b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0" + bytes([transform]) if page.samples == 3 and not page.is_planar else b""
    )


def _loaded(file: bytes, size: tuple[int, int]) -> Image.Image:
    """Decode a JPEG, cut or filled up to that width and height."""
    image: Image.Image = Image.open(io.BytesIO(file), formats=("JPEG",))
    if abs(image.height - size[1]) > size[1] or image.width != size[0]:
        raise ValueError("a strip of another size")
    if image.mode == "CMYK":  # Pillow takes them as inverted, as Photoshop's are; in a TIFF they are not
        image = ImageChops.invert(image)
    return image if image.size == size else image.crop((0, 0, *size))
