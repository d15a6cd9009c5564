"""The way of a photo: decode, prepare, run, read, enlarge, compose, encode."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from offcut import compositing, foreground, matting
from offcut.codecs import Photo, decode, encode
from offcut.codecs.encode import Format, check_side
from offcut.codecs.photo import array_of
from offcut.errors import OutOfMemoryError
from offcut.inference import preprocess
from offcut.inference.session import Session
from offcut.matting import Refinement
from offcut.memory_budget import PixelBudget
from offcut.models.catalogue import Catalogue, Model
from offcut.options import BACKENDS, Options
from offcut.progress import Progress, StageTimer
from offcut.validation import check_choice

Opener = Callable[[Model, str, Progress], Awaitable[Session]]
"""Loads a model and makes its session, wherever the model comes from and wherever it runs. The text is one of `options.BACKENDS`."""

Decoder = Callable[[bytes], Awaitable[Photo]]


@dataclass(frozen=True)
class Provenance:
    """Where an alpha and the colours under it come from: all of it but the pixels."""

    model: str
    title: str
    backend: str
    threads: int
    icc_profile: bytes | None = None
    dpi: tuple[float, float] | None = None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class MattedPhoto:
    """A photo and what a network found in it."""

    photo: Photo
    matte: Refinement
    """How much of each pixel the subject covers; the photo's own transparency is not in it. Enlarging it takes a while."""

    origin: Provenance


@dataclass(frozen=True)
class Result:
    """A finished cutout."""

    data: bytes
    format: Format
    width: int
    height: int
    model: str
    title: str
    backend: str
    threads: int
    notices: tuple[str, ...]
    seconds: dict[str, float] = field(default_factory=dict)
    """Wall time of each stage."""


class Engine:
    """Holds at most one session and makes cutouts with it.

    Of photos given at the same time one is with the network, while the one before is finished and the one after is decoded,
    if there is room for them (`PixelBudget`). Where the network computes on threads of its own, that goes on at once.
    """

    def __init__(self, catalogue: Catalogue, open_session: Opener, decoder: Decoder | None = None) -> None:
        self._catalogue = catalogue
        self._open_session = open_session
        self.decode = decoder or _decode
        """Reads a file into a photo, like `offcut.codecs.decode`."""

        self._session: Session | None = None
        self._model: Model | None = None
        self._backend = "auto"
        self._turn = asyncio.Lock()
        self._reading = asyncio.Lock()
        self._room = PixelBudget()

    @property
    def model(self) -> Model:
        """The loaded model, or the default one while none is loaded."""
        return self._model or self._catalogue.model()

    @property
    def session(self) -> Session | None:
        """The session in memory, if any."""
        return self._session

    @property
    def is_busy(self) -> bool:
        """Whether a photo or a model is being worked on."""
        return self._turn.locked() or self._reading.locked() or self._room.is_taken

    async def load(self, id: str | None = None, progress: Progress = lambda *_: None, backend: str = "auto") -> None:
        """Have the session of a model ready, before the first photo needs it. Raises any OffcutError."""
        model = self._catalogue.model(id)
        check_choice("backend", backend, BACKENDS)
        async with self._turn:
            await self._use(model, backend, progress)

    async def release(self) -> None:
        """Give the session's memory back; the next photo opens a new one."""
        async with self._turn:
            await self._drop()

    async def remove(self, data: bytes, options: Options, progress: Progress = lambda *_: None) -> Result:
        """Cut the subject out of an image file. Raises any OffcutError; the engine stays usable after each."""
        target = options.target
        clock = StageTimer(progress)
        async with self._found(data, options, clock) as held:
            origin = held[0].origin
            picture = _compose(held.pop(), options)
            clock.enter("encode")
            return write(picture, origin, target, options, clock)

    async def alpha(
        self, image: Image.Image, id: str | None = None, progress: Progress = lambda *_: None
    ) -> np.ndarray:
        """What a network says of a picture that is decoded already, or of a part of one (`offcut.assist`).

        Args:
            image: mode RGB.
            id: the model's in the catalogue; None for the one that is loaded, or the default.

        Returns:
            The coarse alpha, float32 ``(height, width)`` of the network's own size, 0 to 1, for `matting.matte`.

        Raises:
            OffcutError: any that loading or running a model can give; the engine stays usable.
        """
        with enough_memory():
            async with self._turn:
                model = self.model if id is None else self._catalogue.model(id)
                return await _look(await self._use(model, self._backend, progress), model, image)

    async def find(self, data: bytes, options: Options, clock: StageTimer) -> MattedPhoto:
        """The first half of `remove`: everything up to the alpha. Raises any OffcutError."""
        async with self._found(data, options, clock) as held:
            return held.pop()

    @asynccontextmanager
    async def _found(self, data: bytes, options: Options, clock: StageTimer) -> AsyncIterator[list[MattedPhoto]]:
        """Find the alpha, and keep the photo's room until the work with it is done.

        Gives it alone in a list, to be taken out: nobody may hold what is copied, or WebAssembly's memory grows for good.
        """
        model = self._catalogue.model(options.model)
        with enough_memory():
            async with AsyncExitStack() as kept:
                async with self._reading:  # one photo at most is decoded and waits
                    await self._room.half_free()
                    clock.enter("decode")
                    photo = await self.decode(data)
                    check_side(photo.size, options.target)
                    clock.enter("model")
                    await kept.enter_async_context(self._room.taken(photo.size[0] * photo.size[1]))
                    await self._turn.acquire()
                try:
                    session = await self._use(model, options.backend, clock.progress)
                    clock.enter("infer")
                    coarse = await _look(session, model, photo.image)
                    origin = Provenance(
                        model.id,
                        model.title,
                        session.backend,
                        session.threads,
                        photo.icc_profile,
                        photo.dpi,
                        (*photo.notices, *session.notices),
                    )
                finally:
                    self._turn.release()
                clock.enter("compose")
                await asyncio.sleep(0)  # the next photo goes to the network before this one is gone on with
                held = [MattedPhoto(photo, matting.begin(coarse, photo.image, options.refine), origin)]
                del photo
                yield held

    async def _use(self, model: Model, backend: str, progress: Progress) -> Session:
        if self._session is None or (self._model, self._backend) != (model, backend):
            await self._drop()
            self._session = await self._open_session(model, backend, progress)
            self._model, self._backend = model, backend
        return self._session

    async def _drop(self) -> None:
        session, self._session, self._model = self._session, None, None
        if session is not None:
            await session.release()


async def _look(session: Session, model: Model, image: Image.Image) -> np.ndarray:
    tensor, geometry = preprocess.prepare(image, model)
    return preprocess.read_alpha(await session.run(tensor), geometry, model.output_alpha)


async def _decode(data: bytes) -> Photo:
    return decode(data)


def _compose(found: MattedPhoto, options: Options) -> Image.Image:
    image, own, alpha = found.photo.image, found.photo.alpha, found.matte.whole()
    del found
    seen = compositing.combine_alpha(own, alpha)
    if options.output == "mask":
        return seen
    if options.foreground:
        rgb = array_of(image)
        del image
        # With the alpha that was found, not the file's own: under its own transparency a file has unmixed colours.
        colours = foreground.estimate(rgb, np.asarray(alpha))
        del rgb
        image = Image.fromarray(colours)
        del colours
    cutout = compositing.cut_out(image, seen)
    if options.background is None:
        return cutout
    return compositing.over_colour(cutout, compositing.parse_colour(options.background))


@contextmanager
def enough_memory() -> Iterator[None]:
    """Say in plain words where memory ran out."""
    try:
        yield
    except MemoryError as error:
        raise OutOfMemoryError(
            "This device ran out of memory for this photo. Close other tabs or make the photo smaller."
        ) from error


def write(picture: Image.Image, origin: Provenance, target: Format, options: Options, clock: StageTimer) -> Result:
    """The finished picture as a file, with what must survive of the photo's metadata."""
    written = encode(picture, target, quality=int(options.quality), icc_profile=origin.icc_profile, dpi=origin.dpi)
    clock.leave()
    return Result(
        written,
        target,
        *picture.size,
        origin.model,
        origin.title,
        origin.backend,
        origin.threads,
        origin.notices,
        clock.seconds,
    )
