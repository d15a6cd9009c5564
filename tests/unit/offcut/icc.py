"""ICC profiles made for tests."""

from __future__ import annotations

import struct
from collections.abc import Sequence

P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
ADOBE = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
PROPHOTO = ((0.79767, 0.28804, 0.0), (0.13519, 0.71188, 0.0), (0.03135, 0.00009, 0.82491))
SRGB = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410))
"""Red, green and blue as CIEXYZ under D50."""

D50 = 0.9642, 1.0, 0.8249


def numbers(*values: float) -> bytes:
    """s15Fixed16Number."""
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def icc(space: bytes, tags: Sequence[tuple[bytes, bytes]], connection: bytes = b"XYZ ", kind: bytes = b"mntr") -> bytes:
    """A profile of these tags."""
    text = b"made for a test\0"
    description = b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(78)
    head_tags = [
        (b"desc", description),
        (b"cprt", b"text" + bytes(4) + b"CC0\0"),
        (b"wtpt", b"XYZ " + bytes(4) + numbers(*D50)),
    ]
    tags = [*head_tags, *tags]
    at, table, body = 132 + 12 * len(tags), b"", b""
    for name, data in tags:
        padded = data + bytes(-len(data) % 4)
        table += name + struct.pack(">II", at + len(body), len(padded))
        body += padded
    head = struct.pack(
        ">I4sI4s4s4s6H4s28s",
        at + len(body),
        b"",
        0x02100000,
        kind,
        space,
        connection,
        *(2026, 1, 1, 0, 0, 0),
        b"acsp",
        b"",
    )
    return head + numbers(*D50) + bytes(48) + struct.pack(">I", len(tags)) + table + body


def gamma(value: float) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(value * 256)) + bytes(2)


def table(values: Sequence[float]) -> bytes:
    return b"curv" + bytes(4) + struct.pack(f">I{len(values)}H", len(values), *(round(v * 65535) for v in values))


def parametric(kind: int, *values: float) -> bytes:
    return b"para" + bytes(4) + struct.pack(">HH", kind, 0) + numbers(*values)


SRGB_CURVE = parametric(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def rgb(primaries: Sequence[Sequence[float]] = P3, curve: bytes | None = None, *more: tuple[bytes, bytes]) -> bytes:
    """A profile that is a matrix and a curve; Display P3 with a gamma of 2.2 by default."""
    colorants = [
        (name, b"XYZ " + bytes(4) + numbers(*xyz))
        for name, xyz in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries, strict=True)
    ]
    curves = [(name, curve or gamma(2.2)) for name in (b"rTRC", b"gTRC", b"bTRC")]
    return icc(b"RGB ", [*colorants, *curves, *more])


def grey(curve: bytes) -> bytes:
    return icc(b"GRAY", [(b"kTRC", curve)])


def lookup(space: bytes, corners: Sequence[tuple[float, float, float]], kind: bytes = b"prtr") -> bytes:
    """A profile that is a table: the CIELAB colours where each channel is 0 or 1, the last channel changing fastest."""
    channels = {b"RGB ": 3, b"CMYK": 4, b"GRAY": 1}[space]
    assert len(corners) == 2**channels
    straight = bytes(range(256))
    nodes = bytes(round(v) for light, a, b in corners for v in (light * 2.55, a + 128, b + 128))
    lut = b"mft1" + bytes(4) + bytes((channels, 3, 2, 0)) + numbers(1, 0, 0, 0, 1, 0, 0, 0, 1)
    return icc(space, [(b"A2B0", lut + straight * channels + nodes + straight * 3)], b"Lab ", kind)


INKS = {
    "": (93, 0, -3), "c": (55, -37, -50), "m": (48, 74, -3), "y": (89, -5, 93),
    "cm": (24, 22, -46), "cy": (50, -68, 25), "my": (47, 68, 48), "cmy": (23, 0, 0),
}  # fmt: skip


def press() -> bytes:
    """A profile of a press, whose paper and inks are far from a screen's."""
    corners = []
    for inks in range(16):
        light, a, b = INKS["".join(ink for at, ink in enumerate("cmy") if inks >> (3 - at) & 1)]
        corners.append((light * 0.17, a * 0.05, b * 0.05) if inks & 1 else (light, a, b))
    return lookup(b"CMYK", corners)
