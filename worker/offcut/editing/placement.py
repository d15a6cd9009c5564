"""Placing the canvas and the subject, in the photo's coordinates: the canvas is a window onto them."""

import math
from dataclasses import replace
from typing import NamedTuple

from PIL import Image

from offcut.editing import shadows
from offcut.editing.head import Head
from offcut.editing.outline import SIDES, Outline, Rectangle
from offcut.editing.settings import Canvas, Placement, Settings, aspect_of
from offcut.errors import OptionError
from offcut.memory_budget import MAX_PIXELS

_WIDEST_MARGIN = 0.45
"""Of the canvas's shorter side, so that something is left for the subject."""


class Frame(NamedTuple):
    """The canvas: its size in pixels, and which part of the photo's coordinates it shows."""

    width: int
    height: int
    left: float
    top: float
    """Its upper left corner, in photo pixels."""

    scale: float = 1.0
    """Canvas pixels for each photo pixel."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, as Pillow has them."""
        return self.width, self.height

    @property
    def window(self) -> Rectangle:
        """What it shows, in photo pixels."""
        right, bottom = self.left + self.width / self.scale, self.top + self.height / self.scale
        return Rectangle(self.left, self.top, right, bottom)

    def shows_all_of(self, size: tuple[int, int]) -> bool:
        """Return whether it is just a photo of that width and height."""
        return self == Frame(*size, 0, 0)

    def reduced(self, factor: float) -> "Frame":
        """Return the same canvas with so many times the pixels across and down."""
        width, height = max(1, round(self.width * factor)), max(1, round(self.height * factor))
        return Frame(width, height, self.left, self.top, self.scale * max(width, height) / max(self.size))

    def grown_to(self, other: Rectangle) -> "Frame":
        """Return a canvas of the same scale, grown by whole pixels to hold a rectangle of photo pixels, too."""
        window = self.window
        left = max(0, math.ceil((window.left - other.left) * self.scale - 1e-6))
        top = max(0, math.ceil((window.top - other.top) * self.scale - 1e-6))
        right = max(0, math.ceil((other.right - window.right) * self.scale - 1e-6))
        bottom = max(0, math.ceil((other.bottom - window.bottom) * self.scale - 1e-6))
        size = self.width + left + right, self.height + top + bottom
        return Frame(*size, self.left - left / self.scale, self.top - top / self.scale, self.scale)


def frame_of(
    size: tuple[int, int],
    settings: Settings,
    outline: Outline | None,
    head: Head | None = None,
) -> Frame:
    """Find the canvas.

    Args:
        size: width and height of the photo.
        settings: canvas, placement, and the border and shadows that a canvas around the subject holds, too.
        outline: of what is visible; None where nothing is, or where the canvas does not depend on it.
        head: of the person, for a canvas that is fitted to it; None where there is none, or it does not count.

    Raises:
        OptionError: the canvas would have more pixels than can be saved.
    """
    canvas, placement = settings.canvas, settings.placement
    frame = Frame(*size, 0, 0)
    if canvas.crop and outline:
        frame = _around_subject(outline, settings)
    aspect = _aspect(canvas)
    if aspect and canvas.fit != "none":
        if canvas.fit == "head" and head:
            window = _at_head(size, head, placement, canvas, aspect)
        elif canvas.fit == "photo":
            window = _within_photo(size, aspect, outline, placement)
        elif outline:
            window = _fitted(outline, settings, aspect)
        else:
            window = _shaped(Rectangle(0, 0, *size), aspect)
        frame = _as_large_as_requested(window, canvas)
    else:
        if canvas.aspect:
            frame = _shaped_frame(frame, aspect_of(canvas.aspect))
        if canvas.width and canvas.height:
            left = frame.left + (frame.width - canvas.width) // 2
            frame = Frame(canvas.width, canvas.height, left, frame.top + (frame.height - canvas.height) // 2)
    if frame.width * frame.height > MAX_PIXELS:
        raise OptionError(
            f"The canvas would have {frame.width} × {frame.height} = "
            f"{frame.width * frame.height / 1e6:.0f} million pixels; "
            f"at most {MAX_PIXELS / 1e6:.0f} million can be saved here. Make it smaller."
        )
    return frame


def place(picture: Image.Image, size: tuple[int, int], placement: Placement, frame: Frame) -> Image.Image:
    """Draw a picture of the photo on the canvas.

    Args:
        picture: any mode that can be transparent or L; of the photo's shape, perhaps with fewer pixels.
        size: width and height of the photo itself.
        placement: turned and scaled about the photo's centre, then moved.
        frame: the canvas.

    Returns:
        The same mode, of the canvas's size. Where no pixel is scaled or turned, their values are the very same.
    """
    width, height = size
    zoom = placement.scale * frame.scale
    left = (width / 2 * (1 - placement.scale) + placement.x - frame.left) * frame.scale
    top = (height / 2 * (1 - placement.scale) + placement.y - frame.top) * frame.scale
    if placement.rotate % 360 == 0:
        return _unturned(picture, frame.size, Rectangle(left, top, left + zoom * width, top + zoom * height))
    smaller = max(1, round(width * zoom)), max(1, round(height * zoom))
    if smaller[0] < picture.width and smaller[1] < picture.height:
        # An affine map looks at single pixels; a smaller picture is made of the means of many.
        picture = picture.resize(smaller, Image.Resampling.BOX)
    # From the canvas back to the picture: p = (c + R⁻¹(q − c − t) / scale) × its pixels for each of the photo's.
    across, down = picture.width / width, picture.height / height
    cos, sin = math.cos(math.radians(placement.rotate)), math.sin(math.radians(placement.rotate))
    x, y = frame.left - width / 2 - placement.x, frame.top - height / 2 - placement.y
    a, b, c = cos / zoom, sin / zoom, width / 2 + (cos * x + sin * y) / placement.scale
    d, e, f = -sin / zoom, cos / zoom, height / 2 + (cos * y - sin * x) / placement.scale
    matrix = (a * across, b * across, c * across, d * down, e * down, f * down)
    return picture.transform(frame.size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)


def _unturned(picture: Image.Image, size: tuple[int, int], area: Rectangle) -> Image.Image:
    """Draw a picture on a canvas of that size where `area` says, to the nearest whole pixel of the canvas."""
    left, top, right, bottom = (math.floor(at + 0.5) for at in area)
    across = _offset(left, right, picture.width, size[0])
    down = _offset(top, bottom, picture.height, size[1])
    layer = Image.new(picture.mode, size)
    if across is not None and down is not None:
        if (across, down) == (0, 0) and size == picture.size:
            return picture
        layer.paste(picture, (across, down))
        return layer
    # Only the part on the canvas: the whole picture may be much larger.
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(right, size[0]), min(bottom, size[1])
    if x0 < x1 and y0 < y1:
        wide, high = picture.width / (right - left), picture.height / (bottom - top)
        box = (x0 - left) * wide, (y0 - top) * high, (x1 - left) * wide, (y1 - top) * high
        box = box[0], box[1], min(box[2], picture.width), min(box[3], picture.height)
        layer.paste(picture.resize((x1 - x0, y1 - y0), Image.Resampling.BICUBIC, box), (x0, y0))
    return layer


def _offset(start: int, stop: int, length: int, canvas: int) -> int | None:
    """Return where a picture begins that needs no scaling but for a pixel that was rounded off; None if it does.

    At an edge of the canvas it ends exactly there: a cut subject would float by a pixel otherwise.
    """
    if stop - start == length:
        return start
    if abs(stop - start - length) > 1 or (start == 0 and stop == canvas):
        return None
    return canvas - length if stop == canvas else start


def _aspect(canvas: Canvas) -> float | None:
    if canvas.width and canvas.height:
        return canvas.width / canvas.height
    return aspect_of(canvas.aspect) if canvas.aspect else None


def border_width(outline: Outline, settings: Settings) -> float:
    """Return how wide the border of the placed subject is, in photo pixels; 0 without one."""
    return settings.border.width * outline.side * settings.placement.scale if settings.border else 0


def _around_subject(outline: Outline, settings: Settings) -> Frame:
    border = border_width(outline, settings)
    subject = outline.box(settings.placement).grown(border, border, border, border)
    left, top, right, bottom = _whole(subject)
    extra = round(settings.canvas.margin * max(right - left, bottom - top))
    window = Rectangle(left, top, right, bottom).grown(extra, extra, extra, extra)
    left, top, right, bottom = _whole(window.joined(shadows.reach(subject, settings.drop, settings.contact)))
    return Frame(right - left, bottom - top, left, top)


def _fitted(outline: Outline, settings: Settings, aspect: float) -> Rectangle:
    """Return the smallest window of the canvas's shape with the turned subject, its border and its margin.

    It does not follow a subject that is moved or scaled: a person does that to have it otherwise on the canvas.
    """
    canvas, placement = settings.canvas, settings.placement
    turned = Placement(rotate=placement.rotate)
    box, cut = outline.cut_box(turned)
    width = border_width(outline, replace(settings, placement=turned))
    box = box.grown(*(0 if side in cut else width for side in SIDES))
    margin, is_scaled = min(canvas.margin, _WIDEST_MARGIN), bool(canvas.width)
    wide, high = max(aspect, 1), max(1 / aspect, 1)  # of the canvas, in shorter sides
    free_x, free_y = 2 - len(cut & {"left", "right"}), 2 - len(cut & {"top", "bottom"})
    side = max(box.width / (wide - margin * free_x), box.height / (high - margin * free_y))
    shadow = shadows.reach(box, settings.drop, settings.contact)
    side = max(
        side,
        _reach(box.left, box.right, shadow.left, shadow.right, "left" in cut, "right" in cut) / wide,
        _reach(box.top, box.bottom, shadow.top, shadow.bottom, "top" in cut, "bottom" in cut) / high,
    )
    width, height = side * wide, side * high
    if not is_scaled:  # whole pixels, so that each stays what it is
        width, height = max(1, round(width)), max(1, round(height))
    left = _beginning(box.left, box.right, width, "left" in cut, "right" in cut)
    top = _beginning(box.top, box.bottom, height, "top" in cut, "bottom" in cut)
    if placement.scale != 1:
        # Scaled about the subject's own middle, or about the edge at which it is cut.
        x = box.left if "left" in cut else box.right if "right" in cut else box.middle[0]
        y = box.top if "top" in cut else box.bottom if "bottom" in cut else box.middle[1]
        left += (placement.scale - 1) * (x - outline.size[0] / 2)
        top += (placement.scale - 1) * (y - outline.size[1] / 2)
    return Rectangle(left, top, left + width, top + height)


def _at_head(size: tuple[int, int], head: Head, placement: Placement, canvas: Canvas, aspect: float) -> Rectangle:
    """Return the window of that shape in which the head is as high, and the crown as far down, as the canvas says.

    It does not follow a person who is moved, scaled about the crown, or turned.
    """
    height = head.height / canvas.head_height
    left, top = head.x - height * aspect / 2, head.top - height * canvas.head_top
    left += (placement.scale - 1) * (head.x - size[0] / 2)
    top += (placement.scale - 1) * (head.top - size[1] / 2)
    return Rectangle(left, top, left + height * aspect, top + height)


def _reach(start: float, stop: float, first: float, last: float, cut_first: bool, cut_last: bool) -> float:
    """Return how long a side must be to hold a shadow, where the subject stays centred or at the edge that cuts it."""
    if cut_first and cut_last:
        return stop - start
    if cut_first:
        return last - start
    if cut_last:
        return stop - first
    middle = (start + stop) / 2
    return 2 * max(middle - first, last - middle)


def _beginning(start: float, stop: float, length: float, cut_first: bool, cut_last: bool) -> float:
    """Return where a side of that length begins: subjects are centred, or lie at the edge that cuts them."""
    if cut_first != cut_last:
        return start if cut_first else stop - length
    return (start + stop - length) / 2


def _within_photo(size: tuple[int, int], aspect: float, outline: Outline | None, placement: Placement) -> Rectangle:
    """Return the largest window of that shape within the photo, as near to the subject's middle as that allows."""
    width, height = min(size[0], size[1] * aspect), min(size[1], size[0] / aspect)
    middle = outline.box(Placement(rotate=placement.rotate)).middle if outline else (size[0] / 2, size[1] / 2)
    left = min(max(middle[0] - width / 2, 0), size[0] - width)
    top = min(max(middle[1] - height / 2, 0), size[1] - height)
    return Rectangle(left, top, left + width, top + height)


def _as_large_as_requested(window: Rectangle, canvas: Canvas) -> Frame:
    if canvas.width and canvas.height:
        scale = canvas.width / window.width if canvas.width > canvas.height else canvas.height / window.height
        return Frame(canvas.width, canvas.height, window.left, window.top, scale)
    width, height = max(1, round(window.width)), max(1, round(window.height))
    return Frame(width, height, math.floor(window.left + 0.5), math.floor(window.top + 0.5))


def _shaped(window: Rectangle, aspect: float) -> Rectangle:
    width, height = max(window.width, window.height * aspect), max(window.height, window.width / aspect)
    across, down = (width - window.width) / 2, (height - window.height) / 2
    return window.grown(across, down, across, down)


def _shaped_frame(frame: Frame, aspect: float) -> Frame:
    width = max(frame.width, round(frame.height * aspect))
    height = max(frame.height, round(frame.width / aspect))
    return Frame(width, height, frame.left - (width - frame.width) // 2, frame.top - (height - frame.height) // 2)


def _whole(window: Rectangle) -> tuple[int, int, int, int]:
    """Return the smallest rectangle of whole pixels: left, top, right, bottom."""
    return (
        math.floor(window.left + 1e-6),
        math.floor(window.top + 1e-6),
        math.ceil(window.right - 1e-6),
        math.ceil(window.bottom - 1e-6),
    )
