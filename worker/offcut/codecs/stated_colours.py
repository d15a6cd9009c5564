"""Colour spaces that files state without an ICC profile: PNG's chunks (PNG 3, 4.3), nclx of AVIF and HEIC.

Read as Chromium reads them (tried in version 156).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np

from offcut.arrays import Doubles
from offcut.codecs.boxes import properties_of
from offcut.codecs.sniff import format_of
from offcut.colour.high_range import BT2020_PRIMARIES, HighRange, high_range
from offcut.colour.profiles import tags_of
from offcut.colour.spaces import (
    D65,
    SRGB,
    SRGB_PRIMARIES,
    ColourSpace,
    from_chromaticities,
    is_like_srgb,
    positions,
    srgb_curve,
)

_PNG = b"\x89PNG\r\n\x1a\n"
_HEAD = 1 << 16
"""Bytes at the beginning of an AVIF or HEIC that are searched for its colours."""

_USUAL_GAMMA = 0.45455
"""What programs write beside sRGB values, though sRGB's curve is another one."""


def _video(encoded: Doubles) -> Doubles:
    """As a television shows it (ITU-R BT.1886), not as a camera records it."""
    return encoded**2.4


# ITU-T H.273, tables 2 and 3.
_PRIMARIES: dict[int, Doubles] = {
    1: SRGB_PRIMARIES,
    9: BT2020_PRIMARIES,
    12: np.array([[0.680, 0.320], [0.265, 0.690], [0.150, 0.060]]),
}
_CURVES: dict[int, Callable[[Doubles], Doubles]] = {
    1: _video,
    4: lambda encoded: encoded**2.2,
    5: lambda encoded: encoded**2.8,
    6: _video,
    8: lambda encoded: encoded,
    13: srgb_curve,
    14: _video,
    15: _video,
}
_PQ, _HLG = 16, 18

Stated: TypeAlias = ColourSpace | HighRange
"""What a file says of its colours."""


def coded_space(data: bytes, icc_profile: object = None) -> Stated | None:
    """Return the space that code points name, which count more than a profile's curves; None for a file without.

    A PNG has them itself; in a profile they are read where they name a high dynamic range, of which its curves are only
    a rough copy.
    """
    if data.startswith(_PNG) and (space := _of_png(data)):
        return space
    if not isinstance(icc_profile, bytes) or b"cicp" not in icc_profile or icc_profile[16:20] != b"RGB ":
        return None
    try:
        primaries, transfer, matrix, is_full = tags_of(icc_profile)[b"cicp"][8:12]
        return _coded(primaries, transfer) if transfer in (_PQ, _HLG) and is_full and not matrix else None
    except (KeyError, ValueError, struct.error):
        return None


def _of_png(data: bytes) -> Stated | None:
    try:
        primaries, transfer, matrix, is_full = struct.unpack("4B", _chunks(data)[b"cICP"])
        return None if matrix or not is_full else _coded(primaries, transfer)
    except (KeyError, ValueError, struct.error):
        return None


def described_space(data: bytes) -> Stated | None:
    """Return the space that a file without a profile describes; None where it says nothing.

    A PNG does so by a gamma and primaries, AVIF and HEIC by code points.
    """
    if format_of(data) in ("AVIF", "HEIC"):
        return _of_heif(data)
    chunks = _chunks(data)
    try:
        if b"sRGB" in chunks:
            return None
        gamma = struct.unpack(">I", chunks[b"gAMA"])[0] / 100_000
        if not 0.1 <= gamma <= 10:
            return None
        curve = positions() ** (1 / gamma)
        if b"cHRM" in chunks:
            values = np.array(struct.unpack(">8I", chunks[b"cHRM"])) / 100_000
            return _plain(from_chromaticities((values[0], values[1]), values[2:].reshape(3, 2), curve))
        if abs(gamma - _USUAL_GAMMA) < 0.005:
            return None
        return from_chromaticities(D65, SRGB_PRIMARIES, curve)
    except (KeyError, ValueError, struct.error):
        return None


def embedded_profile(data: bytes) -> bytes | None:
    """Return the ICC profile of a BMP of version 5; None where it has none or is another file."""
    try:
        header, space = struct.unpack_from("<I52x4s", data, 14)
        place, length = struct.unpack_from("<II", data, 14 + 112)
    except struct.error:
        return None
    is_there = data[:2] == b"BM" and header >= 124 and space == b"DEBM"
    return data[14 + place : 14 + place + length] if is_there else None


def heif_profile(data: bytes) -> bytes | None:
    """Return the ICC profile of a HEIC: the first among the properties of its pictures (ISO/IEC 23008-12, 6.5.5).

    None where it has none. Profiles of the tiles of one picture are the same.
    """
    colours = (content for name, content in properties_of(data) if name == b"colr")
    return next((content[4:] for content in colours if content[:4] in (b"prof", b"rICC")), None)


def chunks_of(info: Mapping[Any, Any]) -> bytes:
    """Return the beginning of a PNG that describes its colours as Pillow's `info`; empty where that says nothing."""
    gamma, points = info.get("gamma"), info.get("chromaticity")
    chunks = []
    if isinstance(info.get("srgb"), int):
        chunks.append((b"sRGB", b"\0"))
    if isinstance(gamma, float) and 0 < gamma < 1000:
        chunks.append((b"gAMA", struct.pack(">I", round(gamma * 100_000))))
    if isinstance(points, tuple) and len(points) == 8 and all(0 <= value < 1000 for value in points):
        chunks.append((b"cHRM", struct.pack(">8I", *(round(value * 100_000) for value in points))))
    parts = [struct.pack(">I", len(body)) + kind + body + bytes(4) for kind, body in chunks]
    return _PNG + b"".join(parts) if parts else b""


def _of_heif(data: bytes) -> Stated | None:
    try:
        primaries, transfer = struct.unpack_from(">HH", data, data.index(b"colrnclx", 0, _HEAD) + 8)
        # The code points of video stand in many files whose values are sRGB.
        return _coded(primaries, 13 if transfer in (1, 2, 6, 14, 15) else transfer)
    except (KeyError, ValueError, struct.error):
        return None


def _coded(primaries: int, transfer: int) -> Stated:
    if transfer in (_PQ, _HLG):
        return high_range(_PRIMARIES[primaries], is_hlg=transfer == _HLG)
    return _plain(from_chromaticities(D65, _PRIMARIES[primaries], _CURVES[transfer](positions())))


def _plain(space: ColourSpace) -> ColourSpace:
    """Return sRGB itself for a space like it, so that no value is changed."""
    return SRGB if is_like_srgb(space) else space


def _chunks(data: bytes) -> dict[bytes, bytes]:
    """Return the chunks about colours, by type."""
    if not data.startswith(_PNG):
        return {}
    return {kind: body for kind, body in _before_pixels(data) if kind in (b"cICP", b"sRGB", b"gAMA", b"cHRM")}


def _before_pixels(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"IDAT":
            return
        yield kind, data[at + 8 : at + 8 + min(length, 64)]
        at += length + 12
