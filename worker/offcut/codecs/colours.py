"""From the numbers of a file to the colours of a photo: RGB, with the profile that it is in, or in sRGB."""

from __future__ import annotations

import importlib.util
import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from offcut.arrays import Doubles, PixelsU8, PixelsU16
from offcut.codecs.image_strips import strips
from offcut.codecs.stated_colours import Stated, coded_space, described_space
from offcut.codecs.to_rgb8 import to_rgb
from offcut.colour.high_range import HighRange, tone_mapped
from offcut.colour.profiles import Profile, read_profile
from offcut.colour.spaces import SAMPLES, SRGB, ColourSpace, convert, convert_image, is_coarse, positions, srgb_curve

_STRIP_PIXELS = 1 << 18
"""Pixels that are converted at a time."""

_OF_MODE = {"RGB": ("RGB",), "GRAY": ("GRAY", "RGB"), "CMYK": ("CMYK",)}
"""Colours that a profile may have, for pictures of each kind. A grey picture may have one of RGB, as browsers allow."""


@dataclass(frozen=True)
class Unconverted:
    """Colours in a profile with tables, where there is no colour management library to convert them."""

    image: Image.Image
    """Mode RGB, L or CMYK."""

    icc_profile: bytes


@dataclass(frozen=True)
class Colours:
    """What `read` found."""

    image: Image.Image
    """Mode RGB."""

    alpha: Image.Image | None
    """Mode L; None where the picture is opaque throughout."""

    icc_profile: bytes | None
    """Of RGB, a matrix and curves (`offcut.colour`): what the values of `image` mean. None for sRGB."""

    unconverted: Unconverted | None = None
    """What `image` is only a rough copy of."""


def read(source: Image.Image, data: bytes) -> Colours:
    """Read the colours of a picture.

    A profile of RGB that is a matrix and curves is kept, with the file's own values. Everything else becomes sRGB: grey
    and CMYK, profiles with tables or of linear light, and files that state their colours without a profile. A broken
    profile, or one for
    other colours than the picture's, is ignored. CMYK without a profile is converted by the plain formula.

    Args:
        source: any mode; upright.
        data: the bytes of its file.
    """
    icc_profile = source.info.get("icc_profile")
    profile = read_profile(icc_profile) if isinstance(icc_profile, bytes) else None
    image, alpha = to_rgb(source)
    if coded := coded_space(data, icc_profile):
        return Colours(_in_srgb(image, coded), alpha, None)
    if icc_profile is None or profile is None or profile.colours not in _OF_MODE[kind_of(source.mode)]:
        return Colours(_in_srgb(image, described_space(data)), alpha, None)
    if profile.space is not None:
        if is_coarse(profile.space):
            return Colours(_in_srgb(image, profile.space), alpha, None)
        return Colours(image, alpha, icc_profile)
    if profile.grey is not None:
        return Colours(image.point(_to_srgb(profile.grey) * 3), alpha, None)
    unconverted = Unconverted(_own(source, image, profile), icc_profile)
    if importlib.util.find_spec("PIL._imagingcms") is None:  # Pyodide's Pillow
        return Colours(image, alpha, None, unconverted)
    return Colours(_converted(unconverted) or image, alpha, None)


def demanding_space(icc_profile: object, kind: str, data: bytes) -> Stated | None:
    """Return what a file's values mean where 8 bits of them are too few; None for all others.

    Args:
        icc_profile: the file's.
        kind: of its colours: ``"RGB"`` or ``"GRAY"``.
        data: the bytes of the file.
    """
    profile = read_profile(icc_profile) if isinstance(icc_profile, bytes) else None
    space = coded_space(data, icc_profile)
    if space is None and profile is not None and profile.colours in _OF_MODE[kind]:
        space = profile.space
        if profile.grey is not None:
            curve = np.interp(positions() * 255, np.arange(256), profile.grey)
            space = ColourSpace(np.tile(curve, (3, 1)), SRGB.matrix)
    elif space is None:
        space = described_space(data)
    return space if isinstance(space, HighRange) or (space is not None and is_coarse(space)) else None


def to_srgb(values: PixelsU8 | PixelsU16, space: Stated) -> PixelsU8:
    """Return values, uint8 or uint16 ``(h, w, 3)``, in sRGB, uint8."""
    return tone_mapped(values, space) if isinstance(space, HighRange) else convert(values, space, SRGB)


def _in_srgb(image: Image.Image, space: Stated | None) -> Image.Image:
    """Return a picture of mode RGB in sRGB; None is sRGB."""
    if not isinstance(space, HighRange):
        return convert_image(image, space, None)
    result = Image.new("RGB", image.size)
    rows = max(1, _STRIP_PIXELS // image.width)
    for top, strip in strips(image, rows):
        result.paste(Image.fromarray(tone_mapped(np.asarray(strip), space)), (0, top))
    return result


def kind_of(mode: str) -> str:
    """Return what colours a mode of Pillow's has: ``"RGB"``, ``"GRAY"`` or ``"CMYK"``."""
    if mode == "CMYK":
        return "CMYK"
    return "GRAY" if mode in ("1", "L", "LA", "La", "I", "F") or mode.startswith("I;16") else "RGB"


def _to_srgb(grey: Doubles) -> list[int]:
    """Return the sRGB values of greys with that linear light, for each of 256 values."""
    encoded = np.interp(grey, srgb_curve(positions()), np.linspace(0, 255, SAMPLES))
    return [int(value + 0.5) for value in encoded]


def _own(source: Image.Image, image: Image.Image, profile: Profile) -> Image.Image:
    """Return the picture in the profile's colours, 8 bits a channel."""
    match profile.colours:
        case "CMYK":
            return source
        case "GRAY":
            return image.getchannel(0)
    return image


def _converted(unconverted: Unconverted) -> Image.Image | None:
    """Return the colours in sRGB, by LittleCMS; None where it finds the profile broken."""
    from PIL import ImageCms

    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(unconverted.icc_profile))
        return ImageCms.profileToProfile(unconverted.image, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
