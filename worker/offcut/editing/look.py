"""One look for many photos: background, border, canvas, shadow and file type, whatever the size of each photo."""

import io
from dataclasses import dataclass, field, replace
from typing import Any

from PIL import Image

from offcut.codecs.png_writer import StripImage
from offcut.colour.spaces import convert_image
from offcut.editing import finishing, render
from offcut.editing.document import Document
from offcut.editing.settings import Contact, Drop, Settings
from offcut.foreground.cache import ForegroundCache
from offcut.options import Options
from offcut.pipeline import MattedPixels, Provenance, for_format
from offcut.protocol.look import BACKGROUNDS, LOOK, SHADOWS
from offcut.recipes.recipe import Run, run_here
from offcut.validation import check_choice, present

THUMBNAIL_SIDE = 320
"""Longer side of a thumbnail, in pixels: twice that of the list on the page, for fine screens."""

_DROP = (45, 0.02, 0.02, 0.45)
"""Direction in degrees; distance and blur as parts of the photo's longer side; opacity."""

_CONTACT = (0.013, 0.5)
"""Blur as a part of the photo's longer side; opacity."""


@dataclass(frozen=True)
class Look:
    """What to make of every photo of a batch. `Look.read` checks values that come from outside."""

    settings: Settings = field(default_factory=Settings)
    """Background, border, canvas and recipe; no shadow, as its size goes with the photo's."""

    shadow: str = SHADOWS[0]
    """One of `SHADOWS`."""

    options: Options = field(default_factory=Options)
    """Of which format and quality count."""

    @classmethod
    def read(cls, given: dict[str, Any] | None) -> "Look":
        """Check a look that came from outside (`offcut.protocol.look`). What it does not name has its default.

        Raises:
            OptionError: names what is wrong.
        """
        values: dict[str, Any] = LOOK | present("look", given, LOOK)
        shadow = check_choice("shadow", values["shadow"], SHADOWS)
        settings = Settings.read({name: values[name] for name in ("background", "border", "canvas", "recipe")})
        check_choice("background of a batch", settings.background.kind, BACKGROUNDS)
        options = Options.read({name: values[name] for name in ("format", "quality", "max_bytes")})
        return cls(settings, shadow, options)

    def settings_for(self, size: tuple[int, int]) -> Settings:
        """Return the settings for a photo of that width and height."""
        side = max(size)
        if self.shadow == "drop":
            direction, distance, blur, opacity = _DROP
            return replace(self.settings, drop=Drop(direction, distance * side, blur * side, opacity))
        if self.shadow == "contact":
            blur, opacity = _CONTACT
            return replace(self.settings, contact=Contact(blur * side, opacity))
        return self.settings


class Finisher:
    """Makes the finished picture of a photo with a look, and its thumbnail. One for each photo."""

    def __init__(self, look: Look, name: str = "", run_recipe: Run = run_here) -> None:
        """
        Args:
            look: the look.
            name: of the photo's file, which a recipe may use.
            run_recipe: runs the look's recipe.
        """
        self._look, self._name, self._run_recipe = look, name, run_recipe
        self.thumbnail = b""
        """Of the picture that `finish` has made: a file, as `thumbnail_of` returns it."""

    async def finish(self, pixels: MattedPixels, options: Options) -> tuple[Image.Image | StripImage, Provenance]:
        """Finish a photo, for `Engine.remove`.

        Raises:
            OptionError: the canvas would be too large.
            RecipeError: the recipe fails.
        """
        document = Document(pixels.rgb, pixels.source_alpha, pixels.alpha, pixels.provenance)
        document.begin_with(self._look.settings_for(document.size))
        foreground = ForegroundCache(document.rgb)
        picture = render.finished(document, foreground)
        if recipe := document.settings.recipe:
            picture = await finishing.finish(document, recipe, picture, self._run_recipe, self._name)
            self.thumbnail = thumbnail(picture, document.provenance)
        else:
            self.thumbnail = thumbnail_of(document, foreground)
        provenance = render.provenance_of(document)
        if document.settings.background.is_of_photo:
            return picture, provenance
        return for_format(picture, provenance, options.target)


def thumbnail_of(document: Document, foreground: ForegroundCache) -> bytes:
    """Return a small picture of the composition without its recipe, as a WebP file in sRGB."""
    return thumbnail(render.compose(document, foreground, THUMBNAIL_SIDE), document.provenance)


def thumbnail(picture: Image.Image, provenance: Provenance) -> bytes:
    """Return a small copy of a picture of mode RGBA, RGB or L, as a WebP file in sRGB."""
    small = render.smaller(picture, THUMBNAIL_SIDE) if max(picture.size) > THUMBNAIL_SIDE else picture
    file = io.BytesIO()
    convert_image(small, provenance.space, None).save(file, "WEBP", quality=80, method=2)
    return file.getvalue()
