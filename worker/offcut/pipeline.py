"""The pipeline of a photo: decode, preprocess, run the network, refine the alpha, compose, encode."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
from PIL import Image

from offcut import matting
from offcut.alpha_bleeding import bled
from offcut.arrays import AlphaF32
from offcut.codecs import Photo, decode, encode
from offcut.codecs.encode import Format, check_side, encode_within
from offcut.codecs.photo import array_of
from offcut.codecs.png_writer import StripImage, strips_of
from offcut.codecs.transparency import OWN_SHAPE, seen
from offcut.colour.profiles import space_of
from offcut.colour.spaces import ColourSpace, convert, convert_colour
from offcut.compositing import Border, Cutout, parse_colour
from offcut.errors import OffcutError, OutOfMemoryError
from offcut.foreground.cache import ForegroundCache
from offcut.geometry import Box
from offcut.handover import Handover
from offcut.inference import faces, holes, preprocess, routing
from offcut.inference.faces import Face
from offcut.inference.session import Session
from offcut.inference.uncertainty import NO_SUBJECT, has_subject, uncertainty
from offcut.masks import edges
from offcut.masks.border import border_of, side_of
from offcut.masks.edges import Edges
from offcut.matting import Refinement
from offcut.memory_budget import IN_WORK, MAX_PIXELS, Budget, PixelBudget
from offcut.models.catalogue import AUTOMATIC, Catalogue, Model
from offcut.options import BACKENDS, Options
from offcut.progress import Progress, StageTimer, no_progress
from offcut.validation import check_choice

Opener = Callable[[Model, str, Progress], Awaitable[Session]]
"""Loads a model and opens its session for a backend, one of `options.BACKENDS`."""

Decoder = Callable[[bytes, Budget], Awaitable[Photo]]

Writing = Callable[[Format], AbstractAsyncContextManager[None]]
"""Has what writes a format at hand for as long as its context lasts."""

Picture = TypeVar("Picture", bound=Image.Image | StripImage)


@dataclass(frozen=True)
class Provenance:
    """Where an alpha and its photo come from: everything about them except the pixels."""

    model: str
    title: str
    backend: str
    threads: int
    icc_profile: bytes | None = None
    dpi: tuple[float, float] | None = None
    notices: tuple[str, ...] = ()

    uncertainty: float = 0.0
    """How unsure the network is of the alpha (`offcut.inference.uncertainty`)."""

    @property
    def space(self) -> ColourSpace | None:
        """The colour space of the photo's values; None for sRGB."""
        return space_of(self.icc_profile)

    def scaled(self, across: float, down: float) -> "Provenance":
        """Return that of a copy so many times as wide and high: printed, it is as large as the photo."""
        return replace(self, dpi=self.dpi and (self.dpi[0] * across, self.dpi[1] * down))


@dataclass(frozen=True)
class Found:
    """What a network found in a photo, and where it ran: its session may be closed by now."""

    model: Model
    coarse: AlphaF32
    """The coarse alpha, float32 ``(h, w)`` of the network's own size, 0 to 1."""

    backend: str
    threads: int
    notices: tuple[str, ...] = ()
    """Of the network's session."""

    @classmethod
    def by(cls, session: Session, model: Model, coarse: AlphaF32) -> "Found":
        """Return what the session of a model found just now."""
        return cls(model, coarse, session.backend, session.threads, session.notices)

    def provenance(self, photo: Photo) -> Provenance:
        """Return where the alpha of this photo comes from."""
        return Provenance(
            self.model.id,
            self.model.title,
            self.backend,
            self.threads,
            photo.icc_profile,
            photo.dpi,
            (*photo.notices, *self.notices, *(() if has_subject(self.coarse) else (NO_SUBJECT,))),
            uncertainty(self.coarse),
        )


@dataclass(frozen=True)
class MattedPhoto:
    """A photo and the alpha that a network found, not yet at the photo's size."""

    photo: Photo
    refinement: Refinement
    """How much of each pixel the subject covers, without the file's own transparency. Upsampling it takes a while."""

    provenance: Provenance
    found: Found | None = None


@dataclass(frozen=True)
class MattedPixels:
    """A photo and its alpha as arrays of the photo's size."""

    rgb: np.ndarray
    """The photo, uint8 ``(h, w, 3)``."""

    source_alpha: np.ndarray | None
    """The file's own transparency, uint8 ``(h, w)``; None where the file is opaque."""

    alpha: np.ndarray
    """How much of each pixel the subject covers, uint8 ``(h, w)``; writable."""

    provenance: Provenance
    face: Face | None = None
    """Of the subject, where somebody has looked for one."""

    found: Found | None = None
    """What the network found, for `Engine.remove` of the same photo later."""

    @classmethod
    def of(cls, matted: Handover[MattedPhoto], traces: float = 0) -> "MattedPixels":
        """Upsample and refine the alpha of a photo. Takes the photo, so that it is freed while its copies are made.

        Args:
            matted: the photo.
            traces: up to which alpha, 0 to 1, faint traces are removed (`offcut.masks.traces`).
        """
        found = matted.take()
        image, source_alpha, provenance = found.photo.image, found.photo.alpha, found.provenance
        alpha, network = edges.apply(array_of(found.refinement.whole()), Edges(traces=traces)), found.found
        del found
        own = None if source_alpha is None else array_of(source_alpha)
        return cls(array_of(image), own, alpha, provenance, found=network)


Finished = tuple[Image.Image | StripImage, Provenance]

Finish = Callable[[MattedPixels, Options], Awaitable[Finished]]
"""Makes the finished picture of a photo and its alpha."""


@dataclass(frozen=True)
class Result:
    """A finished cutout."""

    data: bytes = field(repr=False)
    """The file."""

    format: Format
    width: int
    height: int
    model: str
    title: str
    backend: str
    threads: int
    notices: tuple[str, ...]
    seconds: dict[str, float] = field(default_factory=dict)
    """Wall time of each stage in seconds."""

    uncertainty: float = 0.0
    """How unsure the network is of the photo (`offcut.inference.uncertainty`), 0 to 1."""

    @classmethod
    def of(
        cls, data: bytes, target: Format, size: tuple[int, int], provenance: Provenance, clock: StageTimer
    ) -> "Result":
        """Return the result for an encoded picture of that width and height."""
        return cls(
            data,
            target,
            *size,
            provenance.model,
            provenance.title,
            provenance.backend,
            provenance.threads,
            provenance.notices,
            clock.seconds,
            provenance.uncertainty,
        )


class Engine:
    """Cuts out photos, with at most one network in memory.

    Of several photos given at once, one is with the network while the previous one is composed and encoded and the next
    one is decoded, as far as the memory allows (`PixelBudget`). With a network that runs on threads of its own, these
    overlap.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        open_session: Opener,
        decoder: Decoder | None = None,
        writing: Writing | None = None,
        max_pixels: int = MAX_PIXELS,
    ) -> None:
        """Create an engine. No model is loaded before it is needed.

        Args:
            catalogue: the models there are.
            open_session: loads a model and opens a session.
            decoder: reads a file into a photo; None for `offcut.codecs.decode`.
            writing: provides what writes a format; None where Pillow does.
            max_pixels: for how many of a photo there is memory (`offcut.memory_budget.pixels_for`).
        """
        self._catalogue = catalogue
        self._open_session = open_session
        self._decoder = decoder or _decode
        self.max_pixels = max_pixels
        """For how many of a photo there is memory here."""

        self.writing = writing or _pillow_writes
        """Has what writes a format at hand: `write` is called only within its context."""

        self._session: Session | None = None
        self._model: Model | None = None
        self._backend = "auto"
        self._preferred: Model | None = None
        self._session_lock = asyncio.Lock()
        self._decode_lock = asyncio.Lock()
        self._in_work = PixelBudget(min(IN_WORK, max_pixels))

    @property
    def catalogue(self) -> Catalogue:
        """The models there are."""
        return self._catalogue

    @property
    def model(self) -> Model:
        """The loaded model, or the default one while none is loaded."""
        return self._model or self._catalogue.model()

    def offer(self, catalogue: Catalogue) -> None:
        """Have these models from now on. A loaded one that is not among them stays until another is needed."""
        self._catalogue = catalogue
        if self._preferred:
            self._preferred = catalogue.models.get(self._preferred.id)

    def first_model(self, id: str | None) -> Model:
        """Return the model that looks first: the one with this id, the default for None, a fast one for ``"auto"``.

        Raises:
            OptionError: the catalogue has no such model.
        """
        if id != AUTOMATIC:
            return self._catalogue.model(id)
        return routing.of_tier(self._catalogue.models.values(), routing.FIRST) or self._catalogue.model()

    @property
    def session(self) -> Session | None:
        """The session in memory, if any."""
        return self._session

    @property
    def is_busy(self) -> bool:
        """Whether a photo or a model is being worked on."""
        return self._session_lock.locked() or self._decode_lock.locked() or self._in_work.is_reserved

    async def load(
        self,
        id: str | None = None,
        progress: Progress = no_progress,
        backend: str = "auto",
        *,
        prefer: bool = True,
    ) -> None:
        """Load a model before a photo needs it.

        Args:
            id: the model's in the catalogue; None for the default, ``"auto"`` for the one that looks first.
            progress: called with the stage ``"model"`` and the bytes loaded.
            backend: one of `options.BACKENDS`.
            prefer: whether to `prefer` it.

        Raises:
            OffcutError: the model is not known or cannot be loaded.
        """
        model = self.first_model(id)
        check_choice("backend", backend, BACKENDS)
        async with self._session_lock:
            await self._use(model, backend, progress)
            if prefer:
                self._preferred = model

    def prefer(self, id: str | None) -> str | None:
        """Have `alpha` run this model from now on where it is called without one.

        Args:
            id: of a model; one that the catalogue does not have changes nothing. None for the loaded one.

        Returns:
            What was preferred before.
        """
        before = self._preferred
        if id is None or id in self._catalogue.models:
            self._preferred = self._catalogue.models[id] if id else None
        return before.id if before else None

    async def release(self) -> None:
        """Free the session's memory; the next photo opens a new one."""
        async with self._session_lock:
            await self._drop()

    async def remove(
        self,
        data: bytes,
        options: Options,
        progress: Progress = no_progress,
        finish: Finish | None = None,
        known: Found | None = None,
    ) -> Result:
        """Cut the subject out of an image file.

        Args:
            data: the file, in any format that `codecs.decode` reads.
            options: model, format, background and the rest.
            progress: called at the start of each stage, and with the bytes of a model that is loaded.
            finish: makes the picture instead of `compose`.
            known: what a network found in this very photo before; then none is run.

        Raises:
            OffcutError: any of them; the engine stays usable.
        """
        target = options.target
        clock = StageTimer(progress)
        async with self.writing(target), self._matted(data, options, clock, known) as matted:
            pixels = MattedPixels.of(matted, options.traces)
            picture, provenance = await finish(pixels, options) if finish else compose(pixels, options)
            del pixels
            clock.enter("encode")
            return write(picture, provenance, target, options, clock)

    async def pixels(self, data: bytes | Photo, options: Options, clock: StageTimer) -> MattedPixels:
        """Find the subject, for a caller who changes the alpha or composes the picture himself (`compose`).

        Args:
            data: an image file, or a photo that is decoded already.
            options: model, `refine` and `traces`.
            clock: reports and measures the stages up to ``"compose"``.

        Raises:
            OffcutError: any of them; the engine stays usable.
        """
        async with self._matted(data, options, clock) as matted:
            return MattedPixels.of(matted, options.traces)

    async def alpha(
        self,
        image: Image.Image,
        id: str | None = None,
        progress: Progress = no_progress,
        space: ColourSpace | None = None,
        *,
        first: AlphaF32 | None = None,
    ) -> np.ndarray:
        """Run a network on a decoded picture, or on a part of one (`offcut.assist`).

        Args:
            image: mode RGB.
            id: the model's in the catalogue; None for that of the last photo (or `prefer`), or the default.
            progress: called with the bytes of a model that is loaded.
            space: the picture's colour space; None for sRGB.
            first: what the fast network found in it, ``(h, w)``, where this is a finer one: small subjects are seen
                squashed then (`offcut.inference.routing`).

        Returns:
            The coarse alpha, float32 ``(height, width)`` of the network's own size, 0 to 1, for `matting.matte`.

        Raises:
            OffcutError: the model cannot be loaded or run; the engine stays usable.
        """
        with enough_memory():
            async with self._session_lock:
                model = (self._preferred or self.model) if id is None else self._catalogue.model(id)
                session = await self._use(model, self._backend, progress)
                if first is not None:
                    return await _infer_finer(session, model, image, space, first)
                return await _infer(session, model, image, space)

    async def find_face(self, rgb: np.ndarray, alpha: np.ndarray, space: ColourSpace | None = None) -> Face | None:
        """Find the face of a photo's subject (`offcut.inference.faces`).

        Args:
            rgb: the photo, uint8 ``(h, w, 3)``.
            alpha: how much of each pixel the subject covers, uint8 ``(h, w)``.
            space: the photo's colour space; None for sRGB.

        Returns:
            None where there is none, where there is no network for faces here, or where it cannot run.
        """
        model = self._catalogue.detectors.get(faces.NAME)
        if model is None:
            return None
        try:
            session = await self._open_session(model, "wasm", no_progress)
        except OffcutError:  # such as no connection: the outline alone says where the head is
            return None
        try:
            async with self._session_lock:
                return await faces.find(rgb, alpha, model, session.run, space)
        except OffcutError:
            return None
        finally:
            await session.release()

    async def decode(self, data: bytes, *, may_reduce: bool = True, exact: tuple[int, int] | None = None) -> Photo:
        """Read a file into a photo, in the size that there is memory for.

        Args:
            data: the bytes of the file.
            may_reduce: whether a larger photo is made smaller; it is refused otherwise.
            exact: the size in which it was worked on before, where it was.

        Raises:
            OffcutError: as `offcut.codecs.decode`.
        """
        return await self._decoder(data, Budget(self.max_pixels, may_reduce, exact))

    async def matte(self, data: bytes, options: Options, clock: StageTimer) -> Handover[MattedPhoto]:
        """Do the first half of `remove`: everything up to the coarse alpha. Raises any OffcutError."""
        async with self._matted(data, options, clock) as matted:
            return matted

    @asynccontextmanager
    async def _matted(
        self, data: bytes | Photo, options: Options, clock: StageTimer, known: Found | None = None
    ) -> AsyncIterator[Handover[MattedPhoto]]:
        """Find the alpha, and keep the photo's pixels reserved until the context ends."""
        model = self.first_model(options.model)
        with enough_memory():
            async with AsyncExitStack() as reservation:
                async with self._decode_lock:  # at most one photo is decoded ahead
                    await self._in_work.wait_for_half()
                    clock.enter("decode")
                    photo = data if isinstance(data, Photo) else await self.decode(data, may_reduce=options.reduce)
                    check_side(photo.size, options.target)
                    clock.enter("compose" if known else "model")
                    await reservation.enter_async_context(self._in_work.reserve(photo.size[0] * photo.size[1]))
                    if known is None:
                        await self._session_lock.acquire()
                if known is None:
                    try:
                        image = seen(photo.image, photo.alpha)
                        found = await self._look(photo, image, model, options, clock)
                    finally:
                        self._session_lock.release()
                    clock.enter("compose")
                else:
                    image, found = seen(photo.image, photo.alpha), known
                await asyncio.sleep(0)  # let the next photo reach the network before this one is composed
                refinement = matting.begin(found.coarse, image, options.refine)
                matted = Handover(MattedPhoto(photo, refinement, found.provenance(photo), found))
                del photo, image, refinement
                yield matted

    async def _look(self, photo: Photo, image: Image.Image, model: Model, options: Options, clock: StageTimer) -> Found:
        """Run the networks on a photo; `image` is what they see of it."""
        session = await self._use(model, options.backend, clock.progress)
        clock.enter("infer")
        if OWN_SHAPE in photo.notices:  # all that is visible is the subject
            found = Found.by(session, model, np.ones((2, 2), np.float32))
        else:
            found = Found.by(session, model, await _infer(session, model, image, photo.space))
            if options.model == AUTOMATIC:
                found = await self._improved(found, image, photo.space, options.backend, clock.progress)
        self._preferred = found.model
        return found

    async def _improved(
        self, first: Found, image: Image.Image, space: ColourSpace | None, backend: str, progress: Progress
    ) -> Found:
        """Have the other networks of the automatic choice look, and return what the best of them found."""
        found, models = first, self._catalogue.models.values()
        if finer := routing.of_tier(models, *routing.FINER):
            session = await self._use(finer, backend, progress)
            found = Found.by(session, finer, await _infer_finer(session, finer, image, space, first.coarse))
        if people := routing.of_tier(models, routing.PEOPLE):
            session = await self._use(people, backend, progress)
            coarse = await _infer(session, people, image, space)
            if routing.is_of_people(found.coarse, coarse):
                found = Found.by(session, people, holes.filled(coarse, found.coarse))
        return found

    async def _use(self, model: Model, backend: str, progress: Progress) -> Session:
        """Return the session of a model, opening it where another one is loaded."""
        if self._session is None or (self._model, self._backend) != (model, backend):
            await self._drop()
            self._session = await self._open_session(model, backend, progress)
            self._model, self._backend = model, backend
        return self._session

    async def _drop(self) -> None:
        session, self._session, self._model = self._session, None, None
        if session is not None:
            await session.release()


async def _infer(session: Session, model: Model, image: Image.Image, space: ColourSpace | None) -> np.ndarray:
    """Run the network on a picture: the coarse alpha, float32 ``(h, w)``, 0 to 1."""
    tensor, geometry = preprocess.prepare(image, model, space)
    return preprocess.read_alpha(await session.run(tensor), geometry, model.output_alpha, model.output_channel)


async def _infer_finer(
    session: Session, model: Model, image: Image.Image, space: ColourSpace | None, first: AlphaF32
) -> np.ndarray:
    """Run a finer network on a picture, after the fast one found `first` in it (`offcut.inference.routing`)."""
    if model.input_step and routing.is_small(first):
        coarse = await _infer(session, routing.squashed(model), image, space)
        if routing.is_confirmed(first, coarse):
            return coarse
    return await _infer(session, model, image, space)


async def _decode(data: bytes, budget: Budget) -> Photo:
    return decode(data, budget)


@asynccontextmanager
async def _pillow_writes(target: Format) -> AsyncIterator[None]:
    yield


def compose(pixels: MattedPixels, options: Options) -> tuple[StripImage, Provenance]:
    """Compose the picture that the options ask for, of mode RGBA, RGB (over a background) or L (the mask)."""
    rgb = pixels.rgb

    def photo(box: Box) -> np.ndarray:
        return rgb[box.slices]

    cutout = Cutout(pixels.alpha, pixels.source_alpha, photo)
    if options.output == "mask":
        return cutout.mask_strips(), pixels.provenance
    if options.foreground:
        # For the network's alpha, without the file's own: pixels that are transparent in the file have unmixed colours.
        foreground = ForegroundCache(rgb)
        foreground.update(pixels.alpha)
        cutout = replace(cutout, colours=foreground.part)
    if options.border:
        seen = cutout.visible(Box.of_size(*cutout.size))
        covered = border_of(seen, options.border * side_of(seen))
        cutout = replace(cutout, border=Border(covered, options.border_colour, pixels.provenance.space))
    if options.background is None:
        return cutout.strips(), pixels.provenance
    colour = convert_colour(parse_colour(options.background), None, pixels.provenance.space)
    return for_format(cutout.strips_over(colour), pixels.provenance, options.target)


def for_format(picture: Picture, provenance: Provenance, target: Format) -> tuple[Picture | StripImage, Provenance]:
    """Return a picture over a background as it is encoded, and where it comes from.

    In a lossy format it is sRGB: the format's rounding would change a chosen colour by as much as 13 in a wider space
    (docs/decisions/0091).
    """
    space = provenance.space
    if space is None or not target.lossy or picture.mode != "RGB":
        return picture, provenance
    strips = picture if isinstance(picture, StripImage) else strips_of(picture)
    in_srgb = StripImage(strips.size, "RGB", lambda top, bottom: convert(strips.rows(top, bottom), space, None))
    return in_srgb, replace(provenance, icc_profile=None)


@contextmanager
def enough_memory() -> Iterator[None]:
    """Raise OutOfMemoryError, with a sentence for people, in place of MemoryError."""
    try:
        yield
    except MemoryError as error:
        raise OutOfMemoryError(
            "This device ran out of memory for this photo. Close other tabs or make the photo smaller."
        ) from error


def write(
    picture: Image.Image | StripImage,
    provenance: Provenance,
    target: Format,
    options: Options,
    clock: StageTimer,
    *,
    keep_hidden: bool = False,
) -> Result:
    """Encode a finished picture, with the photo's colour profile and resolution.

    The colours under alpha 0 are the subject's (`alpha_bleeding`), or as they are with `keep_hidden`.
    """
    if target.transparent and not keep_hidden:
        picture = bled(picture)
    quality, profile, dpi = int(options.quality), provenance.icc_profile, provenance.dpi
    if options.max_bytes:
        limit = int(options.max_bytes)
        data = encode_within(picture, target, limit, quality=quality, icc_profile=profile, dpi=dpi)
    else:
        data = encode(picture, target, quality=quality, icc_profile=profile, dpi=dpi)
    clock.leave()
    return Result.of(data, target, picture.size, provenance, clock)
