"""The 16-bit values of a PNG, of which Pillow keeps the upper 8 bits (W3C PNG 3, 9).

Rows are filtered byte by byte, each with the byte of the same place in its neighbours. So the upper and the lower bytes
are two PNGs of 8 bits with the same filters, which Pillow reads.
"""

import io
import struct
import zlib

import numpy as np
from PIL import Image

from offcut.arrays import PixelsU16
from offcut.codecs.colours import demanding_space, kind_of, to_srgb
from offcut.codecs.repair import PASSES, SIGNATURE, chunk, png_chunks

_CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}


def in_srgb(source: Image.Image, data: bytes) -> Image.Image | None:
    """Return a PNG of 16 bits in sRGB where 8 bits of its values are too few (`colours.demanding_space`); else None.

    Args:
        source: as Pillow opens it; of its `info` what is not about colours stays.
        data: the bytes of the file.

    Returns:
        Mode RGB or RGBA, not turned.
    """
    space = demanding_space(source.info.get("icc_profile"), kind_of(source.mode), data)
    values = None if space is None else deep_values(data)
    if space is None or values is None:
        return None
    channels = values.shape[2]
    result = Image.fromarray(
        to_srgb(np.broadcast_to(values[..., :1] if channels < 3 else values[..., :3], (*values.shape[:2], 3)), space)
    )
    clear = source.info.get("transparency")
    if channels in (2, 4):
        result.putalpha(Image.fromarray((values[..., -1] >> 8).astype(np.uint8)))
    elif clear is not None:
        is_clear = (values == np.array(clear, np.uint16)).all(axis=2)
        result.putalpha(Image.fromarray(np.where(is_clear, 0, 255).astype(np.uint8)))
    result.format = source.format
    result.info = {key: value for key, value in source.info.items() if key in ("exif", "dpi")}
    return result


def deep_values(data: bytes) -> PixelsU16 | None:
    """Return the values of a PNG of 16 bits, uint16 ``(h, w, channels)``; None for others and those not whole."""
    header, packed = b"", bytearray()
    for kind, body, _ in png_chunks(data):
        if kind == b"IHDR":
            header = body
        elif kind == b"IDAT":
            packed += body
    if len(header) < 13 or header[8] != 16 or header[9] not in _CHANNELS:
        return None
    width, height = struct.unpack_from(">II", header)
    channels = _CHANNELS[header[9]]
    sizes = [(width, height)]
    if header[12]:
        sizes = [
            (-(-max(width - left, 0) // across), -(-max(height - top, 0) // down)) for left, top, across, down in PASSES
        ]
    sizes = [(across, down) for across, down in sizes if across and down]
    whole = sum(down * (1 + across * channels * 2) for across, down in sizes)
    try:
        rows = np.frombuffer(zlib.decompressobj().decompress(packed, whole), np.uint8)
    except zlib.error:
        return None
    if len(rows) < whole:
        return None
    halves: tuple[list[bytes], list[bytes]] = [], []
    start = 0
    for across, down in sizes:
        lines = rows[start : start + down * (1 + across * channels * 2)].reshape(down, -1)
        start += lines.size
        for half, parts in enumerate(halves):
            parts.append(np.concatenate([lines[:, :1], lines[:, 1 + half :: 2]], axis=1).tobytes())
    upper, lower = (_unfiltered(b"".join(parts), header, channels) for parts in halves)
    result: PixelsU16 = (upper.astype(np.uint16) << 8) | lower
    return result


def _unfiltered(rows: bytes, header: bytes, channels: int) -> np.ndarray:
    """Return the values of filtered rows of 8 bits, uint8 ``(h, w, channels)``."""
    chunks = (b"IHDR", header[:8] + b"\x08" + header[9:13]), (b"IDAT", zlib.compress(rows, 0)), (b"IEND", b"")
    image = Image.open(io.BytesIO(SIGNATURE + b"".join(chunk(*one) for one in chunks)), formats=("PNG",))
    return np.asarray(image).reshape(image.height, image.width, channels)
