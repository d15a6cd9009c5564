"""The structure of a TIFF (TIFF 6.0 and its technical notes, BigTIFF): its pages, their tags and their layout."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from offcut.codecs.refusals import rare_kind

SUBFILE, WIDTH, HEIGHT, BITS, COMPRESSION, COLOURS = 254, 256, 257, 258, 259, 262
STRIPS, ORIENTATION, SAMPLES, STRIP_ROWS, STRIP_BYTES, PLANAR = 273, 274, 277, 278, 279, 284
FILL_ORDER, FAX_3, FAX_4, PALETTE = 266, 292, 293, 320
X_RESOLUTION, Y_RESOLUTION, UNIT, PREDICTOR = 282, 283, 296, 317
TILE_WIDTH, TILE_HEIGHT, TILES, TILE_BYTES, SUB_IFDS = 322, 323, 324, 325, 330
EXTRA, FORMAT, JPEG_TABLES, DNG, PROFILE = 338, 339, 347, 50706, 34675
COEFFICIENTS, SUBSAMPLING, REFERENCE = 529, 530, 532

_TYPES = {1: "B", 2: "s", 3: "H", 4: "I", 5: "II", 6: "b", 7: "s", 8: "h", 9: "i", 10: "ii", 11: "f", 12: "d"} | {
    13: "I",
    16: "Q",
    17: "q",
    18: "Q",
}
_NAMES = {0: "grey", 1: "grey", 2: "RGB", 3: "palette", 4: "mask", 5: "CMYK", 6: "YCbCr", 8: "LAB", 9: "LAB", 10: "LAB"}
_OF_COLOURS = {0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3, 8: 3, 9: 3}
"""Samples of a pixel's colour, by PhotometricInterpretation."""

PACKINGS = {
    1: "none",
    2: "fax",
    3: "fax",
    4: "fax",
    5: "LZW",
    7: "JPEG",
    8: "deflate",
    32946: "deflate",
    32773: "PackBits",
    34925: "LZMA",
    50000: "Zstandard",
}
"""Compressions that are read here, LZMA and Zstandard where Pillow has them."""

_OTHER_PACKINGS = {
    6: "old JPEG",
    32809: "ThunderScan",
    33003: "JPEG 2000",
    33005: "JPEG 2000",
    34661: "JBIG",
    34676: "LogLuv",
    34677: "LogLuv",
    34712: "JPEG 2000",
    34887: "LERC",
    34892: "lossy JPEG",
    50001: "WebP",
    50002: "JPEG XL",
    52546: "JPEG XL",
}

_MAX_VALUES = 1_000_000
"""Numbers in one tag; strips and tiles have the longest lists."""

_MAX_PAGES = 100
_LARGE_BLOCK = 4096 * 4096
"""Pixels of a strip or a tile, unless the page itself is larger."""


class Tags(Mapping[int, list[Any]]):
    """The tags of a page, by number: lists of their values, read when they are asked for.

    Any number of tags may point at one place, so that together they are much longer than the file.
    """

    def __init__(self, data: bytes, order: str, entries: dict[int, tuple[str, int, int]], lacks: bool = False) -> None:
        """
        Args:
            data: the file.
            order: of its bytes.
            entries: format of a value (`struct`), how many there are, and where, by tag.
            lacks: whether the places of the pixels, or how long they are, stand beyond the end of the file.
        """
        self._data, self._order, self._entries, self.lacks = data, order, entries, lacks

    def __getitem__(self, tag: int) -> list[Any]:
        form, count, at = self._entries[tag]
        if form == "s":
            return [self._data[at : at + count]]
        return list(struct.unpack_from(f"{self._order}{count * len(form)}{form[0]}", self._data, at))

    def first(self, tag: int) -> int:
        """Return the first value of a tag that has whole numbers; 0 where there is none."""
        form, count, at = self._entries.get(tag, ("s", 0, 0))
        if not count or form in ("s", "f", "d"):
            return 0
        return int(struct.unpack_from(self._order + form[0], self._data, at)[0])

    def fractions(self, tag: int, otherwise: list[float]) -> list[float]:
        """Return the values of a tag of fractions; `otherwise` where there are not as many, or they make no sense."""
        values = self.get(tag, [])
        if len(values) != 2 * len(otherwise) or not all(values[1::2]):
            return otherwise
        return [over / under for over, under in zip(values[::2], values[1::2], strict=True)]

    def __iter__(self) -> Iterator[int]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


@dataclass(frozen=True)
class Page:
    """The layout of one page."""

    tags: Tags
    width: int
    height: int
    bits: int
    is_float: bool
    is_signed: bool
    samples: int
    colours: int
    """PhotometricInterpretation; RGB for YCbCr in JPEG, which its decoder converts."""

    alpha: int | None
    """Which sample is the alpha."""

    is_premultiplied: bool
    packing: int
    predictor: int
    has_low_bits_first: bool
    """Whether the first pixel of a byte is in its lowest bit: FillOrder 2."""

    is_planar: bool
    block: tuple[int, int]
    """Width and height of a strip or a tile."""

    places: list[int]
    lengths: list[int]

    subsampling: tuple[int, int]
    """Pixels across and down that have one colour between them; (1, 1) but for YCbCr."""

    @classmethod
    def of(cls, tags: Tags) -> "Page":
        """Read the layout from tags.

        Raises:
            NotAnImageError: its kind is not read here; the message names it.
            ValueError, KeyError, IndexError, struct.error: it is damaged.
        """
        width, height = int(tags[WIDTH][0]), int(tags[HEIGHT][0])
        samples = int(tags.get(SAMPLES, [1])[0])
        bits, formats = tags.get(BITS, [1]), tags.get(FORMAT, [1])
        colours, packing = int(tags.get(COLOURS, [1])[0]), int(tags.get(COMPRESSION, [1])[0])
        extra = tags.get(EXTRA, [])
        is_planar = tags.get(PLANAR, [1])[0] == 2 and samples > 1
        of_colour = _OF_COLOURS.get(colours, samples)
        one_format = len(set(bits)) == 1 and len(set(formats)) == 1
        is_known = colours in _OF_COLOURS and one_format and of_colour <= samples
        is_known = is_known and _has_its_numbers(colours, bits[0], formats[0])
        if packing not in PACKINGS:
            is_known = False
        elif PACKINGS[packing] == "fax":
            is_known = is_known and (bits[0], samples) == (1, 1)
        elif PACKINGS[packing] == "JPEG":
            is_known = is_known and bits[0] == 8 and colours != 3 and not (colours == 6 and is_planar)
            is_known = is_known and (is_planar or samples == of_colour)
        if not is_known or (colours == 6 and (is_planar or samples != 3)):
            raise _rare(int(bits[0]), formats[0] == 3, _NAMES.get(colours, "rare"), bool(extra), packing)
        alphas = [index for index, what in enumerate(extra) if what in (1, 2) and of_colour + index < samples]
        if TILES in tags:
            block = int(tags[TILE_WIDTH][0]), int(tags[TILE_HEIGHT][0])
            places, lengths = tags[TILES], tags[TILE_BYTES]
        else:
            rows = min(int(tags.get(STRIP_ROWS, [height])[0]) or height, height)
            block, places = (width, rows), tags[STRIPS]
            lengths = tags.get(STRIP_BYTES, [1 << 31] * len(places))
        if not (0 < block[0] <= 1 << 20 and block[1] > 0) or samples > 64:
            raise ValueError("a block without a size")
        if block[0] * block[1] > max(width * height, _LARGE_BLOCK):
            raise ValueError("a block larger than the picture")
        is_jpeg = PACKINGS[packing] == "JPEG"
        return cls(
            tags,
            width,
            height,
            int(bits[0]),
            formats[0] == 3,
            formats[0] == 2,
            samples,
            2 if is_jpeg and colours == 6 else colours,
            of_colour + alphas[0] if alphas else None,
            bool(alphas) and extra[alphas[0]] == 1,
            packing,
            int(tags.get(PREDICTOR, [1])[0]),
            tags.get(FILL_ORDER, [1])[0] == 2,
            is_planar,
            block,
            places,
            lengths,
            _subsampling(tags, width * height * 3 > sum(lengths)) if colours == 6 and not is_jpeg else (1, 1),
        )


def _has_its_numbers(colours: int, bits: int, form: int) -> bool:
    """Whether colours of that kind may be such numbers."""
    if colours == 3:
        return form == 1 and bits in (1, 2, 4, 8, 16)
    if colours == 6:
        return form == 1 and bits == 8
    if colours in (8, 9):
        return form != 3 and bits in (8, 16)
    whole = (form in (1, 4) and bits <= 32) or (form == 2 and bits in (8, 16, 32))
    return whole or (form == 3 and bits in (16, 32, 64))


def _subsampling(tags: Tags, is_short: bool) -> tuple[int, int]:
    """Return how many pixels share a colour: 2 × 2 where a file does not say it and is too short for more."""
    across, down = tags.get(SUBSAMPLING, [2, 2] if is_short else [1, 1])[:2]
    if across not in (1, 2, 4) or down not in (1, 2, 4):
        raise ValueError("a subsampling that there is not")
    return int(across), int(down)


def _rare(bits: int, is_float: bool, colours: str, has_extra: bool, packing: int) -> Exception:
    name = f"{bits}-bit {'floating-point ' if is_float else ''}{colours}{' with an extra channel' if has_extra else ''}"
    if packing not in PACKINGS:
        name += f", compressed as {_OTHER_PACKINGS.get(packing, f'number {packing}')}"
    return rare_kind(f"a TIFF of a rare kind ({name})", f"TIFF, {name}", "8-bit RGB")


def share_of(data: bytes, tags: Tags) -> float:
    """Return which part of a page's strips or tiles lies within the file, 0 to 1, whatever is in them."""
    kinds = (TILES, TILE_BYTES) if TILES in tags else (STRIPS, STRIP_BYTES)
    places, lengths = (tags.get(kind, []) for kind in kinds)
    pairs = list(zip(places, lengths, strict=False))
    wanted = sum(length for _, length in pairs)
    there = sum(max(0, min(length, len(data) - place)) for place, length in pairs)
    return there / wanted if wanted else 1.0


def header(data: bytes) -> tuple[str, bool, int]:
    """Return byte order, whether it is a BigTIFF, and where the first page is described."""
    order = {b"II": "<", b"MM": ">"}[data[:2]]
    is_big = struct.unpack_from(order + "H", data, 2)[0] == 43
    return order, is_big, struct.unpack_from(order + ("Q" if is_big else "I"), data, 8 if is_big else 4)[0]


def pages(data: bytes, order: str, is_big: bool, start: int) -> Iterator[tuple[int, Tags]]:
    """Yield place and tags of each page; a broken one ends the list."""
    places: list[int] = []
    while start and start not in places and len(places) < _MAX_PAGES:
        try:
            tags, following = read_tags(data, order, is_big, start)
        except (struct.error, ValueError):
            if not places:
                raise
            return
        yield start, tags
        places.append(start)
        start = following


def read_tags(data: bytes, order: str, is_big: bool, at: int) -> tuple[Tags, int]:
    """Return the tags of a page, and where the next page is described."""
    if at > len(data):
        raise ValueError("outside of the file")
    head, count_kind, inline = ("Q", "Q", 8) if is_big else ("H", "I", 4)
    (entries,) = struct.unpack_from(order + head, data, at)
    at += struct.calcsize(head)
    if entries > 4096:
        raise ValueError("too many tags")
    found: dict[int, tuple[str, int, int]] = {}
    lacks = False
    for _ in range(entries):
        tag, kind, count = struct.unpack_from(order + "HH" + count_kind, data, at)
        value = at + 4 + struct.calcsize(count_kind)
        at = value + inline
        form = _TYPES.get(kind)
        if form is None or not count or (count > _MAX_VALUES and form != "s"):
            continue
        size = struct.calcsize("=" + form) * count
        if size > inline:
            (value,) = struct.unpack_from(order + count_kind, data, value)
        if value + size <= len(data):  # a damaged tag counts as missing
            found[tag] = form, count, value
        else:
            lacks = lacks or tag in (STRIPS, STRIP_BYTES, TILES, TILE_BYTES)
    try:
        (following,) = struct.unpack_from(order + count_kind, data, at)
    except struct.error:
        following = 0
    return Tags(data, order, found, lacks), following


def inner_pages(data: bytes, order: str, is_big: bool, tags: Tags) -> Iterator[Tags]:
    """Yield the tags of the pages within a page."""
    for at in tags.get(SUB_IFDS, [])[:_MAX_PAGES]:
        try:
            yield read_tags(data, order, is_big, at)[0]
        except (struct.error, ValueError, TypeError):  # a page that is broken, or not where a number says
            continue
