"""Finishing a composition with the recipe of its document."""

from dataclasses import dataclass, replace

from PIL import Image

from offcut.codecs.png_writer import StripImage
from offcut.editing import placement, render
from offcut.editing.checks import Enlargement, enlargement_of, is_head_guessed
from offcut.editing.document import Document
from offcut.editing.outline import Rectangle
from offcut.errors import RecipeError
from offcut.recipes import Info, Recipe
from offcut.recipes.recipe import Run


@dataclass(frozen=True)
class Composition:
    """What a view of the finished picture shows."""

    picture: Image.Image
    """The picture, perhaps smaller than it is saved: mode RGB or RGBA."""

    width: int
    height: int
    """Its size when it is saved, in pixels, as far as is known."""

    window: Rectangle
    """What it shows, in photo pixels."""

    enlargement: Enlargement | None = None
    """How much the subject is enlarged when it is saved; None where it is not."""

    is_head_guessed: bool = False
    """Whether only the outline says where the head is to which the canvas is fitted."""

    error: RecipeError | None = None
    """Why the picture is as it was before the recipe."""


def plain(document: Document, picture: Image.Image) -> Composition:
    """Return a composition as `render.compose` has made it."""
    frame = render.frame_of(document)
    return Composition(picture, *frame.size, frame.window, enlargement_of(document), is_head_guessed(document))


def finished(before: Composition, made: Image.Image) -> Composition:
    """Return a composition as a recipe has made it. What the recipe adds is assumed on both sides alike."""
    across, down = (
        before.window.width / before.picture.width,
        before.window.height / before.picture.height,
    )
    left = before.window.left - (made.width - before.picture.width) / 2 * across
    top = before.window.top - (made.height - before.picture.height) / 2 * down
    return replace(
        before,
        picture=made if made.mode != "L" else made.convert("RGB"),
        width=round(before.width * made.width / before.picture.width),
        height=round(before.height * made.height / before.picture.height),
        window=Rectangle(left, top, left + made.width * across, top + made.height * down),
    )


async def finish(
    document: Document, recipe: Recipe, picture: Image.Image | StripImage, run: Run, name: str
) -> Image.Image:
    """Run a recipe on a composition.

    Args:
        document: what the picture was composed of.
        recipe: the recipe.
        picture: the composition, at full size or smaller.
        run: runs the recipe.
        name: of the photo's file.

    Returns:
        Mode RGBA, RGB or L, of any size.

    Raises:
        RecipeError: it fails.
    """
    return await run(recipe, *inputs(document, picture, name))


def inputs(document: Document, picture: Image.Image | StripImage, name: str) -> tuple[Image.Image, Image.Image, Info]:
    """Return what a recipe gets: the composition as RGBA, the photo, and what is known of both.

    Args:
        document: what the picture was composed of.
        picture: the composition, at full size or smaller.
        name: of the photo's file.
    """
    whole = picture.whole() if isinstance(picture, StripImage) else picture
    frame = render.frame_of(document)
    if whole.size != frame.size:
        frame = placement.Frame(*whole.size, frame.left, frame.top, frame.scale * max(whole.size) / max(frame.size))
    mask, photo = render.mask(document), Image.fromarray(document.rgb)
    if mask.size != whole.size:
        mask = mask.resize(whole.size, Image.Resampling.BOX)
    if frame.scale < 1:
        size = max(1, round(photo.width * frame.scale)), max(1, round(photo.height * frame.scale))
        photo = photo.resize(size, Image.Resampling.BOX)
    width, height = (side * frame.scale for side in document.size)
    left, top = -frame.left * frame.scale, -frame.top * frame.scale
    info = Info(
        mask=mask,
        photo_box=(round(left), round(top), round(left + width), round(top + height)),
        scale=frame.scale,
        name=name,
        model=document.network,
        icc_profile=document.provenance.icc_profile,
    )
    return whole.convert("RGBA"), photo, info
