"""TIFFs that Pillow does not open (TIFF 6.0 and its technical notes, BigTIFF).

Pillow knows some seventy combinations of colours, bits and extra channels. The others are read here: any number of
bits, floats of 16 to 64 bits, alpha of either sort, planes, tiles and predictors. Where a kind cannot be read, it is
named.
"""

import io
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from offcut.arrays import AnyArray, PixelsU8
from offcut.codecs.refusals import ends_early, rare_kind, refusal_of
from offcut.codecs.repair import LEAST_SHARE, inflated
from offcut.errors import NotAnImageError

_SUBFILE, _WIDTH, _HEIGHT, _BITS, _COMPRESSION, _COLOURS = 254, 256, 257, 258, 259, 262
_STRIPS, _ORIENTATION, _SAMPLES, _STRIP_ROWS, _STRIP_BYTES, _PLANAR = 273, 274, 277, 278, 279, 284
_FILL_ORDER = 266
_X_RESOLUTION, _Y_RESOLUTION, _UNIT, _PREDICTOR = 282, 283, 296, 317
_TILE_WIDTH, _TILE_HEIGHT, _TILES, _TILE_BYTES, _SUB_IFDS = 322, 323, 324, 325, 330
_EXTRA, _FORMAT, _DNG, _PROFILE = 338, 339, 50706, 34675

_REVERSED_BITS = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))

_TYPES = {1: "B", 2: "s", 3: "H", 4: "I", 5: "II", 6: "b", 7: "s", 8: "h", 9: "i", 10: "ii", 11: "f", 12: "d"} | {
    13: "I",
    16: "Q",
    17: "q",
    18: "Q",
}
_NAMES = {0: "grey", 1: "grey", 2: "RGB", 3: "palette", 4: "mask", 5: "CMYK", 6: "YCbCr", 8: "LAB", 9: "LAB", 10: "LAB"}
_PACKINGS = {1: "no", 5: "LZW", 8: "deflate", 32946: "deflate", 32773: "PackBits"}
_RAW_COLOURS = (32803, 34892)  # a camera's colour filter array; linear raw (DNG 1.6)
_MAX_VALUES = 1_000_000
"""Numbers in one tag; strips and tiles have the longest lists."""

_MAX_PAGES = 100
_MAX_BLOCKS = 100_000
"""Strips or tiles of a page; each costs some microseconds."""

_LARGE_BLOCK = 4096 * 4096
"""Pixels of a strip or a tile, unless the page itself is larger."""

_MAX_BYTES = 1 << 31
"""Bytes of all samples of a page."""


@dataclass(frozen=True)
class Tiff:
    """What was read."""

    image: Image.Image
    """Mode L, RGB or CMYK, 8 bits a channel, upright; with profile and resolution in its `info`."""

    alpha: Image.Image | None
    """Mode L."""

    share: float
    """Which part of the pixels is there, 0 to 1."""

    size: tuple[int, int]


class Tags(Mapping[int, list[Any]]):
    """The tags of a page, by number: lists of their values, read when they are asked for.

    Any number of tags may point at one place, so that together they are much longer than the file.
    """

    def __init__(self, data: bytes, order: str, entries: dict[int, tuple[str, int, int]]) -> None:
        """
        Args:
            data: the file.
            order: of its bytes.
            entries: format of a value (`struct`), how many there are, and where, by tag.
        """
        self._data, self._order, self._entries = data, order, entries

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

    def __iter__(self) -> Iterator[int]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def first_picture(data: bytes) -> bytes:
    """Return a TIFF with its first page that is neither a preview nor a mask as the first one.

    Raises:
        NotAnImageError: it is a raw file of a camera, of which only a preview could be shown.
    """
    try:
        order, is_big, start = _header(data)
        pages = list(_pages(data, order, is_big, start))
    except (struct.error, ValueError, KeyError):
        return data
    if not pages:
        return data
    first = pages[0][1]
    colours = {tags.first(_COLOURS) for tags in (*(tags for _, tags in pages), *_inner(data, order, is_big, first))}
    if data[8:10] == b"CR" or _DNG in first or colours & set(_RAW_COLOURS):
        raise refusal_of("raw")
    for at, tags in pages:
        if not tags.first(_SUBFILE) & 5 and at != start:
            place, kind = (8, "Q") if is_big else (4, "I")
            return data[:place] + struct.pack(order + kind, at) + data[place + struct.calcsize(kind) :]
        if at == start and not tags.first(_SUBFILE) & 5:
            break
    return data


def is_deep(data: bytes) -> bool:
    """Return whether the first page has more than 8 bits a channel and can be read here.

    Pillow mixes up the planes of 16-bit files, and does not heed that white may be 0 in them.
    """
    try:
        order, is_big, start = _header(data)
        return _Page.of(_tags(data, order, is_big, start)[0]).bits > 8
    except (NotAnImageError, struct.error, ValueError, KeyError, IndexError):
        return False


def size_of(data: bytes) -> tuple[int, int]:
    """Return width and height of the first page. Raises ValueError, KeyError or struct.error for damaged files."""
    order, is_big, start = _header(data)
    tags = _tags(data, order, is_big, start)[0]
    return int(tags[_WIDTH][0]), int(tags[_HEIGHT][0])


def read_tiff(data: bytes) -> Tiff:
    """Read the first page.

    Raises:
        NotAnImageError: its kind is not read here; the message names it.
        TruncatedImageError: most of it is missing.
        ValueError, KeyError, struct.error, zlib.error: it is damaged.
    """
    order, is_big, start = _header(data)
    tags = _tags(data, order, is_big, start)[0]
    page = _Page.of(tags)
    values, share = _values(data, order, page)
    if share < LEAST_SHARE:
        raise ends_early("TIFF", share)
    image, alpha = _coloured(values, page)
    turn = tags.get(_ORIENTATION, [1])[0]
    image.info = _info(tags)
    if turn in _TURNS:
        image, alpha = image.transpose(_TURNS[turn]), alpha and alpha.transpose(_TURNS[turn])
    if turn in (5, 6, 7, 8) and "dpi" in image.info:
        image.info["dpi"] = image.info["dpi"][::-1]
    return Tiff(image, alpha, share, image.size)


_TURNS = dict(
    zip(
        range(2, 9),
        (
            Image.Transpose.FLIP_LEFT_RIGHT,
            Image.Transpose.ROTATE_180,
            Image.Transpose.FLIP_TOP_BOTTOM,
            Image.Transpose.TRANSPOSE,
            Image.Transpose.ROTATE_270,
            Image.Transpose.TRANSVERSE,
            Image.Transpose.ROTATE_90,
        ),
        strict=True,
    )
)


@dataclass(frozen=True)
class _Page:
    """The layout of one page."""

    width: int
    height: int
    bits: int
    is_float: bool
    is_signed: bool
    samples: int
    colours: int
    """PhotometricInterpretation."""

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

    @classmethod
    def of(cls, tags: Tags) -> "_Page":
        width, height = int(tags[_WIDTH][0]), int(tags[_HEIGHT][0])
        samples = int(tags.get(_SAMPLES, [1])[0])
        bits, formats = tags.get(_BITS, [1]), tags.get(_FORMAT, [1])
        colours, packing = tags.get(_COLOURS, [1])[0], tags.get(_COMPRESSION, [1])[0]
        extra = tags.get(_EXTRA, [])
        of_colour = {0: 1, 1: 1, 2: 3, 5: 4, 8: 3, 9: 3}.get(colours, samples)
        kind = _kind_name(int(bits[0]), formats[0] == 3, _NAMES.get(colours, "rare"), bool(extra))
        one_format = len(set(bits)) == 1 and len(set(formats)) == 1
        is_known = colours in (0, 1, 2, 5, 8, 9) and one_format and packing in _PACKINGS and of_colour <= samples
        is_number = (formats[0] == 1 and bits[0] <= 32) or (formats[0] == 2 and bits[0] in (8, 16, 32))
        is_number = is_number or (formats[0] == 3 and bits[0] in (16, 32, 64)) or (formats[0] == 4 and bits[0] <= 32)
        is_lab = colours in (8, 9)
        if not is_known or not is_number or (is_lab and (bits[0] not in (8, 16) or formats[0] == 3)):
            raise rare_kind(f"a TIFF of a rare kind ({kind})", f"TIFF, {kind}", "8-bit RGB")
        alphas = [index for index, what in enumerate(extra) if what in (1, 2) and of_colour + index < samples]
        if _TILES in tags:
            block = int(tags[_TILE_WIDTH][0]), int(tags[_TILE_HEIGHT][0])
            places, lengths = tags[_TILES], tags[_TILE_BYTES]
        else:
            rows = min(int(tags.get(_STRIP_ROWS, [height])[0]), height)
            block, places = (width, rows), tags[_STRIPS]
            lengths = tags.get(_STRIP_BYTES, [1 << 31] * len(places))
        if not (0 < block[0] <= 1 << 20 and block[1] > 0) or samples > 64:
            raise ValueError("a block without a size")
        if block[0] * block[1] > max(width * height, _LARGE_BLOCK):
            raise ValueError("a block larger than the picture")
        return cls(
            width,
            height,
            int(bits[0]),
            formats[0] == 3,
            formats[0] == 2,
            samples,
            colours,
            of_colour + alphas[0] if alphas else None,
            bool(alphas) and extra[alphas[0]] == 1,
            packing,
            int(tags.get(_PREDICTOR, [1])[0]),
            tags.get(_FILL_ORDER, [1])[0] == 2,
            tags.get(_PLANAR, [1])[0] == 2 and samples > 1,
            block,
            places,
            lengths,
        )


def _kind_name(bits: int, is_float: bool, colours: str, has_extra: bool) -> str:
    return f"{bits}-bit {'floating-point ' if is_float else ''}{colours}{' with an extra channel' if has_extra else ''}"


# The structure of the file


def _header(data: bytes) -> tuple[str, bool, int]:
    """Return byte order, whether it is a BigTIFF, and where the first page is described."""
    order = {b"II": "<", b"MM": ">"}[data[:2]]
    is_big = struct.unpack_from(order + "H", data, 2)[0] == 43
    return order, is_big, struct.unpack_from(order + ("Q" if is_big else "I"), data, 8 if is_big else 4)[0]


def _pages(data: bytes, order: str, is_big: bool, start: int) -> Iterator[tuple[int, Tags]]:
    """Yield place and tags of each page; a broken one ends the list."""
    places: list[int] = []
    while start and start not in places and len(places) < _MAX_PAGES:
        try:
            tags, following = _tags(data, order, is_big, start)
        except (struct.error, ValueError):
            if not places:
                raise
            return
        yield start, tags
        places.append(start)
        start = following


def _tags(data: bytes, order: str, is_big: bool, at: int) -> tuple[Tags, int]:
    """Return the tags of a page, and where the next page is described."""
    if at > len(data):
        raise ValueError("outside of the file")
    head, count_kind, inline = ("Q", "Q", 8) if is_big else ("H", "I", 4)
    (entries,) = struct.unpack_from(order + head, data, at)
    at += struct.calcsize(head)
    if entries > 4096:
        raise ValueError("too many tags")
    found: dict[int, tuple[str, int, int]] = {}
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
    try:
        (following,) = struct.unpack_from(order + count_kind, data, at)
    except struct.error:
        following = 0
    return Tags(data, order, found), following


def _inner(data: bytes, order: str, is_big: bool, tags: Tags) -> Iterator[Tags]:
    """Yield the tags of the pages within a page."""
    for at in tags.get(_SUB_IFDS, [])[:_MAX_PAGES]:
        try:
            yield _tags(data, order, is_big, at)[0]
        except (struct.error, ValueError, TypeError):  # a page that is broken, or not where a number says
            continue


def _info(tags: Tags) -> dict[Any, Any]:
    """Profile and resolution as Pillow has them."""
    info: dict[Any, Any] = {}
    if _PROFILE in tags and isinstance(tags[_PROFILE][0], bytes):
        info["icc_profile"] = tags[_PROFILE][0]
    inches = {2: 1.0, 3: 2.54}.get(tags.get(_UNIT, [2])[0])
    both = [tags.get(tag, [0, 0]) for tag in (_X_RESOLUTION, _Y_RESOLUTION)]
    if inches and all(len(pair) == 2 and pair[1] for pair in both):
        info["dpi"] = tuple(pair[0] / pair[1] * inches for pair in both)
    return info


# The pixels


def _values(data: bytes, order: str, page: _Page) -> tuple[AnyArray, float]:
    """Return the samples as they stand in the file, ``(h, w, samples)``, and which part of them is there."""
    block_width, block_height = page.block
    across, down = -(-page.width // block_width), -(-page.height // block_height)
    samples = 1 if page.is_planar else page.samples
    planes = page.samples if page.is_planar else 1
    if planes * down * across > 2 * len(page.places):
        raise ValueError("too few strips")
    if planes * down * across > _MAX_BLOCKS:
        raise ValueError("too many strips")
    if page.height * page.width * page.samples * page.bits // 8 > _MAX_BYTES:
        raise MemoryError
    result = np.zeros((page.height, page.width, page.samples), _type_of(page, order).newbyteorder("="))
    there = wanted = 0
    for index in range(planes * down * across):
        plane, place = divmod(index, down * across)
        top, left = place // across * block_height, place % across * block_width
        is_strip = block_width == page.width and across == 1
        rows = min(block_height, page.height - top) if is_strip else block_height
        line = -(-block_width * samples * page.bits // 8)
        wanted += rows * line
        if index >= len(page.places):
            continue
        packed = data[page.places[index] : page.places[index] + page.lengths[min(index, len(page.lengths) - 1)]]
        if page.has_low_bits_first:
            packed = packed.translate(_REVERSED_BITS)
        unpacked = _unpacked(packed, page.packing, rows, line)[: rows * line]
        there += len(unpacked)
        if not unpacked:
            continue
        found = _samples(unpacked.ljust(rows * line, b"\0"), order, page, (rows, block_width, samples))
        bottom, right = min(top + rows, page.height), min(left + block_width, page.width)
        target = slice(plane, plane + 1) if page.is_planar else slice(None)
        result[top:bottom, left:right, target] = found[: bottom - top, : right - left]
    return result, there / wanted


def _unpacked(packed: bytes, packing: int, rows: int, line: int) -> bytes:
    """Decompress a strip or tile as far as it goes."""
    match _PACKINGS[packing]:
        case "no":
            return packed
        case "deflate":
            try:
                return zlib.decompressobj().decompress(packed, rows * line)
            except zlib.error:  # what comes before a damaged place is kept
                return inflated(packed, rows * line)[0]
    if not packed:
        return b""
    # Pillow decompresses it as grey bytes, whatever they mean.
    entries = [
        (_WIDTH, 4, line),
        (_HEIGHT, 4, rows),
        (_BITS, 3, 8),
        (_COMPRESSION, 3, packing),
        (_COLOURS, 3, 1),
        (_STRIPS, 4, 8),
        (_SAMPLES, 3, 1),
        (_STRIP_ROWS, 4, rows),
        (_STRIP_BYTES, 4, len(packed)),
    ]
    described = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    file = b"II*\0" + struct.pack("<I", 8 + len(packed) + len(packed) % 2) + packed + bytes(len(packed) % 2)
    file += struct.pack("<H", len(entries)) + described + bytes(4)
    try:
        return Image.open(io.BytesIO(file), formats=("TIFF",)).tobytes()
    except (OSError, SyntaxError):
        return b""


def _type_of(page: _Page, order: str) -> np.dtype[Any]:
    kind = "f" if page.is_float else "i" if page.is_signed else "u"
    size = next(size for size in (1, 2, 4, 8) if size * 8 >= page.bits)
    return np.dtype(f"{order}{kind}{size}")


def _samples(unpacked: bytes, order: str, page: _Page, shape: tuple[int, int, int]) -> AnyArray:
    """Return the samples of a strip or tile, ``(rows, width, samples)``, with its predictor undone."""
    rows, width, samples = shape
    kind = _type_of(page, order)
    if page.predictor == 3 and page.is_float:
        planes = np.frombuffer(unpacked, np.uint8).reshape(rows, -1, samples)
        planes = np.add.accumulate(planes, axis=1, dtype=np.uint8).reshape(rows, kind.itemsize, width * samples)
        whole = np.ascontiguousarray(planes.transpose(0, 2, 1))
        return whole.view(kind.newbyteorder(">")).reshape(shape)
    if page.bits != kind.itemsize * 8:
        bits = np.unpackbits(np.frombuffer(unpacked, np.uint8).reshape(rows, -1), axis=1)
        bits = bits[:, : width * samples * page.bits].reshape(*shape, page.bits)
        weights = 1 << np.arange(page.bits - 1, -1, -1, dtype=np.uint64)
        return (bits @ weights).astype(kind.newbyteorder("="))
    values = np.frombuffer(unpacked, kind).reshape(shape).astype(kind.newbyteorder("="))
    if page.predictor == 2:
        values = np.add.accumulate(values, axis=1, dtype=values.dtype)
    return values


# Their colours


def _coloured(values: AnyArray, page: _Page) -> tuple[Image.Image, Image.Image | None]:
    """Return the picture, 8 bits a channel, and its alpha."""
    count = {0: 1, 1: 1, 2: 3, 5: 4, 8: 3, 9: 3}[page.colours]
    colours = values[..., :count]
    alpha = None
    if page.alpha is not None:
        alpha = _levels(values[..., page.alpha : page.alpha + 1], page)
        if page.is_premultiplied:
            colours = _divided(colours, values[..., page.alpha : page.alpha + 1], page)
    if page.colours in (8, 9):
        result = _from_lab(colours, page)
    else:
        result = _levels(colours, page)
        if page.colours == 0:
            result = 255 - result
    own = None if alpha is None else Image.fromarray(alpha[..., 0])
    if count == 1:
        return Image.fromarray(np.ascontiguousarray(result[..., 0])), own
    return Image.fromarray(np.ascontiguousarray(result), "CMYK" if count == 4 else "RGB"), own


def _levels(values: AnyArray, page: _Page) -> PixelsU8:
    """Scale samples to 0 to 255."""
    full = _white(values, page)
    result = np.empty(values.shape, np.uint8)
    for top in range(0, len(values), 64):
        some = values[top : top + 64].astype(np.float32)
        if page.is_float:
            some = np.nan_to_num(some, nan=0.0, posinf=full, neginf=0.0)
        result[top : top + 64] = np.clip(some * np.float32(255 / full) + np.float32(0.5), 0, 255)
    return result


def _white(values: AnyArray, page: _Page) -> float:
    """The value of white. Files of 32 bits and floats do not define it: it is found by the brightest value."""
    if not page.is_float and page.bits <= 16:
        return float(2 ** (page.bits - page.is_signed) - 1)
    finite = values[np.isfinite(values)] if page.is_float else values
    brightest = float(finite.max()) if finite.size else 1.0
    if page.is_float and brightest <= 2.0:
        return 1.0
    return float(2 ** max(8, int(np.ceil(np.log2(max(brightest, 1.0) + 1.0)))) - 1)


def _divided(colours: AnyArray, alpha: AnyArray, page: _Page) -> AnyArray:
    """Divide premultiplied colours by their alpha."""
    full = _white(alpha, page)
    share = np.maximum(alpha.astype(np.float32) / np.float32(full), np.float32(1e-6))
    straight = np.where(alpha > 0, colours.astype(np.float32) / share, 0)
    limit = np.float32(max(_white(colours, page), 1.0))
    return np.clip(straight + (0 if page.is_float else 0.5), 0, limit).astype(colours.dtype)


_TO_SRGB = np.array(  # from XYZ of D50 to linear sRGB (Bradford; sRGB profile of the ICC)
    [[3.1338561, -1.6168667, -0.4906146], [-0.9787684, 1.9161415, 0.0334540], [0.0719453, -0.2289914, 1.4052427]],
    np.float32,
)
_D50 = np.array([0.9642, 1.0, 0.8249], np.float32)


def _from_lab(values: AnyArray, page: _Page) -> PixelsU8:
    """Convert CIE L*a*b* of D50 (TIFF 6.0, 23; ICC's with an offset) to sRGB."""
    unit = np.float32(1 if page.bits == 8 else 256)
    result = np.empty(values.shape, np.uint8)
    signed = np.int8 if page.bits == 8 else np.int16
    for top in range(0, len(values), 64):
        some = values[top : top + 64]
        light = some[..., 0].astype(np.float32) * np.float32(100 / (2**page.bits - 1))
        if page.colours == 8:
            a, b = (np.ascontiguousarray(some[..., c]).view(signed).astype(np.float32) / unit for c in (1, 2))
        else:
            a, b = (some[..., c].astype(np.float32) / unit - 128 for c in (1, 2))
        middle = (light + 16) / 116
        roots = np.stack([middle + a / 500, middle, middle - b / 200], axis=-1)
        xyz = np.where(roots > 6 / 29, roots**3, (roots - 4 / 29) * (108 / 841)) * _D50
        linear = np.clip(xyz @ _TO_SRGB.T, 0, 1)
        encoded = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
        result[top : top + 64] = encoded * 255 + 0.5
    return result
