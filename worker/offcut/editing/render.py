"""Rendering a document: the cutout, and the whole composition at full size or smaller."""

from collections.abc import Callable, Hashable
from dataclasses import replace
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


def frame_of(document: Document) -> Box:
    """Return the canvas. Raises OptionError where it would have too many pixels."""
    width, height = document.size
    settings = document.settings
    whole = Box.of_size(width, height)
    alpha = cutout_of(document, None).visible(whole) if settings.canvas.crop else document.finished
    return placement.frame_of(settings.canvas, settings.placement, alpha)


def mask(document: Document) -> Image.Image:
    """Return how much of the placed subject is visible, mode L, of the canvas's size."""
    frame, settings = frame_of(document), document.settings
    width, height = document.size
    whole = Box.of_size(width, height)
    alone = Image.fromarray(cutout_of(document, None).visible(whole))
    if settings.placement.is_default and frame == Box.of_size(width, height):
        return alone
    white = Image.new("RGBA", document.size, "white")
    white.putalpha(alone)
    return placement.place(white, settings.placement, frame).getchannel("A")


def compose(
    document: Document, foreground: ForegroundCache, max_side: int | None = None, cache: PictureCache | None = None
) -> Image.Image:
    """Compose the finished picture: background, shadow, subject.

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
    scale = min(1.0, max_side / max(frame.size)) if max_side else 1.0
    width, height = document.size
    display = Display(height, width, height * width * scale * scale)
    if scale < 1:
        frame, settings = frame.scaled(scale), _scaled(settings, scale)
    state = (document.version, display.shape)

    def draw_subject() -> Image.Image:
        cutout = cutout_of(document, estimated_foreground(document, foreground, exact=max_side is None))
        return _whole(display, cutout.part, "RGBA")

    def draw_background() -> Image.Image | None:
        return _background(document, settings.background, frame, display)

    if cache is None:
        # At full size nothing is held longer than necessary.
        layer = placement.place(draw_subject(), settings.placement, frame)
        shadow = shadows.shadow_of(layer.getchannel("A"), settings.drop, settings.contact)
        return _stacked(layer, shadow, draw_background())
    subject = cache.get("subject", (*state, _uses_foreground(settings)), draw_subject)
    layer = placement.place(subject, settings.placement, frame)
    shadow = shadows.shadow_of(layer.getchannel("A"), settings.drop, settings.contact)
    # What a background depends on besides its settings.
    photo_state = {"blur": state, "original": display.shape}.get(settings.background.kind)
    key = (settings.background, frame, photo_state, document.background_version)
    behind = cache.get("background", key, draw_background)
    return _stacked(layer, shadow, behind and behind.copy())  # the cached picture is not painted on


def finished(document: Document, foreground: ForegroundCache) -> Image.Image | StripImage:
    """Return the finished picture at full size, in strips where it is nothing but the cutout. Raises OptionError."""
    settings = document.settings
    width, height = document.size
    is_bare = settings.background.kind == "transparent" and not (settings.drop or settings.contact)
    if not is_bare or not settings.placement.is_default or frame_of(document) != Box.of_size(width, height):
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
    in_place = settings.background.kind == "original" and settings.placement.is_default
    return settings.edges.decontaminate and not in_place


def _background(document: Document, background: Background, frame: Box, display: Display) -> Image.Image | None:
    """Draw the background for a canvas of the display's scale; None where nothing is behind the subject."""
    if background.kind not in ("original", "blur"):
        return background_of(background, frame, None, None, document.background_image)
    # A blur is smooth: on a smaller copy it is the same, and takes much less memory.
    is_blur = background.kind == "blur"
    factor = coarseness(background, max(display.shape)) if is_blur else 1
    small = Display(display.height, display.width, display.shape[0] * display.shape[1] / factor**2)
    alpha = _whole(small, of_array(document.finished), "L") if is_blur else None
    picture = background_of(background, frame.scaled(1 / factor), _photo(document, small), alpha, None)
    if picture is None or picture.size == frame.size:
        return picture
    return picture.resize(frame.size, Image.Resampling.BICUBIC)


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


def _scaled(settings: Settings, scale: float) -> Settings:
    drop, contact = settings.drop, settings.contact
    return replace(
        settings,
        placement=placement.scaled(settings.placement, scale),
        drop=drop and Drop(drop.direction, drop.distance * scale, drop.blur * scale, drop.opacity),
        contact=contact and Contact(contact.blur * scale, contact.opacity),
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
