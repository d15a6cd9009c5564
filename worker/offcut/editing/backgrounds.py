"""What lies behind the subject."""

import math
from itertools import pairwise

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from offcut.arrays import resize_floats
from offcut.colour.spaces import ColourSpace, convert, convert_colour
from offcut.compositing import parse_colour
from offcut.editing.outline import Rectangle
from offcut.editing.placement import Frame, place
from offcut.editing.settings import Background, Placement
from offcut.editing.textures import texture

BLUR = 0.04
"""Standard deviation of the strongest blur, as a part of the photo's longer side."""

DEPTHS = (0.2, 0.45, 0.7, 1.0)
"""Parts of the strongest blur, from the subject's feet to what is far."""

_FAR = 0.6
"""Of the larger part of the photo above or below the feet: how far from them the blur is strongest."""

_SUBJECT = 8
"""Of 255: what is less visible than that is background."""

_GUARD = 0.004
"""How far from the subject the photo's colours still hold some of the subject's, as a part of its longer side."""

_FILL_SIDE = 256
"""Longer side of the picture on which the place behind the subject is filled: it is smooth by nature."""


def background_of(
    background: Background,
    frame: Frame,
    size: tuple[int, int],
    photo: Image.Image | None,
    alpha: Image.Image | None,
    image: Image.Image | None,
    space: ColourSpace | None = None,
) -> Image.Image | None:
    """Draw a background.

    Args:
        background: its kind and values.
        frame: the canvas.
        size: width and height of the photo.
        photo: mode RGB, or RGBA where the file has a transparency of its own, perhaps with fewer pixels; needed for
            "original" and "blur".
        alpha: the finished alpha, mode L, of the size that `photo` has; needed for "blur".
        image: mode RGB or RGBA, for "image"; without one nothing is drawn.
        space: the colour space of photo and image, and so of the result; None for sRGB. The settings' colours are sRGB.

    Returns:
        Of the canvas's size: mode RGB, or RGBA where some of it may be transparent; None where all of it is.
    """
    match background.kind:
        case "colour":
            return Image.new("RGB", frame.size, convert_colour(parse_colour(background.colour), None, space))
        case "gradient":
            return _gradient(background, frame, space)
        case "texture":
            return texture(background.texture, parse_colour(background.colour), frame.size, space)
        case "image":
            return image and _fitted(image, background, frame)
        case "original" if photo:
            return _in_place(photo, size, frame)
        case "blur" if photo and alpha:
            deviation = background.strength * BLUR * max(photo.size)
            bare = without_subject(photo, alpha)
            ground = foot(alpha) if background.depth else None
            if ground is None:
                return _covering(bare.filter(ImageFilter.GaussianBlur(deviation)), size, frame)
            return _covering(_blurred_by_depth(bare, deviation, ground), size, frame)
    return None


def coarseness(background: Background, side: int) -> int:
    """Return by what factor a photo may be reduced before it is blurred: to deviations of 4 pixels, at most 16.

    Args:
        background: of which the strength counts.
        side: the photo's longer side in pixels.
    """
    weakest = DEPTHS[0] if background.depth else 1
    return min(max(1, int(weakest * background.strength * BLUR * side / 4)), 16)


def foot(alpha: Image.Image) -> int | None:
    """Return the row below a subject's feet; None where the photo cuts it off below, or there is none.

    Args:
        alpha: mode L.
    """
    box = alpha.point([0] * 128 + [255] * 128).getbbox()
    return None if box is None or box[3] >= alpha.height - max(1, alpha.height // 100) else box[3]


def _blurred_by_depth(photo: Image.Image, deviation: float, ground: int) -> Image.Image:
    """Blur a photo the more, the farther a row is from that where the subject stands: up to `deviation`.

    Between blurs of `DEPTHS` rows are mixed. The ground is farther away the higher it lies in the picture, and
    nearer to the camera below the feet.
    """
    height = photo.height
    far = np.abs(np.arange(height, dtype=np.float32) + 0.5 - ground) / max(ground, height - ground)
    wanted = DEPTHS[0] + (1 - DEPTHS[0]) * np.clip(far / _FAR, 0, 1)
    result = photo.filter(ImageFilter.GaussianBlur(DEPTHS[0] * deviation))
    for weaker, stronger in pairwise(DEPTHS):
        part = np.clip((wanted - weaker) / (stronger - weaker), 0, 1)
        mask = Image.fromarray((255 * part + 0.5).astype(np.uint8)[:, None]).resize(photo.size)
        result.paste(photo.filter(ImageFilter.GaussianBlur(stronger * deviation)), mask=mask)
    return result


def _gradient(background: Background, frame: Frame, space: ColourSpace | None) -> Image.Image:
    """A linear gradient as CSS draws it, in sRGB: its ends lie where the corners' perpendiculars meet its line."""
    width, height = frame.size
    start, end = (np.array(parse_colour(colour), np.float32) for colour in (background.start, background.end))
    angle = math.radians(background.angle)
    right, down = math.sin(angle), -math.cos(angle)
    length = abs(width * right) + abs(height * down)
    x = ((np.arange(width) + 0.5 - width / 2) * right / length + 0.5).astype(np.float32)
    result = Image.new("RGB", frame.size)
    for top in range(0, height, 256):
        y = ((np.arange(top, min(top + 256, height)) + 0.5 - height / 2) * down / length).astype(np.float32)
        position = np.clip(y[:, None] + x, 0, 1)[..., None]
        colours = (start + position * (end - start) + np.float32(0.5)).astype(np.uint8)
        result.paste(Image.fromarray(convert(colours, None, space)), (0, top))
    return result


def _fitted(image: Image.Image, background: Background, frame: Frame) -> Image.Image:
    across, down = frame.width / image.width, frame.height / image.height
    if background.fit == "cover":
        scale = max(across, down)
        width, height = frame.width / scale, frame.height / scale
        left, top = (image.width - width) * background.x, (image.height - height) * background.y
        box = (left, top, min(left + width, image.width), min(top + height, image.height))
        return image.resize(frame.size, Image.Resampling.BICUBIC, box)
    scale = min(across, down)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    result = Image.new("RGBA", frame.size)
    offset = (round((frame.width - size[0]) * background.x), round((frame.height - size[1]) * background.y))
    result.paste(image.resize(size, Image.Resampling.BICUBIC), offset)
    return result


def _in_place(photo: Image.Image, size: tuple[int, int], frame: Frame) -> Image.Image:
    """Return the photo in its own place on the canvas, transparent beyond it."""
    window = frame.window
    is_covered = window.left >= 0 and window.top >= 0 and window.right <= size[0] and window.bottom <= size[1]
    return place(photo if is_covered else photo.convert("RGBA"), size, Placement(), frame)


def _covering(photo: Image.Image, size: tuple[int, int], frame: Frame) -> Image.Image:
    """Return the photo as near to its own place as possible, enlarged where necessary to cover the whole canvas."""
    window = frame.window
    scale = max(1.0, window.width / size[0], window.height / size[1])
    width, height = window.width / scale, window.height / scale
    left = min(max(window.left + (window.width - width) / 2, 0), size[0] - width)
    top = min(max(window.top + (window.height - height) / 2, 0), size[1] - height)
    across, down = photo.width / size[0], photo.height / size[1]
    area = Rectangle(left * across, top * down, (left + width) * across, (top + height) * down)
    box = (max(area.left, 0), max(area.top, 0), min(area.right, photo.width), min(area.bottom, photo.height))
    return photo.resize(frame.size, Image.Resampling.BICUBIC, box)


def without_subject(photo: Image.Image, alpha: Image.Image) -> Image.Image:
    """Return the photo with the subject's place filled from its surroundings, mode RGB: what the background blur reads.

    Holes are filled by pull and push (Gortler and others 1996, "The Lumigraph"): means of what is known, on ever
    smaller pictures, and each unknown pixel from the next smaller one.
    """
    guard = max(2, round(_GUARD * max(photo.size)))
    subject = alpha.point([0] * _SUBJECT + [255] * (256 - _SUBJECT))
    # Square windows instead of discs: some more pixels in the corners do no harm here. In steps so short that a single
    # pixel still shows in the mean of 8 bits.
    while guard > 0:
        subject = subject.filter(ImageFilter.BoxBlur(min(guard, 5))).point([0] + [255] * 255)
        guard -= 5
    if photo.mode == "RGBA":
        clear = photo.getchannel("A").point([255] + [0] * 255)
        subject, photo = ImageChops.lighter(subject, clear), photo.convert("RGB")
    if subject.getextrema()[1] == 0:
        return photo
    scale = min(1.0, _FILL_SIDE / max(photo.size))
    size = (max(1, round(photo.width * scale)), max(1, round(photo.height * scale)))
    known = photo.copy()
    known.paste((0, 0, 0), mask=subject)
    colours = np.asarray(known.resize(size, Image.Resampling.BOX), np.float32)
    known_part = 1 - np.asarray(subject.resize(size, Image.Resampling.BOX), np.float32)[..., None] / 255
    mean = np.asarray(photo.resize((1, 1), Image.Resampling.BOX), np.float32)[0, 0]
    filled = Image.fromarray((_filled(colours, known_part, mean) + np.float32(0.5)).astype(np.uint8))
    known.paste(filled.resize(photo.size, Image.Resampling.BILINEAR), mask=subject)
    return known


def _filled(colours: np.ndarray, known: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Fill the unknown pixels.

    Args:
        colours: float32 ``(h, w, 3)``, already times `known`.
        known: how much of each pixel is known, float32 ``(h, w, 1)``, 0 to 1.
        mean: the colour to use where nothing at all is known, float32 ``(3,)``.
    """
    colour = np.clip(colours / np.maximum(known, np.float32(1e-3)), 0, 255)
    height, width = known.shape[:2]
    if max(height, width) == 1:
        below = np.broadcast_to(mean, colour.shape)
    else:
        size = ((width + 1) // 2, (height + 1) // 2)
        smaller = resize_floats(np.dstack([colours, known]), size, Image.Resampling.BOX)
        inner = _filled(smaller[..., :3], smaller[..., 3:], mean)
        below = resize_floats(inner, (width, height), Image.Resampling.BILINEAR)
    # On small pictures a quarter of a known pixel counts as fully known: smaller ones know no more.
    weight = np.minimum(known * 4, 1)
    return np.asarray(weight * colour + (1 - weight) * below)
