"""Reading ICC profiles (ICC.1:2022 and ICC.1:2001-04): what an embedded profile says about a file's numbers."""

from __future__ import annotations

import functools
import struct
from dataclasses import dataclass

import numpy as np

from offcut.arrays import Doubles
from offcut.colour.spaces import SAMPLES, SRGB, STEPS, ColourSpace, is_like_srgb, positions

_DEVICES = (b"scnr", b"mntr", b"prtr", b"spac")
"""Classes of profiles that describe the colours of pictures (7.2.5): not links, abstract profiles or named colours."""

_MAX_TAGS = 1000


@dataclass(frozen=True)
class Profile:
    """A profile that makes sense."""

    colours: str
    """What the numbers are: ``"RGB"``, ``"GRAY"`` or ``"CMYK"``."""

    space: ColourSpace | None = None
    """Of a profile of RGB that is a matrix and curves."""

    grey: Doubles | None = None
    """Of a profile of greys that is a curve: the linear light of the values, float64 ``(256,)``, 0 to 1."""


@functools.lru_cache(maxsize=8)
def read_profile(data: bytes | None) -> Profile | None:
    """Read an ICC profile.

    Returns:
        None where there is none, or it is broken or describes no picture's colours: browsers ignore such profiles.
    """
    if data is None or len(data) < 132 or data[36:40] != b"acsp" or data[12:16] not in _DEVICES:
        return None
    colours, connection = data[16:20].decode("latin-1").strip(), data[20:24]
    if colours not in ("RGB", "GRAY", "CMYK") or connection not in (b"XYZ ", b"Lab "):
        return None
    try:
        tags = tags_of(data)
        # Where there are tables, they count, and the matrix is for programs that cannot read them.
        if b"A2B0" in tags or b"A2B1" in tags or connection == b"Lab ":
            return Profile(colours)
        if colours == "RGB":
            return Profile(colours, _space(tags))
        if colours == "GRAY":
            return Profile(colours, grey=_curve(tags[b"kTRC"])[::STEPS])
    except (KeyError, ValueError, IndexError, struct.error, OverflowError):
        pass
    return None


@functools.lru_cache(maxsize=8)
def space_of(data: bytes | None) -> ColourSpace | None:
    """Return the colour space of a profile of RGB; None for sRGB, which is also what pictures without one are in."""
    profile = read_profile(data)
    space = None if profile is None else profile.space
    return None if space is None or is_like_srgb(space) else space


def tags_of(data: bytes) -> dict[bytes, bytes]:
    """Return the contents of a profile's tags by signature. Raises ValueError or struct.error for a broken one."""
    (count,) = struct.unpack_from(">I", data, 128)
    if count > _MAX_TAGS:
        raise ValueError("more tags than make sense")
    entries = (struct.unpack_from(">4sII", data, 132 + 12 * at) for at in range(count))
    return {name: data[offset : offset + size] for name, offset, size in entries}


def _space(tags: dict[bytes, bytes]) -> ColourSpace:
    curves = np.array([_curve(tags[name]) for name in (b"rTRC", b"gTRC", b"bTRC")])
    matrix = np.array([_xyz(tags[name]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]).T
    # Brighter than any light there is, or so narrow that all colours lie in a plane.
    if np.abs(matrix).max() > 2 or abs(np.linalg.det(matrix)) < 1e-3 * abs(np.linalg.det(SRGB.matrix)):
        raise ValueError("the primaries span no colour space")
    return ColourSpace(curves, matrix)


def _xyz(tag: bytes) -> Doubles:
    """XYZType (10.31)."""
    if tag[:4] != b"XYZ ":
        raise ValueError("not a colour")
    return np.array(struct.unpack_from(">3i", tag, 8)) / 65536


def _curve(tag: bytes) -> Doubles:
    """Return the linear light, 0 to 1, at `positions`. Raises ValueError where the curve has no inverse."""
    x = positions()
    if tag[:4] == b"para":
        y = _parametric(tag, x)
    elif tag[:4] == b"curv":
        (count,) = struct.unpack_from(">I", tag, 8)
        if count == 0:
            y = x
        elif count == 1:
            y = x ** (struct.unpack_from(">H", tag, 12)[0] / 256)  # u8Fixed8Number
        else:
            table = np.frombuffer(tag, ">u2", count, 12) / 65535
            y = np.interp(x, np.linspace(0, 1, count), table)
    else:
        raise ValueError("not a curve")
    y = np.maximum.accumulate(np.clip(np.nan_to_num(y), 0, 1))  # measured curves may fall by a trace
    if y[-1] - y[0] < 0.01 or len(y) != SAMPLES:
        raise ValueError("a curve without an inverse")
    return y


def _parametric(tag: bytes, x: Doubles) -> Doubles:
    """ParametricCurveType (10.18)."""
    (kind,) = struct.unpack_from(">H", tag, 8)
    count = (1, 3, 4, 5, 7)[kind]
    g, a, b, c, d, e, f = np.pad(np.array(struct.unpack_from(f">{count}i", tag, 12)) / 65536, (0, 7 - count))
    if kind == 0:
        a, bound, below = 1.0, -1.0, x
    elif kind <= 2:
        if a == 0:
            raise ValueError("not a curve")
        e = f = c if kind == 2 else 0.0
        bound, below = -b / a, np.zeros_like(x)
    else:
        bound, below = d, c * x
    with np.errstate(all="ignore"):  # what is infinite is cut off
        curve: Doubles = np.where(x >= bound, np.maximum(a * x + b, 0) ** g + e, below + f)
    return curve
