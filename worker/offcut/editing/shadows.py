"""Shadows of the subject: on a wall behind it, and on the ground where it stands."""

import math

from PIL import Image, ImageChops, ImageFilter

from offcut.editing.outline import Rectangle
from offcut.editing.settings import Contact, Drop

_SOLID = 128
_FOOT = 0.1
"""Part of the subject's height that touches the ground."""

_FLAT = 0.35
"""Height of that part's shadow, relative to the part: the ground is seen at an angle."""

_THIN = 0.4
"""Vertical blur relative to the horizontal one, for the same reason."""


def shadow_of(subject: Image.Image, drop: Drop | None, contact: Contact | None) -> Image.Image | None:
    """Draw the shadows. Where both fall, the remaining light is multiplied.

    Args:
        subject: its alpha on the canvas, mode L.
        drop: None for no shadow on a wall.
        contact: None for no shadow on the ground.

    Returns:
        How dark each pixel becomes, mode L, 0 (unchanged) to 255 (black); None without any shadow.
    """
    shadow = None
    if drop and drop.opacity:
        shadow = _faded(_drop(subject, drop), drop.opacity)
    if contact and contact.opacity:
        ground = _contact(subject, contact)
        if ground is not None:
            ground = _faded(ground, contact.opacity)
            shadow = ground if shadow is None else ImageChops.screen(shadow, ground)
    return shadow


_BLUR_REACH = 3
"""Standard deviations after which nothing of a blur is seen."""


def reach(subject: Rectangle, drop: Drop | None, contact: Contact | None) -> Rectangle:
    """Return the smallest rectangle around a subject and its shadows.

    Args:
        subject: the rectangle around the placed subject, in pixels.
        drop: None for no shadow on a wall.
        contact: None for no shadow on the ground.
    """
    area = subject
    if drop and drop.opacity:
        angle, blur = math.radians(drop.direction), _BLUR_REACH * drop.blur
        right, down = drop.distance * math.cos(angle), drop.distance * math.sin(angle)
        area = area.joined(subject.grown(blur - right, blur - down, blur + right, blur + down))
    if contact and contact.opacity:
        blur = _BLUR_REACH * contact.blur
        below = subject.height * _FOOT * _FLAT / 2 + 1 + blur * _THIN
        area = area.joined(subject.grown(blur, 0, blur, below))
    return area


def distance(subject: Rectangle, drop: Drop | None, contact: Contact | None) -> float:
    """Return how far, in pixels, the shadows of a subject reach beyond it."""
    area = reach(subject, drop, contact)
    return max(
        subject.left - area.left, subject.top - area.top, area.right - subject.right, area.bottom - subject.bottom
    )


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
