"""Placing the canvas and the subject, in the photo's coordinates: the canvas is a window onto them."""

import math
from dataclasses import replace

import numpy as np
from PIL import Image

from offcut.alpha import VISIBLE
from offcut.codecs import MAX_PIXELS
from offcut.editing.settings import Canvas, Placement, aspect_of
from offcut.errors import OptionError
from offcut.geometry import Box


def frame_of(canvas: Canvas, placement: Placement, alpha: np.ndarray) -> Box:
    """Find the canvas.

    Args:
        canvas: the requested size, crop and aspect.
        placement: of the subject.
        alpha: how much of each pixel is visible, uint8 ``(h, w)``. A crop contains what is at least a tenth visible.

    Raises:
        OptionError: the canvas would have more pixels than can be saved.
    """
    height, width = alpha.shape
    frame = Box.of_size(width, height)
    if canvas.crop:
        frame = _around_subject(alpha, placement, canvas.margin) or frame
    if canvas.aspect:
        frame = _shaped(frame, aspect_of(canvas.aspect))
    if canvas.width and canvas.height:
        left = frame.left + (frame.width - canvas.width) // 2
        top = frame.top + (frame.height - canvas.height) // 2
        frame = Box.of_size(canvas.width, canvas.height, left, top)
    if frame.width * frame.height > MAX_PIXELS:
        raise OptionError(
            f"The canvas would have {frame.width} × {frame.height} = "
            f"{frame.width * frame.height / 1e6:.0f} million pixels; "
            f"at most {MAX_PIXELS / 1e6:.0f} million can be saved here. Make it smaller."
        )
    return frame


def place(subject: Image.Image, placement: Placement, frame: Box) -> Image.Image:
    """The subject's layer on the canvas.

    Args:
        subject: mode RGBA, of the photo's size.
        placement: turned and scaled about the photo's centre, then moved.
        frame: the canvas.

    Returns:
        Mode RGBA, of the canvas's size. Moved by whole pixels alone, its values are the very same.
    """
    whole = placement.scale == 1 and placement.rotate % 360 == 0
    if whole and float(placement.x).is_integer() and float(placement.y).is_integer():
        offset = (int(placement.x) - frame.left, int(placement.y) - frame.top)
        if offset == (0, 0) and frame.size == subject.size:
            return subject
        layer = Image.new("RGBA", frame.size)
        layer.paste(subject, offset)
        return layer
    width, height = subject.size
    if placement.scale < 1:
        # An affine map looks at single pixels; a smaller picture is made of the means of many.
        smaller = (max(1, round(width * placement.scale)), max(1, round(height * placement.scale)))
        subject = subject.resize(smaller, Image.Resampling.BOX)
    across, down = placement.scale * width / subject.width, placement.scale * height / subject.height
    cos, sin = math.cos(math.radians(placement.rotate)), math.sin(math.radians(placement.rotate))
    # From the canvas back to the subject: p = c + R⁻¹(q − c − t) / scale.
    x, y = width / 2 + placement.x - frame.left, height / 2 + placement.y - frame.top
    a, b = cos / across, sin / across
    d, e = -sin / down, cos / down
    matrix = (a, b, subject.width / 2 - a * x - b * y, d, e, subject.height / 2 - d * x - e * y)
    return subject.transform(frame.size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)


def scaled(placement: Placement, scale: float) -> Placement:
    """The same placement for a smaller copy."""
    return replace(placement, x=placement.x * scale, y=placement.y * scale)


def _around_subject(alpha: np.ndarray, placement: Placement, margin: float) -> Box | None:
    seen = alpha >= VISIBLE
    rows = np.flatnonzero(seen.any(1))
    if not len(rows):
        return None
    height, width = alpha.shape
    # The outermost pixels of each row are all that can be outermost, however the subject is turned.
    first, last = seen[rows].argmax(1), width - seen[rows, ::-1].argmax(1)
    x = np.concatenate([first, last, first, last]) - width / 2
    y = np.concatenate([rows, rows, rows + 1, rows + 1]) - height / 2
    cos, sin = math.cos(math.radians(placement.rotate)), math.sin(math.radians(placement.rotate))
    across = width / 2 + placement.x + placement.scale * (cos * x - sin * y)
    down = height / 2 + placement.y + placement.scale * (sin * x + cos * y)
    left, top = math.floor(across.min() + 1e-6), math.floor(down.min() + 1e-6)
    right, bottom = math.ceil(across.max() - 1e-6), math.ceil(down.max() - 1e-6)
    extra = round(margin * max(right - left, bottom - top))
    return Box(top, bottom, left, right).grown(extra)


def _shaped(frame: Box, aspect: float) -> Box:
    width = max(frame.width, round(frame.height * aspect))
    height = max(frame.height, round(frame.width / aspect))
    left = frame.left - (width - frame.width) // 2
    top = frame.top - (height - frame.height) // 2
    return Box.of_size(width, height, left, top)
