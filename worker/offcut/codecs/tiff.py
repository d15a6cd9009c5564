"""TIFFs that Pillow does not open, or not whole.

Pillow knows some seventy combinations of colours, bits and extra channels, and shows nothing of a file that is cut
short. The others are read here: any number of bits, floats of 16 to 64 bits, alpha of either sort, palettes, YCbCr,
planes, tiles and predictors, as far as they are there. Where a kind cannot be read, it is named.
"""

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from offcut.arrays import AnyArray
from offcut.codecs.colours import demanding_space
from offcut.codecs.refusals import ends_early, refusal_of
from offcut.codecs.repair import LEAST_SHARE
from offcut.codecs.tiff_colours import coloured
from offcut.codecs.tiff_page import (
    COLOURS,
    DNG,
    HEIGHT,
    ORIENTATION,
    PROFILE,
    SUBFILE,
    UNIT,
    WIDTH,
    X_RESOLUTION,
    Y_RESOLUTION,
    Page,
    Tags,
    header,
    inner_pages,
    pages,
    read_tags,
    share_of,
)
from offcut.codecs.tiff_strips import unpacked
from offcut.errors import NotAnImageError

_RAW_COLOURS = (32803, 34892)  # a camera's colour filter array; linear raw (DNG 1.6)
_MAX_BLOCKS = 100_000
"""Strips or tiles of a page; each costs some microseconds."""

_MAX_BYTES = 1 << 31
"""Bytes of all samples of a page."""

_GREY: dict[str, float | tuple[float, ...]] = {"L": 128, "RGB": (128, 128, 128), "CMYK": (0, 0, 0, 127)}
"""What stands where pixels are missing."""

Box = tuple[int, int, int, int]
"""Left, top, right and bottom."""


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


def first_picture(data: bytes) -> bytes:
    """Return a TIFF with its first page that is neither a preview nor a mask as the first one.

    Raises:
        NotAnImageError: it is a raw file of a camera, of which only a preview could be shown.
    """
    try:
        order, is_big, start = header(data)
        found = list(pages(data, order, is_big, start))
    except (struct.error, ValueError, KeyError):
        return data
    if not found:
        return data
    first = found[0][1]
    colours = {tags.first(COLOURS) for tags in (*(tags for _, tags in found), *inner_pages(data, order, is_big, first))}
    if data[8:10] == b"CR" or DNG in first or colours & set(_RAW_COLOURS):
        raise refusal_of("raw")
    for at, tags in found:
        if not tags.first(SUBFILE) & 5 and at != start:
            place, kind = (8, "Q") if is_big else (4, "I")
            return data[:place] + struct.pack(order + kind, at) + data[place + struct.calcsize(kind) :]
        if at == start and not tags.first(SUBFILE) & 5:
            break
    return data


def is_deep(data: bytes) -> bool:
    """Return whether the first page has more than 8 bits a channel and can be read here.

    Pillow mixes up the planes of 16-bit files, and does not heed that white may be 0 in them.
    """
    try:
        order, is_big, start = header(data)
        return Page.of(read_tags(data, order, is_big, start)[0]).bits > 8
    except (NotAnImageError, struct.error, ValueError, KeyError, IndexError):
        return False


def lacks_strips(data: bytes) -> bool:
    """Return whether the first page can be read here and has too few strips or tiles, which Pillow does not notice."""
    try:
        order, is_big, start = header(data)
        page = Page.of(read_tags(data, order, is_big, start)[0])
    except (NotAnImageError, struct.error, ValueError, KeyError, IndexError):
        return False
    down, across = -(-page.height // page.block[1]), -(-page.width // page.block[0])
    return down * across * (page.samples if page.is_planar else 1) > len(page.places)


def size_of(data: bytes) -> tuple[int, int]:
    """Return width and height of the first page.

    Raises:
        TruncatedImageError: the file ends before it describes the page.
        ValueError, KeyError, struct.error: it is damaged.
    """
    tags = _first_tags(data)[1]
    return int(tags[WIDTH][0]), int(tags[HEIGHT][0])


def read_tiff(data: bytes) -> Tiff:
    """Read the first page.

    Raises:
        NotAnImageError: its kind is not read here; the message names it.
        TruncatedImageError: most of it is missing.
        ValueError, KeyError, struct.error, zlib.error: it is damaged.
    """
    order, tags = _first_tags(data)
    try:
        page = Page.of(tags)
    except NotAnImageError as error:
        share = share_of(data, tags)
        raise ends_early("TIFF", share) if share < 1 else error from None
    values, share, gaps = _values(data, order, page)
    if share < LEAST_SHARE:
        raise ends_early("TIFF", share)
    info = _info(tags)
    space = None
    if page.colours in (0, 1, 2) and (page.bits > 8 or page.is_float):
        space = demanding_space(info.get("icc_profile"), "RGB" if page.colours == 2 else "GRAY", b"")
    if space is not None:
        del info["icc_profile"]
    image, alpha = coloured(values, page, space)
    for gap in gaps:
        image.paste(_GREY[image.mode], gap)
        if alpha is not None:
            alpha.paste(255, gap)
    turn = tags.get(ORIENTATION, [1])[0]
    image.info = info
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


def _first_tags(data: bytes) -> tuple[str, Tags]:
    """Return the byte order, and the tags of the first page. Raises what `size_of` does."""
    if len(data) < 8:
        raise ends_early("TIFF")
    order, is_big, start = header(data)
    if start >= len(data):  # many programs write what is in a file at its end
        raise ends_early("TIFF")
    try:
        tags = read_tags(data, order, is_big, start)[0]
    except struct.error:
        raise ends_early("TIFF") from None
    if tags.lacks:
        raise ends_early("TIFF")
    return order, tags


def _info(tags: Tags) -> dict[Any, Any]:
    """Profile and resolution as Pillow has them."""
    info: dict[Any, Any] = {}
    if PROFILE in tags and isinstance(tags[PROFILE][0], bytes):
        info["icc_profile"] = tags[PROFILE][0]
    inches = {2: 1.0, 3: 2.54}.get(tags.get(UNIT, [2])[0])
    both = [tags.get(tag, [0, 0]) for tag in (X_RESOLUTION, Y_RESOLUTION)]
    if inches and all(len(pair) == 2 and pair[1] for pair in both):
        info["dpi"] = tuple(pair[0] / pair[1] * inches for pair in both)
    return info


def _values(data: bytes, order: str, page: Page) -> tuple[AnyArray, float, list[Box]]:
    """Return the samples as they stand in the file, ``(h, w, samples)``, which part of them is there, and the gaps."""
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
    gaps = []
    for index in range(planes * down * across):
        plane, place = divmod(index, down * across)
        top, left = place // across * block_height, place % across * block_width
        is_strip = block_width == page.width and across == 1
        rows = min(block_height, page.height - top) if is_strip else block_height
        lines, line = _lines(page, rows, samples)
        wanted += lines * line
        bottom, right = min(top + rows, page.height), min(left + block_width, page.width)
        target = slice(plane, plane + 1) if page.is_planar else slice(None)
        if index < len(page.places):
            length = page.lengths[min(index, len(page.lengths) - 1)]
            packed = data[page.places[index] : page.places[index] + length]
            found = unpacked(packed, page, lines, line, is_cut=len(packed) < length < 1 << 31)
            there += len(found)
            if lines := len(found) // line:
                block = _samples(found[: lines * line], order, page, (lines, block_width, samples))
                end = min(top + len(block), bottom)
                result[top:end, left:right, target] = block[: end - top, : right - left]
                top = end
        if top < bottom:
            gaps.append((left, top, right, bottom))
    return result, there / wanted, gaps


def _lines(page: Page, rows: int, samples: int) -> tuple[int, int]:
    """Return how many lines of how many bytes the rows of a strip or tile are."""
    across, down = page.subsampling
    if page.subsampling != (1, 1):
        return -(-rows // down), -(-page.block[0] // across) * (across * down + 2)
    return rows, -(-page.block[0] * samples * page.bits // 8)


def _type_of(page: Page, order: str) -> np.dtype[Any]:
    kind = "f" if page.is_float else "i" if page.is_signed else "u"
    size = next(size for size in (1, 2, 4, 8) if size * 8 >= page.bits)
    return np.dtype(f"{order}{kind}{size}")


def _samples(unpacked: bytes, order: str, page: Page, shape: tuple[int, int, int]) -> AnyArray:
    """Return the samples of a strip or tile, ``(rows, width, samples)``, with its predictor undone."""
    rows, width, samples = shape
    kind = _type_of(page, order)
    if page.subsampling != (1, 1):
        return _shared_colours(np.frombuffer(unpacked, np.uint8).reshape(rows, -1), page.subsampling)
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


def _shared_colours(lines: AnyArray, subsampling: tuple[int, int]) -> AnyArray:
    """Return each pixel's brightness and differences, ``(h, w, 3)``, of units in which pixels share the differences.

    Args:
        lines: uint8, ``(lines, bytes)``: of each unit its pixels' brightness, row by row, then both differences.
        subsampling: pixels of a unit across and down.
    """
    across, down = subsampling
    units = lines.reshape(len(lines), -1, across * down + 2)
    result = np.empty((units.shape[0], down, units.shape[1], across, 3), np.uint8)
    result[..., 0] = units[..., :-2].reshape(*units.shape[:2], down, across).transpose(0, 2, 1, 3)
    result[..., 1:] = units[:, None, :, None, -2:]
    return result.reshape(units.shape[0] * down, units.shape[1] * across, 3)
