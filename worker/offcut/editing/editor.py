"""The photo being edited, and what can be done with it, one thing at a time."""

import asyncio
from typing import Any

import numpy as np

from .. import composite
from ..codecs.encode import check_side, format_named
from ..errors import NothingOpenError
from ..foreground.tiles import Box
from ..pipeline import Clock, Engine, Options, Progress, Result, enough_memory, write
from . import render
from .colours import SubjectColours
from .display import Display, Source, of_array
from .document import Document
from .operations import Operation, kind_of
from .settings import Background, Edges, Settings


def _silent(*_: Any) -> None:
    pass


class Editor:
    """Opens photos with an engine. Every method that works on a photo raises NothingOpenError while none is open."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._document: Document | None = None
        self._colours: SubjectColours | None = None
        self._turn = asyncio.Lock()

    @property
    def document(self) -> Document:
        """The open one."""
        if self._document is None:
            raise NothingOpenError("No photo is open. Choose a photo first.")
        return self._document

    @property
    def display(self) -> Display:
        """How the open photo is shown."""
        width, height = self.document.size
        return Display(height, width)

    async def open(self, data: bytes, options: Options, progress: Progress = _silent) -> Result:
        """Cut out a photo like `Engine.remove`, and keep it open for editing. Where it fails, the former one stays open."""
        clock = Clock(progress)
        async with self._turn:
            document = Document.of(await self._engine.find(data, options, clock))
            with enough_memory():
                background = Background("colour", options.background) if options.background else Background()
                document.set(Settings(Edges(decontaminate=options.foreground), background))
                self.take(document)
                return self._written(options, clock)

    def take(self, document: Document) -> None:
        """Edit this document from now on."""
        self._document, self._colours = document, SubjectColours(document.rgb)

    async def apply(self, operation: Operation, progress: Progress = _silent) -> Box | None:
        """Do one operation. Gives the part of the finished alpha that changed. Raises any OffcutError."""
        clock = Clock(progress)
        async with self._turn:
            document = self.document
            find = kind_of(operation).find
            with enough_memory():
                found = await find(self._engine, document.view(), operation, clock) if find else None
                clock.leave()
                return document.apply(operation, found)

    async def goto(self, position: int) -> Box | None:
        """Undo or redo to that number of steps. Gives the part of the finished alpha that changed."""
        async with self._turn:
            return self.document.goto(position)

    async def step(self, by: int) -> Box | None:
        """Undo (below 0) or redo so many steps. Gives the part of the finished alpha that changed."""
        async with self._turn:
            return self.document.goto(self.document.history.position + by)

    async def set(self, settings: Settings) -> bool:
        """Take other settings. Whether the finished alpha changed."""
        async with self._turn:
            with enough_memory():
                return self.document.set(settings)

    async def save(self, options: Options, progress: Progress = _silent) -> Result:
        """The picture with all that was done to it, as a file; of `options` the format, quality and output count.

        Raises:
            OptionError: the format cannot hold it.
        """
        async with self._turn:
            with enough_memory():
                return self._written(options, Clock(progress))

    async def cutout(self) -> Source:
        """The cutout with the subject's own colours, uint8 RGBA at the size that is shown. Use it before the next call."""
        async with self._turn:
            with enough_memory():
                self._update_colours()
        document, colours = self.document, self._colours
        return self.shown(lambda box: render.subject(document, colours, box))

    def shown(self, source: Source) -> Source:
        """A picture of the photo's size as it is shown."""
        display = self.display
        return lambda box: display.part(source, box)

    def photo(self) -> Source:
        """The photo at its own size: uint8 RGB, or RGBA where the file has a transparency of its own."""
        document = self.document
        if document.own is None:
            return of_array(document.rgb)
        return lambda box: np.dstack([document.rgb[box.slices], document.own[box.slices]])

    def alpha(self) -> Source:
        """The finished alpha at the photo's size, uint8, without the file's own transparency."""
        return of_array(self.document.finished)

    def _update_colours(self, fresh: bool = False) -> None:
        if self.document.settings.edges.decontaminate:
            self._colours.update(self.document.finished, fresh=fresh)

    def _written(self, options: Options, clock: Clock) -> Result:
        document = self.document
        target = format_named(options.format)
        check_side(document.size, target)
        clock.enter("compose")
        if options.output == "mask":
            picture = render.mask(document)
        else:
            self._update_colours(fresh=True)
            picture = render.cutout(document, self._colours)
            background = document.settings.background
            if background.kind == "colour":
                picture = composite.over_colour(picture, composite.parse_colour(background.colour))
        clock.enter("encode")
        return write(picture, document.origin, target, options, clock)
