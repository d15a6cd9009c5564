"""The subject's shadow: on a wall behind it, and on the ground where it stands."""

import math

from PIL import Image, ImageChops, ImageFilter

from offcut.editing.settings import Contact, Drop

_SOLID = 128
_FOOT = 0.1
"""Lowest part of the subject, of its height, that touches the ground."""

_FLAT = 0.35
"""How much lower that part's shadow is, lying on the ground."""

_THIN = 0.4
"""Blur down, as a part of the blur across, for the same reason."""


def shadow_of(subject: Image.Image, drop: Drop | None, contact: Contact | None) -> Image.Image | None:
    """How dark each pixel of the canvas becomes: mode L, 0 not at all to 255 black; None without any shadow.

    `subject` is its alpha on the canvas, mode L. Where both shadows fall their light is multiplied.
    """
    found = None
    if drop and drop.opacity:
        found = _faded(_drop(subject, drop), drop.opacity)
    if contact and contact.opacity:
        ground = _contact(subject, contact)
        if ground is not None:
            ground = _faded(ground, contact.opacity)
            found = ground if found is None else ImageChops.screen(found, ground)
    return found


def _drop(subject: Image.Image, drop: Drop) -> Image.Image:
    angle = math.radians(drop.direction)
    shadow = Image.new("L", subject.size)
    shadow.paste(subject, (round(drop.distance * math.cos(angle)), round(drop.distance * math.sin(angle))))
    return shadow.filter(ImageFilter.GaussianBlur(drop.blur))


def _contact(subject: Image.Image, contact: Contact) -> Image.Image | None:
    box = subject.point([0] * _SOLID + [255] * (256 - _SOLID)).getbbox()
    if box is None:
        return None
    left, top, right, bottom = box
    foot = max(1, round((bottom - top) * _FOOT))
    flat = max(1, round(foot * _FLAT))
    foot_print = subject.crop((left, bottom - foot, right, bottom)).resize((right - left, flat), Image.Resampling.BOX)
    shadow = Image.new("L", subject.size)
    shadow.paste(foot_print, (left, bottom - flat // 2))
    return shadow.filter(ImageFilter.GaussianBlur((contact.blur, contact.blur * _THIN)))


def _faded(shadow: Image.Image, opacity: float) -> Image.Image:
    return shadow.point([round(value * opacity) for value in range(256)])
