"""One look for many photos: background, border, canvas, shadow and file type, whatever the size of each photo."""

import io
from dataclasses import dataclass, field, replace
from typing import Any

from PIL import Image

from offcut.codecs.png_writer import StripImage
from offcut.colour.spaces import convert_image
from offcut.editing import finishing, render
from offcut.editing.checks import provenance_of
from offcut.editing.document import Document
from offcut.editing.settings import Settings
from offcut.errors import OptionError
from offcut.foreground.cache import ForegroundCache
from offcut.masks.edges import Edges
from offcut.options import Options
from offcut.pipeline import Engine, Finished, Found, MattedPixels, Provenance, for_format
from offcut.protocol.look import BACKGROUNDS, LOOK, SHADOWS
from offcut.protocol.settings import BACKGROUNDS as KINDS
from offcut.protocol.settings import HEAD, MAX_BLUR, MAX_SIDE
from offcut.recipes.recipe import Run, run_here
from offcut.validation import check_choice, present

THUMBNAIL_SIDE = 320
"""Longer side of a thumbnail, in pixels: twice that of the list on the page, for fine screens."""

_NAMED: dict[str, dict[str, Any]] = {
    "none": {},
    "drop": {"drop": {"direction": 45, "distance": 0.02, "blur": 0.02, "opacity": 0.45}},
    "contact": {"contact": {"blur": 0.013, "opacity": 0.5}},
}
"""The shadows that have a name."""


_OF_LOOK = ("background", "border", "border_colour", "foreground", "output", "traces")
"""Options that a look says by its settings."""


@dataclass(frozen=True)
class Look:
    """What to make of every photo of a batch. `Look.read` checks values that come from outside."""

    settings: Settings = field(default_factory=Settings)
    """Background, border, canvas, recipe and shadows; distance and blur of these are parts of the photo's longer side.
    """

    options: Options = field(default_factory=Options)
    """Of which format, quality and largest size count."""

    @classmethod
    def read(cls, given: dict[str, Any] | None) -> "Look":
        """Check a look that came from outside (`offcut.protocol.look`). What it does not name has its default.

        Raises:
            OptionError: names what is wrong.
        """
        values: dict[str, Any] = LOOK | present("look", given, LOOK)
        shadow = _NAMED[check_choice("shadow", values["shadow"], SHADOWS)] if _is_name(values) else values["shadow"]
        names = ("background", "border", "canvas", "recipe")
        settings = Settings.read({name: values[name] for name in names} | {"shadow": shadow})
        check_choice("background of a batch", settings.background.kind, BACKGROUNDS)
        options = Options.read({name: values[name] for name in ("format", "quality", "max_bytes")})
        return cls(settings, options)

    def options_for(self, given: dict[str, Any]) -> Options:
        """Return the options of a photo that gets this look.

        Args:
            given: options that came from outside. Format, quality and largest size count instead of the look's.

        Raises:
            OptionError: an option is wrong, or says what the look says, too.
        """
        for name in _OF_LOOK:
            if given.get(name) is not None:
                raise OptionError(f"A preset and the option {name!r} contradict each other. Leave one of them out.")
        own = {name: getattr(self.options, name) for name in ("format", "quality", "max_bytes")}
        options = Options.read(own | {name: value for name, value in given.items() if value is not None})
        # Faint traces are a matter of the look's settings.
        return replace(options, traces=0, max_bytes=options.max_bytes if options.target.lossy else None)

    def settings_for(self, size: tuple[int, int]) -> Settings:
        """Return the settings for a photo of that width and height."""
        side, drop, contact = max(size), self.settings.drop, self.settings.contact
        if drop:
            distance, blur = min(drop.distance * side, MAX_SIDE), min(drop.blur * side, MAX_BLUR)
            drop = replace(drop, distance=distance, blur=blur)
        if contact:
            contact = replace(contact, blur=min(contact.blur * side, MAX_BLUR))
        return replace(self.settings, drop=drop, contact=contact)

    def plain(self) -> dict[str, Any]:
        """Return the look as `read` takes it, with no field that does not count."""
        settings = self.settings.plain()
        background, shadow, canvas = settings["background"], settings["shadow"], settings["canvas"]
        counting = ("kind", *KINDS[background["kind"]])
        shown: dict[str, Any] = {}
        if canvas["crop"]:
            shown = {"crop": True, "margin": canvas["margin"]}
        elif "width" in canvas or "aspect" in canvas:
            of_fit = {"subject": ("margin",), "head": tuple(HEAD)}.get(canvas["fit"], ())
            size = ("width", "height", "dpi") if "width" in canvas else ("aspect",)
            shown = {name: canvas[name] for name in ("fit", *of_fit, *size) if name in canvas}
        return {
            "background": {name: background[name] for name in counting},
            "border": settings["border"],
            "canvas": shown,
            "shadow": {kind: values for kind, values in shadow.items() if values} or SHADOWS[0],
            "format": self.options.format,
            "quality": self.options.quality,
            "max_bytes": self.options.max_bytes,
            "recipe": settings["recipe"],
        }

    def compose(self, pixels: MattedPixels, name: str, foreground: bool) -> Finished:
        """Compose the finished picture of a photo and its alpha, and run the recipe in this process.

        Args:
            pixels: the photo and its alpha, whose faint traces are removed already.
            name: of the photo's file.
            foreground: whether soft edges get estimated colours.

        Raises:
            OptionError: the canvas would be too large.
            RecipeError: the recipe fails.
        """
        document = Document(pixels.rgb, pixels.source_alpha, pixels.alpha, pixels.provenance)
        settings = self.settings_for(document.size)
        document.begin_with(replace(settings, edges=Edges(traces=0, decontaminate=foreground)))
        document.take_face(pixels.face)
        picture = render.finished(document, ForegroundCache(document.rgb))
        if recipe := document.settings.recipe:
            picture = recipe.finish(*finishing.inputs(document, picture, name))
        return _for_file(document, picture, self.options)


class Finisher:
    """Makes the finished picture of a photo with a look, and its thumbnail. One for each photo."""

    def __init__(self, look: Look, name: str = "", run_recipe: Run = run_here, engine: Engine | None = None) -> None:
        """
        Args:
            look: the look.
            name: of the photo's file, which a recipe may use.
            run_recipe: runs the look's recipe.
            engine: looks for the face where a canvas is fitted to the head; None for the outline alone.
        """
        self._look, self._name, self._run_recipe, self._engine = look, name, run_recipe, engine
        self.thumbnail = b""
        """Of the picture that `finish` has made: a file, as `thumbnail_of` returns it."""

        self.found: Found | None = None
        """What the network found in the photo that `finish` was given."""

    async def finish(self, pixels: MattedPixels, options: Options) -> Finished:
        """Finish a photo, for `Engine.remove`.

        Raises:
            OptionError: the canvas would be too large.
            RecipeError: the recipe fails.
        """
        self.found = pixels.found
        document = Document(pixels.rgb, pixels.source_alpha, pixels.alpha, pixels.provenance)
        document.begin_with(self._look.settings_for(document.size))
        if self._engine:
            await document.look_for_face(self._engine)
        foreground = ForegroundCache(document.rgb)
        picture = render.finished(document, foreground)
        if recipe := document.settings.recipe:
            picture = await finishing.finish(document, recipe, picture, self._run_recipe, self._name)
            self.thumbnail = thumbnail(picture, document.provenance)
        else:
            self.thumbnail = thumbnail_of(document, foreground)
        return _for_file(document, picture, options)


def _for_file(document: Document, picture: Image.Image | StripImage, options: Options) -> Finished:
    provenance = provenance_of(document)
    if document.settings.background.is_of_photo:
        return picture, provenance
    return for_format(picture, provenance, options.target)


def _is_name(values: dict[str, Any]) -> bool:
    return not isinstance(values["shadow"], dict)


def thumbnail_of(document: Document, foreground: ForegroundCache) -> bytes:
    """Return a small picture of the composition without its recipe, as a WebP file in sRGB."""
    return thumbnail(render.compose(document, foreground, THUMBNAIL_SIDE), document.provenance)


def thumbnail(picture: Image.Image, provenance: Provenance) -> bytes:
    """Return a small copy of a picture of mode RGBA, RGB or L, as a WebP file in sRGB."""
    small = render.smaller(picture, THUMBNAIL_SIDE) if max(picture.size) > THUMBNAIL_SIDE else picture
    file = io.BytesIO()
    convert_image(small, provenance.space, None).save(file, "WEBP", quality=80, method=2)
    return file.getvalue()
