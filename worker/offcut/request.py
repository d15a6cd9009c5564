"""What a program asks to be made of a photo: Offcut's options, and rembg's parameters as Offcut has them."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypedDict

import numpy as np
from PIL import Image, ImageFilter

from offcut.arrays import AlphaU8, Mask, PixelsU8
from offcut.assist import trimap
from offcut.codecs.png_writer import StripImage
from offcut.colour.spaces import convert_colour
from offcut.compositing import combine_alpha
from offcut.errors import OptionError
from offcut.options import Options
from offcut.pipeline import Finished, MattedPixels, Provenance, compose
from offcut.protocol.settings import BORDER_COLOUR, EDGES
from offcut.recipes import Info, Recipe
from offcut.store.own_networks import CUSTOM, custom

if TYPE_CHECKING:
    from offcut.editing.look import Look

Colour: TypeAlias = tuple[int, int, int] | tuple[int, int, int, int]
"""Red, green, blue and, unless it is opaque, alpha, 0 to 255 each."""


class OwnArguments(TypedDict, total=False):
    """Arguments of `offcut.remove` that rembg does not have and that say what is made of a photo."""

    putalpha: bool
    model: str | None
    preset: str | None
    format: str | None
    quality: int | None
    background: str | None
    refine: float
    traces: float
    foreground: bool
    border: float
    border_colour: str
    output: Literal["cutout", "mask"]
    recipe: str | os.PathLike[str] | Recipe | None


class Arguments(OwnArguments, total=False):
    """Those, and rembg's."""

    alpha_matting: bool
    alpha_matting_foreground_threshold: int
    alpha_matting_background_threshold: int
    alpha_matting_erode_size: int
    only_mask: bool
    post_process_mask: bool
    decontaminate: bool | None
    vitmatte: bool
    vitmatte_model: str | None
    bgcolor: Colour | None


DEFAULTS: dict[str, Any] = {
    "putalpha": False,
    "model": None,
    "preset": None,
    "format": None,
    "quality": None,
    "background": None,
    "refine": 1.0,
    "traces": EDGES["traces"],
    "foreground": True,
    "border": 0.0,
    "border_colour": BORDER_COLOUR,
    "output": "cutout",
    "recipe": None,
    "alpha_matting": False,
    "alpha_matting_foreground_threshold": 240,
    "alpha_matting_background_threshold": 10,
    "alpha_matting_erode_size": 10,
    "only_mask": False,
    "post_process_mask": False,
    "decontaminate": None,
    "vitmatte": False,
    "vitmatte_model": None,
    "bgcolor": None,
}
"""What the arguments are where they are left out."""

_ISNET = "The nearest is 'isnet'."
_U2NET = "The nearest is 'u2net'."

SAME_NETWORKS = {"isnet-general-use": "isnet"}
"""rembg's names of networks that have another one here."""

OTHER_NETWORKS = {
    "ben2-base": _ISNET,
    "birefnet-cod": _ISNET,
    "birefnet-dis": _ISNET,
    "birefnet-general": _ISNET,
    "birefnet-general-lite": _ISNET,
    "birefnet-hrsod": _ISNET,
    "birefnet-massive": _ISNET,
    "birefnet-portrait": _ISNET,
    "bria-rmbg": _ISNET,
    "isnet-anime": _ISNET,
    "sam": "A click or a box on the page selects a part of a photo.",
    "silueta": _U2NET,
    "u2net_cloth_seg": "Offcut finds subjects, not clothes.",
    "u2net_human_seg": "The nearest is 'modnet'.",
}
"""rembg's networks that Offcut does not have, with what to do instead."""


def network(name: str | os.PathLike[str] | None, path: str | os.PathLike[str] | None = None) -> str | None:
    """Return the id in the catalogue for a network's name in rembg; any other name is returned unchanged.

    Args:
        name: of the network, or the path of an ONNX file.
        path: of the ONNX file, where rembg's name is one for a network of one's own.

    Raises:
        OptionError: Offcut has no such network. The message names what to use instead.
    """
    name = None if name is None else os.fspath(name)
    if name in CUSTOM:
        if path is None:
            raise OptionError(f"The network {name!r} needs model_path, the path of its ONNX file.")
        return custom(name, path)
    if path is not None:
        raise OptionError(f"Only {', '.join(CUSTOM)} take model_path. The path itself can be the model, too.")
    if name in OTHER_NETWORKS:
        raise OptionError(f"Offcut does not have rembg's network {name!r}. {OTHER_NETWORKS[name]}")
    return SAME_NETWORKS.get(name, name) if name else name


Compose = Callable[[MattedPixels, str, bool], Finished]
"""Makes the finished picture of a photo and its alpha, the name of its file, and whether edges get new colours."""


@dataclass(frozen=True)
class Matting:
    """rembg's `alpha_matting`: alpha is found again in a band around the edge, by closed-form matting."""

    foreground_threshold: int = 240
    """Alphas above it are subject."""

    background_threshold: int = 10
    """Alphas below it are background."""

    erode_size: int = 10
    """Side, in pixels, of the square that subject and background are eroded with, which makes the band."""

    def apply(self, rgb: PixelsU8, alpha: AlphaU8) -> AlphaU8:
        """Return the alpha found again; the same one where no band, no subject or no background is left."""
        subject = _eroded(alpha > self.foreground_threshold, self.erode_size, border=False)
        background = _eroded(alpha < self.background_threshold, self.erode_size, border=True)
        if not subject.any() or not background.any() or (subject | background).all():
            return alpha
        known = np.where(subject, trimap.SUBJECT, np.where(background, trimap.BACKGROUND, trimap.UNKNOWN))
        return trimap.refine(rgb, alpha, known.astype(np.uint8))


@dataclass(frozen=True)
class Request:
    """Everything that is made of a photo besides finding its subject."""

    options: Options
    matting: Matting | None = None
    smooth: bool = False
    """rembg's `post_process_mask`: a smooth outline without soft edges."""

    keep_colours: bool = False
    """rembg's `putalpha`: the photo's colours stay under the alpha, also where it is 0."""

    tint: tuple[int, int, int, int] | None = None
    """rembg's `bgcolor` where that is not opaque: red, green, blue, alpha."""

    recipe: Recipe | None = None
    """Finishes the picture."""

    name: str = ""
    """Name of the photo's file, which a recipe may use."""

    finds_face: bool = False
    """Whether the face is looked for before the picture is composed."""

    compose: Compose | None = None
    """Composes the picture instead of the options and the recipe: the look of a preset."""

    def with_look(self, look: "Look") -> "Request":
        """Return this with the look of a preset, made instead of what the options say; the file type stays theirs."""
        limit = look.options.max_bytes if self.options.target.lossy else None
        options = replace(self.options, max_bytes=limit)
        made = replace(look, settings=replace(look.settings, recipe=self.recipe), options=options)
        is_of_head = look.settings.canvas.fit == "head"
        return replace(self, options=options, recipe=None, compose=made.compose, finds_face=is_of_head)

    def picture(self, pixels: MattedPixels) -> tuple[Image.Image | StripImage, Provenance]:
        """Compose the picture, of mode RGBA, RGB or L. Raises RecipeError."""
        alpha = pixels.alpha
        if self.matting:
            alpha = self.matting.apply(pixels.rgb, alpha)
        if self.smooth:
            alpha = smoothed(alpha)
        pixels = replace(pixels, alpha=alpha)
        if self.compose:
            return self.compose(pixels, self.name, self.options.foreground)
        if self.keep_colours and self.options.output == "cutout" and self.options.background is None:
            picture: Image.Image | StripImage = _with_alpha(pixels)
            provenance = pixels.provenance
        else:
            picture, provenance = compose(pixels, self.options)
        if self.tint:
            cutout = picture if isinstance(picture, Image.Image) else picture.whole()
            colour = convert_colour(self.tint[:3], None, provenance.space)
            picture = Image.alpha_composite(Image.new("RGBA", cutout.size, (*colour, self.tint[3])), cutout)
        if self.recipe:
            picture = self._finished(self.recipe, picture, pixels)
        return picture, provenance

    def _finished(self, recipe: Recipe, picture: Image.Image | StripImage, pixels: MattedPixels) -> Image.Image:
        cutout = picture if isinstance(picture, Image.Image) else picture.whole()
        source = None if pixels.source_alpha is None else Image.fromarray(pixels.source_alpha)
        info = Info(
            mask=combine_alpha(source, Image.fromarray(pixels.alpha)),
            photo_box=(0, 0, *cutout.size),
            name=self.name,
            model=pixels.provenance.model,
            icc_profile=pixels.provenance.icc_profile,
        )
        return recipe.finish(cutout.convert("RGBA"), Image.fromarray(pixels.rgb), info)


def read_request(arguments: Mapping[str, Any], look: "Look | None" = None) -> Request:
    """Check the arguments of `offcut.remove`, which explains them.

    Args:
        arguments: by name, as in `Arguments`; those that are missing have their defaults.
        look: what a preset of a file makes, instead of `preset`.

    Raises:
        OptionError: a value makes no sense, or two contradict each other.
        RecipeError: the recipe cannot be read or used.
    """
    given = DEFAULTS | dict(arguments)
    if given["preset"] is not None:
        look = _look(given)
    if given["vitmatte"] or given["vitmatte_model"] is not None:
        raise OptionError(
            "Offcut has no ViTMatte. Soft edges follow the photo with refine=1.0, the default; "
            "alpha_matting=True finds them again by closed-form matting."
        )
    is_mask = given["only_mask"] or given["output"] == "mask"
    background, tint = given["background"], None
    if given["bgcolor"] is not None and not is_mask:
        if background is not None:
            raise OptionError("The arguments background and bgcolor contradict each other. Leave one of them out.")
        colour = _colour(given["bgcolor"])
        if colour[3] == 255:
            background = "#{:02x}{:02x}{:02x}".format(*colour)
        else:
            tint = colour
    foreground = given["foreground"] if given["decontaminate"] is None else given["decontaminate"]
    if given["putalpha"]:
        if given["border"]:
            raise OptionError("A border covers the colours that putalpha keeps. Leave one of them out.")
        foreground = False
    chosen = {"format": look.options.format, "quality": look.options.quality} if look else {}
    options = Options.read(
        {
            "model": network(given["model"]),
            "format": given["format"] or chosen.get("format"),
            "quality": chosen.get("quality") if given["quality"] is None else given["quality"],
            "background": background,
            "foreground": foreground,
            "output": "mask" if is_mask else given["output"],
            **{name: given[name] for name in ("refine", "traces", "border", "border_colour")},
        }
    )
    matting = None
    if given["alpha_matting"]:
        sizes = ("foreground_threshold", "background_threshold", "erode_size")
        matting = Matting(**{name: given[f"alpha_matting_{name}"] for name in sizes})
    recipe = given["recipe"]
    if recipe is not None:
        if is_mask:
            raise OptionError("A recipe finishes the picture, and the mask is none. Leave one of them out.")
        recipe = recipe if isinstance(recipe, Recipe) else Recipe.read(recipe)
        recipe.check()
    request = Request(options, matting, given["post_process_mask"], given["putalpha"], tint, recipe)
    return request.with_look(look) if look else request


def _look(given: dict[str, Any]) -> "Look":
    """Return the look of the preset that is named. Raises OptionError, also where an argument contradicts it."""
    from offcut.editing.project_presets import project_preset  # takes a while, and few callers need it

    for name in ("background", "bgcolor", "border", "border_colour", "output", "only_mask", "putalpha"):
        if given[name] != DEFAULTS[name]:
            raise OptionError(f"The arguments preset and {name} contradict each other. Leave one of them out.")
    return project_preset(given["preset"])


def smoothed(alpha: AlphaU8) -> AlphaU8:
    """Open an alpha, uint8 ``(h, w)``, with a cross of 3 × 3, blur it and cut it at one half, as rembg does."""
    opened = ~_largest_of_cross(~alpha)
    opened = _largest_of_cross(opened)
    blurred = np.asarray(Image.fromarray(opened).filter(ImageFilter.GaussianBlur(2)))
    return np.where(blurred < 127, 0, 255).astype(np.uint8)


def _largest_of_cross(values: AlphaU8) -> AlphaU8:
    result = values.copy()
    np.maximum(result[1:], values[:-1], out=result[1:])
    np.maximum(result[:-1], values[1:], out=result[:-1])
    np.maximum(result[:, 1:], values[:, :-1], out=result[:, 1:])
    np.maximum(result[:, :-1], values[:, 1:], out=result[:, :-1])
    return result


def _eroded(mask: Mask, size: int, *, border: bool) -> Mask:
    """Erode a mask, bool ``(h, w)``, with a square of that side; beyond its edge it counts as `border`."""
    if size <= 1:
        return mask
    for _ in range(2):  # rows, then columns
        edges = (size // 2, size - 1 - size // 2), (0, 0)
        sums = np.cumsum(np.pad(mask, edges, constant_values=border), axis=0, dtype=np.int32)
        sums = np.pad(sums, ((1, 0), (0, 0)))
        mask = (sums[size:] - sums[:-size] == size).T
    return mask


def _with_alpha(pixels: MattedPixels) -> Image.Image:
    source = None if pixels.source_alpha is None else Image.fromarray(pixels.source_alpha)
    result = Image.fromarray(pixels.rgb)
    result.putalpha(combine_alpha(source, Image.fromarray(pixels.alpha)))
    return result


def _colour(given: tuple[int, ...]) -> tuple[int, int, int, int]:
    try:
        red, green, blue, alpha = (*map(int, given), 255)[: max(4, len(given))]
    except (TypeError, ValueError):
        red = green = blue = alpha = -1
    if not all(0 <= value <= 255 for value in (red, green, blue, alpha)):
        raise OptionError(f"The bgcolor {given!r} is not a colour. Give (red, green, blue, alpha), each from 0 to 255.")
    return red, green, blue, alpha
