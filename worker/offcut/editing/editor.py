"""The photo being edited, and what can be done with it, one thing at a time."""

import asyncio
from typing import Any

import numpy as np
from PIL import Image

from offcut import matting
from offcut.codecs.encode import format_named
from offcut.editing import persistence, rebase, render
from offcut.editing.display import PIXELS, Display, Source, of_array
from offcut.editing.document import Document
from offcut.editing.operations import Operation, kind_of
from offcut.editing.preview import Preview, look_at
from offcut.editing.settings import Background, Edges, Settings
from offcut.errors import NothingOpenError
from offcut.foreground.cache import ForegroundCache
from offcut.geometry import Box
from offcut.handover import Handover
from offcut.masks import morphology
from offcut.options import Options
from offcut.pipeline import Engine, MattedPhoto, Result, enough_memory, write
from offcut.progress import Progress, StageTimer
from offcut.protocol.settings import MAX_SIDE
from offcut.validation import check_number

_PREVIEW = 1e6
"""Pixels on which edges are treated while a slider moves."""


def settings_of(options: Options) -> Settings:
    """What is chosen in the beginning of a photo that is opened with these options."""
    background = Background("colour", options.background) if options.background else Background()
    return Settings(Edges(decontaminate=options.foreground), background)


def _silent(*_: Any) -> None:
    pass


class Editor:
    """Opens photos with an engine. Every method that works on a photo raises NothingOpenError while none is open."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._document: Document | None = None
        self._colours: ForegroundCache | None = None
        self._kept = render.PictureCache()
        self._seen: Edges | None = None
        self._found: Handover[MattedPhoto] | None = None
        self._options = Options()
        self._better: tuple[Document, str, np.ndarray] | None = None
        self.pixels = PIXELS
        """As many of the photo's pixels are shown, at most."""

        self._turn = asyncio.Lock()

    @property
    def document(self) -> Document:
        """The open one."""
        self._check_open()
        return self._document

    @property
    def display(self) -> Display:
        """How the open photo is shown."""
        width, height = self.document.size
        return Display(height, width, self.pixels)

    def close_up(self, scale: float) -> Display:
        """How a part of the open photo is shown with so many pixels for each of the photo's, at most 1."""
        width, height = self.document.size
        return Display(height, width, height * width * min(1.0, scale) ** 2)

    async def open(self, data: bytes, options: Options, progress: Progress = _silent) -> Preview:
        """Cut out a photo, and give a first look at it. Before anything else is done with it, `finish` has to be called.

        Where it fails, the former one stays open.
        """
        clock = StageTimer(progress)
        async with self._turn:
            found = (await self._engine.matte(data, options, clock)).take()
            with enough_memory():
                look = look_at(found, options.foreground, clock.seconds)
                clock.leave()
            self._document, self._found, self._options = None, Handover(found), options
            return look

    async def finish(self) -> None:
        """Have the photo that `open` has looked at ready for everything, at its full size."""
        async with self._turn:
            matted, self._found = self._found, None
            if matted is None:
                return self._check_open()
            with enough_memory():
                document = Document.of(matted)
                document.set(settings_of(self._options))
                self.take(document)

    def _check_open(self) -> None:
        if self._document is None:
            raise NothingOpenError("No photo is open. Choose a photo first.")

    def take(self, document: Document) -> None:
        """Edit this document from now on."""
        self._better = None
        self._document, self._colours, self._kept = document, ForegroundCache(document.rgb), render.PictureCache()
        self._seen = document.settings.edges

    async def reopen(
        self,
        data: bytes,
        manifest: dict[str, Any],
        parts: dict[str, bytes],
        background: bytes | None,
        progress: Progress = _silent,
    ) -> None:
        """Go on with a document that was kept (`offcut.editing.persistence`). Raises WorkDamagedError."""
        clock = StageTimer(progress)
        async with self._turn:
            with enough_memory():
                clock.enter("decode")
                image = await self._engine.decode(background) if background else None
                self.take(persistence.document_of(await self._engine.decode(data), manifest, parts, image))
                clock.leave()

    async def apply(self, operation: Operation, progress: Progress = _silent) -> Box | None:
        """Do one operation. Gives the part of the finished alpha that changed. Raises any OffcutError."""
        async with self._turn:
            return await self._do(operation, StageTimer(progress))

    async def improve(self, model: str, backend: str, progress: Progress = _silent) -> dict[str, float]:
        """Have another network look at the open photo, for `replace`; everything else can go on meanwhile.

        Gives the seconds of each stage. Raises any OffcutError; nothing has changed then.
        """
        clock, document = StageTimer(progress), self.document
        with enough_memory():
            clock.enter("model")
            await self._engine.load(model, progress, backend)
            clock.enter("infer")
            image = Image.fromarray(document.rgb)
            coarse = await self._engine.alpha(image, model)
            clock.enter("compose")
            self._better = document, model, np.asarray(matting.matte(coarse, image, 1.0))
            clock.leave()
        return clock.seconds

    async def replace(self, progress: Progress = _silent) -> Box | None:
        """Put what `improve` found under what was done since (`rebase.put_under`). Gives the part that changed."""
        async with self._turn:
            better, self._better = self._better, None
            if better is None or better[0] is not self.document:
                return None
            return await rebase.put_under(*better, lambda operation: self._do(operation, StageTimer(progress)))

    async def goto(self, position: int) -> Box | None:
        """Undo or redo to that number of steps. Gives the part of the finished alpha that changed."""
        async with self._turn:
            return self.document.goto(position)

    async def step(self, by: int) -> Box | None:
        """Undo (below 0) or redo so many steps. Gives the part of the finished alpha that changed."""
        async with self._turn:
            return self.document.goto(self.document.history.position + by)

    async def set(self, settings: Settings) -> bool:
        """Take other settings. Whether what is shown of the finished alpha changed, also by previews since the last call."""
        async with self._turn:
            with enough_memory():
                self.document.set(settings)
                changed = self._seen is None or not morphology.same_shape(self._seen, settings.edges)
                self._seen = settings.edges
                return changed

    async def preview(self, settings: Settings) -> np.ndarray | None:
        """Take settings that may change again at once, as while a slider moves.

        Returns:
            The finished alpha of a small copy of the photo, uint8 of at most `_PREVIEW` pixels; None where the edges are
            those that were seen last.
        """
        async with self._turn:
            self.document.set(settings)
            if self._seen is not None and morphology.same_shape(self._seen, settings.edges):
                return None
            self._seen = None  # whatever comes next has to be shown
            width, height = self.document.size
            display = Display(height, width, min(_PREVIEW, width * height))
            small = display.part(of_array(self.document.alpha), display.whole)
            return morphology.apply(small, morphology.scaled(settings.edges, display.scale))

    async def save(self, options: Options, progress: Progress = _silent, longest: float | None = None) -> Result:
        """The picture with all that was done to it, as a file; of `options` the format, quality and output count.

        Args:
            longest: its longer side in pixels, at least 1, where it shall be made smaller; None for full size.

        Raises:
            OptionError: the format cannot hold it.
        """
        if longest is not None:
            check_number("longest side", longest, 1, MAX_SIDE)
        async with self._turn:
            with enough_memory():
                return self._written(options, StageTimer(progress), longest)

    async def cutout(self) -> Source:
        """The cutout with the subject's own colours, uint8 RGBA at the photo's size. Use it before the next call."""
        async with self._turn:
            with enough_memory():
                document = self.document
                foreground = render.estimated_foreground(document, self._colours, exact=False)
                return render.cutout_of(document, foreground).part

    async def composed(self, max_side: int) -> Image.Image:
        """The whole composition with its longest side at most so long, mode RGB or RGBA."""
        async with self._turn:
            with enough_memory():
                return render.compose(self.document, self._colours, max_side, self._kept)

    def canvas(self) -> tuple[int, int]:
        """Width and height of the whole composition at full size."""
        return render.frame_of(self.document).size

    async def take_background_image(self, data: bytes) -> None:
        """Have an image file for the background of that kind. Raises what `Engine.remove` does for unreadable files."""
        async with self._turn:
            with enough_memory():
                self.document.take_background(await self._engine.decode(data))

    def pick(self, x: float, y: float) -> str:
        """The photo's colour at a place as ``"#rrggbb"``; beyond the photo, that of the nearest pixel."""
        width, height = self.document.size
        column, row = (int(min(max(place, 0), side - 1)) for place, side in ((x, width), (y, height)))
        return "#" + self.document.rgb[row, column].tobytes().hex()

    def photo(self) -> Source:
        """The photo at its own size: uint8 RGB, or RGBA where the file has a transparency of its own."""
        return render.photo_source(self.document)

    def alpha(self) -> Source:
        """The finished alpha at the photo's size, uint8, without the file's own transparency."""
        return of_array(self.document.finished)

    async def _do(self, operation: Operation, clock: StageTimer) -> Box | None:
        document, find = self.document, kind_of(operation).find
        with enough_memory():
            found = await find(self._engine, document.view(), operation, clock) if find else None
            clock.leave()
            return document.apply(operation, found)

    def _written(self, options: Options, clock: StageTimer, longest: float | None = None) -> Result:
        target = format_named(options.format)
        clock.enter("compose")
        if options.output == "mask":
            picture = render.mask(self.document)
        else:
            picture = render.finished(self.document, self._colours)
        if longest is not None and max(picture.size) > longest:
            picture = render.smaller(picture, longest)
        clock.enter("encode")
        return write(picture, self.document.origin, target, options, clock)
