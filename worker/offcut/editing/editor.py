"""The editing session: the open photo, what belongs to it, and a lock so that one thing is done at a time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from PIL import Image

from offcut.alternatives.agreement import DOUBTFUL, find_any_subject
from offcut.arrays import AlphaF32
from offcut.codecs.encode import format_named
from offcut.codecs.png_writer import StripImage
from offcut.codecs.transparency import OWN_SHAPE
from offcut.colour.spaces import convert_image
from offcut.editing import finishing, persistence, rebase, render, sheet
from offcut.editing.alternatives import ResultPicture, Results
from offcut.editing.checks import provenance_of
from offcut.editing.display import Display, Source, of_array
from offcut.editing.document import Document
from offcut.editing.finishing import Composition
from offcut.editing.look import Look, thumbnail_of
from offcut.editing.operations import Operation, read_operation
from offcut.editing.preview import Preview, make_preview
from offcut.editing.settings import Background, Border, Settings
from offcut.editing.thumbnail import small_cutout
from offcut.errors import HelpError, NothingOpenError, RecipeError
from offcut.foreground.cache import ForegroundCache
from offcut.geometry import Box
from offcut.handover import Handover
from offcut.inference import holes, routing
from offcut.masks import edges
from offcut.masks.edges import Edges
from offcut.options import Options
from offcut.pipeline import Engine, MattedPhoto, Result, enough_memory, for_format, write
from offcut.progress import Progress, StageTimer, no_progress
from offcut.protocol.settings import MAX_SIDE
from offcut.recipes.recipe import TOO_LONG, Recipe, Run, run_here
from offcut.validation import check_number

_PREVIEW_PIXELS = 1e6
"""Pixels on which edges are treated while a slider moves."""


ReadFile = Callable[[], Awaitable[bytes]]
"""Reads an image file, which need not be in memory until then."""


def settings_of(options: Options) -> Settings:
    """Return the first settings of a photo that is opened with these options."""
    background = Background("colour", options.background) if options.background else Background()
    border = Border(options.border, options.border_colour) if options.border else None
    return Settings(Edges(decontaminate=options.foreground, traces=options.traces), background, border=border)


@dataclass
class _OpenPhoto:
    """A document and what is derived from it."""

    document: Document
    foreground: ForegroundCache
    shown_edges: Edges | None
    """The edges under which the page shows the alpha; None where it shows a preview of others."""

    pictures: render.PictureCache = field(default_factory=render.PictureCache)
    images: dict[int, ReadFile] = field(default_factory=dict)
    """The background images by number; the document has the one that is used, decoded."""


class Editor:
    """Opens photos with an engine and edits them.

    Every method that works on a photo raises NothingOpenError while none is open, and OutOfMemoryError where memory
    runs out.
    """

    def __init__(self, engine: Engine, run_recipe: Run = run_here) -> None:
        """
        Args:
            engine: the engine.
            run_recipe: runs the recipes of settings.
        """
        self._engine, self._run_recipe = engine, run_recipe
        self._too_slow: tuple[Recipe, RecipeError] | None = None  # not tried again for previews
        self.photo_name = ""
        """Name of the open photo's file, which recipes may use."""

        self._photo: _OpenPhoto | None = None
        self._unfinished: tuple[Handover[MattedPhoto], Settings] | None = None
        self.first_settings = Settings()
        """The settings of the photo that was opened last, before the first step."""

        self._lock = asyncio.Lock()

    @property
    def document(self) -> Document:
        """The open document."""
        return self._open_photo().document

    def has_open(self, document: Document) -> bool:
        """Return whether this document is still open."""
        return self._photo is not None and self._photo.document is document

    async def open(
        self, data: bytes, options: Options, progress: Progress = no_progress, look: Look | None = None
    ) -> Preview:
        """Cut out a photo and make a preview of it. Call `finish` before anything else is done with the photo.

        Args:
            data: the image file.
            options: as for `Engine.remove`.
            progress: as for `Engine.remove`.
            look: what its settings begin with instead of what the options name.

        Raises:
            OffcutError: any of them; the photo before stays open.
        """
        clock = StageTimer(progress)
        async with self._lock:
            matted = (await self._engine.matte(data, options, clock)).take()
            with enough_memory():
                settings = look.settings_for(matted.photo.size) if look else settings_of(options)
                preview = make_preview(matted, settings.edges, clock.seconds)
                clock.leave()
            self.first_settings = settings
            self._photo, self._unfinished = None, (Handover(matted), self.first_settings)
            return preview

    async def finish(self) -> None:
        """Make the opened photo ready for editing at its full size. Does nothing where it is already."""
        async with self._lock:
            if self._unfinished is None:
                self._open_photo()
                return
            (matted, settings), self._unfinished = self._unfinished, None
            with enough_memory():
                document = Document.of(matted)
                document.begin_with(settings)
                await document.look_for_face(self._engine)
                self.edit(document)

    def edit(self, document: Document, images: Mapping[int, ReadFile] | None = None) -> None:
        """Edit this document from now on. `images` are its background images by number."""
        self._photo = _OpenPhoto(
            document, ForegroundCache(document.rgb), document.settings.edges, images=dict(images or {})
        )

    def close(self) -> None:
        """Have no photo open any more."""
        self._photo = self._unfinished = None

    async def reopen(
        self,
        data: bytes,
        manifest: dict[str, Any],
        parts: dict[str, bytes],
        images: Mapping[int, ReadFile],
        progress: Progress = no_progress,
    ) -> None:
        """Go on with a saved document.

        Args:
            data: the image file of the photo.
            manifest: see `persistence.document_of`.
            parts: see `persistence.document_of`.
            images: the image files of the backgrounds, by number.
            progress: called with the stage ``"decode"``.

        Raises:
            WorkDamagedError: something is missing or does not fit together.
        """
        clock = StageTimer(progress)
        async with self._lock:
            with enough_memory():
                clock.enter("decode")
                number = persistence.image_of(manifest, images)
                image = await self._engine.decode(await images[number]()) if number else None
                photo = await self._engine.decode(data, exact=persistence.size_of(manifest))
                document = persistence.document_of(photo, manifest, parts, image, number, images)
                await document.look_for_face(self._engine)
                self.edit(document, images)
                clock.leave()

    async def apply(self, given: dict[str, Any], progress: Progress = no_progress) -> Box | None:
        """Do one operation (`operations.KINDS`). Returns the part of the finished alpha that changed.

        Raises:
            OffcutError: the operation makes no sense, or its network cannot run; nothing has changed then.
        """
        async with self._locked() as photo:
            operation = read_operation(given, photo.document.size)
            return await self._apply(photo.document, operation, None, StageTimer(progress))

    async def start_over(self, progress: Progress = no_progress) -> Box | None:
        """Return to the network's alpha and to the settings at first, as one more step. Returns the changed part."""
        async with self._locked() as photo:
            operation = read_operation({"kind": "start_over"}, photo.document.size)
            return self._shown(photo, await self._apply(photo.document, operation, Settings(), StageTimer(progress)))

    async def find_alternative(self, model: str, backend: str, progress: Progress = no_progress) -> dict[str, float]:
        """Run another network on the open photo, for `use_alternative`. The photo can be edited meanwhile.

        Args:
            model: id of the network. If its alpha is known, it does not run again.
            backend: one of `options.BACKENDS`.
            progress: called with the bytes of the model, and with the stage ``"infer"``.

        Returns:
            The seconds of each stage; empty where the alpha was known.

        Raises:
            OffcutError: the model cannot be loaded or run; nothing has changed then.
        """
        clock, document = StageTimer(progress), self._open_photo().document
        if model not in document.alternatives:
            with enough_memory():
                clock.enter("model")
                await self._engine.load(model, progress, backend, prefer=False)
                clock.enter("infer")
                image, space = document.view().seen(), document.provenance.space
                first = self._first_look(document, model)
                coarse = await self._engine.alpha(image, model, space=space, first=first)
                document.alternatives.keep(model, self._without_holes(document, model, coarse))
                clock.leave()
        return clock.seconds

    def suited(self) -> str:
        """Return the id of the network whose alpha suits the open photo, of those that have looked at it."""
        alternatives, known = self._open_photo().document.alternatives, self._engine.catalogue.models
        models = [known[name] for name in alternatives.models if name in known]
        finer = routing.of_tier(models, *routing.FINER, routing.FIRST)
        people = routing.of_tier(models, routing.PEOPLE)
        if finer is None:
            return alternatives.models[0]
        if people and routing.is_of_people(alternatives.reduced(finer.id), alternatives.reduced(people.id)):
            return people.id
        return finer.id

    def _first_look(self, document: Document, model: str) -> AlphaF32 | None:
        """Return what the fast network found, if it looked first and this is a finer one."""
        known, first = self._engine.catalogue.models, document.alternatives.models[0]
        tiers = [known[name].tier if name in known else "" for name in (first, model)]
        is_finer = tiers[0] == routing.FIRST and tiers[1] in routing.FINER
        return document.alternatives.reduced(first) if is_finer else None

    def _without_holes(self, document: Document, model: str, coarse: AlphaF32) -> AlphaF32:
        """Return what a network found just now; of one for people without the holes that a finer one has filled."""
        alternatives, known = document.alternatives, self._engine.catalogue.models
        finer = routing.of_tier([known[name] for name in alternatives.models if name in known], *routing.FINER)
        if finer is None or known[model].tier != routing.PEOPLE:
            return coarse
        if not routing.is_of_people(alternatives.reduced(finer.id), coarse):
            return coarse
        return holes.filled(coarse, alternatives.coarse(finer.id))

    async def use_alternative(
        self, model: str, is_upgrade: bool = False, progress: Progress = no_progress
    ) -> Box | None:
        """Have the alpha of another network under everything that was done, as one more step.

        Args:
            model: id of a network that has looked at this photo.
            is_upgrade: whether this comes by itself; it changes nothing then where a step cannot be done again.
            progress: called with stages, for steps that run a network.

        Returns:
            The part that changed; None where the alpha is the same.

        Raises:
            HelpError: a step cannot be done again on this alpha; nothing has changed then.
        """
        async with self._locked() as photo:
            before = self._engine.prefer(model)  # boxes are looked into again, with this network
            changed = None
            try:
                changed = await rebase.put_under(photo.document, model, is_upgrade, self._again(photo, progress))
            except HelpError:
                if not is_upgrade:
                    raise
            finally:
                if changed is None:
                    self._engine.prefer(before)
            return self._shown(photo, changed)

    async def list_alternatives(self, side: int) -> Results:
        """Return the results of the networks that have looked at the photo, as far as they differ.

        Args:
            side: longer side of a picture, in pixels.
        """
        async with self._locked() as photo:
            document, known = photo.document, self._engine.catalogue.models
            found, current = document.alternatives, document.network
            looked = [known[model] for model in found.models if model in known]
            agreement = found.agreement(find_any_subject(looked))
            is_doubtful = agreement < DOUBTFUL and OWN_SHAPE not in document.provenance.notices
            shown = found.distinct(current)
            box = found.visible(shown, document.size)
            pictures = [
                ResultPicture(
                    model,
                    known[model].title if model in known else model,
                    small_cutout(document, found.coarse(model), side, box),
                )
                for model in shown
            ]
            return Results(found.models, current, agreement, is_doubtful, pictures)

    async def go_to_step(self, position: int) -> Box | None:
        """Undo or redo to that number of steps. Returns the part of the finished alpha that changed."""
        async with self._locked() as photo:
            return await self._go(photo, position)

    async def undo(self) -> Box | None:
        """Undo the last step. Returns the part of the finished alpha that changed."""
        async with self._locked() as photo:
            return await self._go(photo, photo.document.history.position - 1)

    async def redo(self) -> Box | None:
        """Redo the next step. Returns the part of the finished alpha that changed."""
        async with self._locked() as photo:
            return await self._go(photo, photo.document.history.position + 1)

    async def set_settings(self, settings: Settings) -> bool:
        """Change the settings, as a step where they are others than those of the last step.

        Returns:
            Whether the shown alpha is out of date, also by previews since the last call.
        """
        async with self._locked() as photo:
            await self._load_image(photo, settings)
            photo.document.change(settings)
            await photo.document.look_for_face(self._engine)
            return self._take_shown_edges(photo)

    async def preview_settings(self, settings: Settings) -> np.ndarray | None:
        """Change settings that may change again at once, as while a slider moves.

        Returns:
            The finished alpha of a small copy of the photo, uint8 of at most `_PREVIEW_PIXELS`; None where the page
            shows the alpha under these edges already.
        """
        async with self._locked() as photo:
            document = photo.document
            await self._load_image(photo, settings)
            document.set(settings)
            await document.look_for_face(self._engine)
            if photo.shown_edges is not None and edges.same_shape(photo.shown_edges, settings.edges):
                return None
            photo.shown_edges = None  # the next call of `set_settings` must show the exact alpha
            display = Display.of(document.size, _PREVIEW_PIXELS)
            small = display.part(of_array(document.alpha), display.whole)
            return edges.apply(small, edges.scaled(settings.edges, display.scale))

    async def save(self, options: Options, progress: Progress = no_progress, longest: float | None = None) -> Result:
        """Encode the finished picture.

        Args:
            options: of which format, quality and output count; the rest is in the document.
            progress: called with the stages ``"compose"`` and ``"encode"``.
            longest: the longer side in pixels, at least 1, where the picture is to be smaller; None for full size.

        Raises:
            OptionError: the picture is too long for the format.
            RecipeError: the recipe of the settings fails.
        """
        if longest is not None:
            check_number("longest side", longest, 1, MAX_SIDE)
        target = format_named(options.format)
        async with self._locked() as photo, self._engine.writing(target):
            document, clock = photo.document, StageTimer(progress)
            clock.enter("compose")
            picture = render.mask(document) if options.output == "mask" else await self._finished(photo)
            provenance = provenance_of(document)
            if longest is not None and max(picture.size) > longest:
                size, picture = picture.size, render.smaller(picture, longest)
                provenance = provenance.scaled(picture.size[0] / size[0], picture.size[1] / size[1])
            clock.enter("encode")
            if not document.settings.background.is_of_photo:
                picture, provenance = for_format(picture, provenance, target)
            return write(picture, provenance, target, options, clock)

    async def save_sheet(self, paper: str, kind: str, progress: Progress = no_progress) -> Result:
        """Encode a sheet with the finished picture on it several times (`offcut.editing.sheet`), in sRGB.

        Args:
            paper: one of `offcut.protocol.sheets.PAPERS`.
            kind: the file type, one of `SHEET_TYPES` there.
            progress: called with the stages ``"compose"`` and ``"encode"``.

        Raises:
            OptionError: the settings state no resolution, or the picture has no room on the paper.
            RecipeError: the recipe of the settings fails.
        """
        async with self._locked() as photo:
            document, clock, target = photo.document, StageTimer(progress), sheet.file_type(kind)
            clock.enter("compose")
            made = await self._finished(photo)
            whole = made.whole() if isinstance(made, StripImage) else made
            provenance = document.provenance
            made = sheet.make_sheet(convert_image(whole, provenance.space, None), document.settings.canvas.dpi, paper)
            clock.enter("encode")
            data = sheet.write_sheet(made, kind)
            clock.leave()
            return Result.of(data, target, made.size, provenance, clock)

    async def thumbnail(self) -> bytes:
        """Return a small picture of the composition (`look.thumbnail_of`)."""
        async with self._locked() as photo:
            return thumbnail_of(photo.document, photo.foreground)

    async def render_cutout(self) -> Source:
        """Return the cutout with the estimated foreground, uint8 RGBA of the photo's size, in its colour space.

        Use it before the next call.
        """
        async with self._locked() as photo:
            foreground = render.estimated_foreground(photo.document, photo.foreground, exact=False)
            return render.cutout_of(photo.document, foreground).part

    async def render_composition(self, max_side: int) -> Composition:
        """Return a preview of the composition, its longest side at most `max_side` before the recipe, in sRGB.

        Where the recipe fails it is left out, and the error returned.
        """
        async with self._locked() as photo:
            document = photo.document
            composition = finishing.plain(
                document, render.compose(document, photo.foreground, max_side, photo.pictures)
            )
            if recipe := document.settings.recipe:
                try:
                    if self._too_slow and self._too_slow[0] == recipe:
                        raise self._too_slow[1]
                    composition = finishing.finished(
                        composition, await self._finish(document, recipe, composition.picture)
                    )
                except RecipeError as error:
                    composition = replace(composition, error=error)
            picture = convert_image(composition.picture, document.provenance.space, None)
            return replace(composition, picture=picture)

    async def set_background_image(self, read: ReadFile) -> int:
        """Take another image for the background of that kind. It is used once the settings name it.

        Returns:
            Its number.

        Raises:
            OffcutError: what `Engine.remove` raises for unreadable files.
        """
        async with self._locked() as photo:
            number = photo.document.take_background(await self._engine.decode(await read()))
            photo.images[number] = read
            return number

    async def _finished(self, photo: _OpenPhoto) -> Image.Image | StripImage:
        """Return the finished picture at full size, with what its recipe makes of it."""
        picture = render.finished(photo.document, photo.foreground)
        if recipe := photo.document.settings.recipe:
            return await self._finish(photo.document, recipe, picture)
        return picture

    async def _finish(self, document: Document, recipe: Recipe, picture: Image.Image | StripImage) -> Image.Image:
        try:
            return await finishing.finish(document, recipe, picture, self._run_recipe, self.photo_name)
        except RecipeError as error:
            if error.reason == TOO_LONG:
                self._too_slow = recipe, error
            raise

    def _open_photo(self) -> _OpenPhoto:
        if self._photo is None:
            raise NothingOpenError("No photo is open. Choose a photo first.")
        return self._photo

    @asynccontextmanager
    async def _locked(self) -> AsyncIterator[_OpenPhoto]:
        """Wait for the lock, and work on the open photo."""
        async with self._lock:
            with enough_memory():
                yield self._open_photo()

    async def _apply(
        self, document: Document, operation: Operation, settings: Settings | None, clock: StageTimer
    ) -> Box | None:
        with enough_memory():
            await operation.prepare(self._engine, document.view(), clock)
            clock.leave()
            return document.apply(operation, settings)

    def _again(self, photo: _OpenPhoto, progress: Progress) -> rebase.Apply:
        async def apply(operation: Operation, settings: Settings | None) -> Box | None:
            return await self._apply(photo.document, operation, settings, StageTimer(progress))

        return apply

    async def _go(self, photo: _OpenPhoto, position: int) -> Box | None:
        await self._load_image(photo, photo.document.settings_at(position))
        changed = photo.document.goto(position)
        await photo.document.look_for_face(self._engine)
        return self._shown(photo, changed)

    async def _load_image(self, photo: _OpenPhoto, settings: Settings) -> None:
        """Have the document hold the background image of these settings, where there is one and it does not."""
        number, document = settings.background.image, photo.document
        if settings.background.kind == "image" and number != document.background_version and number in photo.images:
            document.take_background(await self._engine.decode(await photo.images[number]()), number)

    def _shown(self, photo: _OpenPhoto, box: Box | None) -> Box | None:
        """Return what is to be shown again after `box` of the finished alpha has changed: all of it after a preview."""
        return Box.of_size(*photo.document.size) if self._take_shown_edges(photo) else box

    def _take_shown_edges(self, photo: _OpenPhoto) -> bool:
        """Note that the page shows the finished alpha from now on. Returns whether it shows another now."""
        shown, photo.shown_edges = photo.shown_edges, photo.document.settings.edges
        return shown is None or not edges.same_shape(shown, photo.shown_edges)
