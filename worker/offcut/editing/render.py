"""Rendering a document: the cutout, and the whole composition at full size or smaller."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import numpy as np
from PIL import Image

from offcut import compositing
from offcut.codecs.png_writer import StripImage
from offcut.editing import placement, shadows
from offcut.editing.backgrounds import background_of, coarseness
from offcut.editing.display import Display, Source, of_array, strips
from offcut.editing.document import Document
from offcut.editing.settings import Background, Contact, Drop, Settings
from offcut.foreground.cache import ForegroundCache
from offcut.geometry import Box
from offcut.masks.border import border_of

T = TypeVar("T", bound=Image.Image | None)


class PictureCache:
    """The last picture of each name: while a slider moves, most of what a composition is made of stays the same."""

    def __init__(self) -> None:
        self._pictures: dict[str, tuple[Hashable, Any]] = {}

    def get(self, name: str, key: Hashable, make: Callable[[], T]) -> T:
        """Return the picture of that name; make it where the cached one has another key."""
        if name not in self._pictures or self._pictures[name][0] != key:
            self._pictures.pop(name, None)
            self._pictures[name] = key, make()
        picture: T = self._pictures[name][1]
        return picture


def cutout_of(document: Document, foreground: ForegroundCache | None) -> compositing.Cutout:
    """Return the cutout under the finished alpha, with the estimated foreground; with the photo's colours for None."""
    colours = of_array(document.rgb) if foreground is None else foreground.part
    return compositing.Cutout(document.finished, document.source_alpha, colours)


def estimated_foreground(document: Document, foreground: ForegroundCache, exact: bool) -> ForegroundCache | None:
    """Update the foreground colours for the finished alpha, where the settings use them; else return None.

    Args:
        document: whose finished alpha it is.
        foreground: of its photo.
        exact: whether tiles that an edit elsewhere would change by a trace are estimated again too.
    """
    if not _uses_foreground(document.settings):
        return None
    foreground.update(document.finished, version=document.version, exact=exact)
    return foreground


def frame_of(document: Document) -> placement.Frame:
    """Return the canvas. Raises OptionError where it would have too many pixels."""
    canvas = document.settings.canvas
    outline = document.outline if canvas.crop or canvas.fit != "none" else None
    head = document.head if canvas.fit == "head" else None
    return placement.frame_of(document.size, document.settings, outline, head)


def mask(document: Document) -> Image.Image:
    """Return how much of the placed subject is visible, mode L, of the canvas's size."""
    width, height = document.size
    alone = Image.fromarray(cutout_of(document, None).visible(Box.of_size(width, height)))
    return placement.place(alone, document.size, document.settings.placement, frame_of(document))


def compose(
    document: Document, foreground: ForegroundCache, max_side: int | None = None, cache: PictureCache | None = None
) -> Image.Image:
    """Compose the finished picture: background, shadow, border, subject.

    Args:
        document: with its settings.
        foreground: of its photo.
        max_side: the longest side in pixels, for a preview; None for full size, which alone is exact.
        cache: pictures of previous previews of the same document; None to cache nothing.

    Returns:
        Mode RGB, or RGBA where some of it may be transparent.

    Raises:
        OptionError: the canvas would have too many pixels.
    """
    frame, settings = frame_of(document), document.settings
    if max_side and max_side < max(frame.size):
        frame = frame.reduced(max_side / max(frame.size))
    display = Display.at_scale(document.size, frame.scale * max(1.0, settings.placement.scale))
    state = (document.version, display.shape)

    def draw_subject() -> Image.Image:
        cutout = cutout_of(document, estimated_foreground(document, foreground, exact=max_side is None))
        return _whole(display, cutout.part, "RGBA")

    def draw_background() -> Image.Image | None:
        return _background(document, settings.background, frame)

    # At full size nothing is held longer than necessary.
    subject = cache.get("subject", (*state, _uses_foreground(settings)), draw_subject) if cache else draw_subject()
    layer = placement.place(subject, document.size, settings.placement, frame)
    shadow, layer = _with_effects(document, subject, layer, frame)
    del subject
    if cache is None:
        return _stacked(layer, shadow, draw_background())
    # What a background depends on besides its settings.
    photo_state = {"blur": document.version}.get(settings.background.kind)
    key = (settings.background, frame, photo_state, document.background_version)
    behind = cache.get("background", key, draw_background)
    return _stacked(layer, shadow, behind and behind.copy())  # the cached picture is not painted on


def finished(document: Document, foreground: ForegroundCache) -> Image.Image | StripImage:
    """Return the finished picture at full size, in strips where it is nothing but the cutout. Raises OptionError."""
    settings = document.settings
    is_bare = settings.background.kind == "transparent" and not _has_effects(settings)
    if not is_bare or not settings.placement.is_default or not frame_of(document).shows_all_of(document.size):
        return compose(document, foreground)
    return cutout_of(document, estimated_foreground(document, foreground, exact=True)).strips()


def smaller(picture: Image.Image | StripImage, longest: float) -> Image.Image:
    """Return the picture reduced to a longer side of `longest` pixels, with colours weighted by alpha."""
    whole = picture.whole() if isinstance(picture, StripImage) else picture
    scale = longest / max(whole.size)
    size = max(1, round(whole.width * scale)), max(1, round(whole.height * scale))
    return whole.resize(size, Image.Resampling.BOX)


def photo_source(document: Document) -> Source:
    """Return the photo at its own size: uint8 RGB, or RGBA where the file has a transparency of its own."""
    rgb, source_alpha = document.rgb, document.source_alpha
    if source_alpha is None:
        return of_array(rgb)
    return lambda box: np.dstack([rgb[box.slices], source_alpha[box.slices]])


def _uses_foreground(settings: Settings) -> bool:
    # In front of the photo itself, the photo's own colours are the right ones.
    in_place = settings.background.kind == "original" and settings.placement.is_default and not settings.border
    return settings.edges.decontaminate and not in_place


def _background(document: Document, background: Background, frame: placement.Frame) -> Image.Image | None:
    """Draw the background on a canvas; None where nothing is behind the subject."""
    if not background.is_of_photo:
        space = document.provenance.space
        return background_of(background, frame, document.size, None, None, document.background_image, space)
    display = Display.at_scale(document.size, frame.scale)
    # A blur is smooth: on a smaller copy it is the same, and takes much less memory.
    is_blur = background.kind == "blur"
    factor = coarseness(background, max(display.shape)) if is_blur else 1
    small = Display.at_scale(document.size, display.scale / factor)
    alpha = _whole(small, of_array(document.finished), "L") if is_blur else None
    return background_of(background, frame, document.size, _photo(document, small), alpha, None)


def _has_effects(settings: Settings) -> bool:
    return bool(settings.drop or settings.contact or settings.border)


def _with_effects(
    document: Document, subject: Image.Image, layer: Image.Image, frame: placement.Frame
) -> tuple[Image.Image | None, Image.Image]:
    """Draw shadows and border of the placed subject, also of what of it lies beyond the canvas.

    Returns:
        The shadows (`shadows.shadow_of`), and the subject on its border, both of the canvas's size.
    """
    settings, outline = document.settings, document.outline
    if outline is None or not _has_effects(settings):
        return None, layer
    drop, contact = _shadows_at(settings, frame.scale)
    width = placement.border_width(outline, settings)
    box = outline.box(settings.placement).grown(width, width, width, width)
    # What is farther away than shadows and border reach has none on the canvas.
    far = width + shadows.distance(box, settings.drop, settings.contact)
    larger = frame.grown_to(box.within(frame.window.grown(far, far, far, far)))
    alpha = layer.getchannel("A")
    if larger != frame:
        alpha = placement.place(subject.getchannel("A"), document.size, settings.placement, larger)
    if settings.border:
        alpha = Image.fromarray(border_of(np.asarray(alpha), width * frame.scale))
    shadow = shadows.shadow_of(alpha, drop, contact)
    left, top = round((frame.left - larger.left) * frame.scale), round((frame.top - larger.top) * frame.scale)
    seen = left, top, left + frame.width, top + frame.height
    if settings.border:
        space = document.provenance.space
        layer = compositing.over_border(layer, alpha.crop(seen), settings.border.colour, space)
    return shadow and shadow.crop(seen), layer


def _stacked(layer: Image.Image, shadow: Image.Image | None, behind: Image.Image | None) -> Image.Image:
    if behind is None and shadow is None:
        return layer
    if behind is None:
        behind = Image.new("RGBA", layer.size)
    if behind.mode == "RGB":
        if shadow is not None:
            behind.paste((0, 0, 0), mask=shadow)
        behind.paste(layer, mask=layer.getchannel("A"))
        return behind
    if shadow is not None:
        dark = Image.new("RGBA", layer.size)
        dark.putalpha(shadow)
        behind = Image.alpha_composite(behind, dark)
    return Image.alpha_composite(behind, layer)


def _shadows_at(settings: Settings, scale: float) -> tuple[Drop | None, Contact | None]:
    """Return the shadows for a canvas of that scale."""
    drop, contact = settings.drop, settings.contact
    return (
        drop and Drop(drop.direction, drop.distance * scale, drop.blur * scale, drop.opacity),
        contact and Contact(contact.blur * scale, contact.opacity),
    )


def _photo(document: Document, display: Display) -> Image.Image:
    return _whole(display, photo_source(document), "RGB" if document.source_alpha is None else "RGBA")


def _whole(display: Display, source: Source, mode: str) -> Image.Image:
    """Return a source as one picture of that mode, without another whole copy of it in memory."""
    height, width = display.shape
    picture = Image.new(mode, (width, height))
    for strip in strips(display.whole):
        picture.paste(Image.fromarray(np.ascontiguousarray(display.part(source, strip))), (0, strip.top))
    return picture
