"""The way of a photo: decode, prepare, run, read, enlarge, compose, encode."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, fields
from typing import Any, Literal

import numpy as np
from PIL import Image

from . import composite, foreground, matting, preprocess
from .catalogue import Catalogue, Model
from .codecs import Photo, decode, encode
from .codecs.encode import Format, check_side, format_named
from .errors import OptionError, OutOfMemoryError
from .runtimes import Session

Progress = Callable[[str, int, int], None]
"""Told of each stage: its name (`STAGES`), how much of it is done, and how much there is in all (0 where unknown)."""

STAGES = ("decode", "model", "infer", "compose", "encode")

Opener = Callable[[Model, Progress], Awaitable[Session]]
"""Loads a model and makes its session, wherever the model comes from and wherever it runs."""

Decoder = Callable[[bytes], Awaitable[Photo]]


@dataclass(frozen=True)
class Options:
    """What a person may choose for one cutout."""

    model: str | None = None
    """Id in the catalogue; None for the default."""

    format: str = "png"
    """Key of `codecs.FORMATS`."""

    quality: int = 90
    """1 to 100, for lossy formats."""

    background: str | None = None
    """A CSS colour to put the subject on; None keeps it transparent."""

    refine: float = 1.0
    """How far uncertain edges follow the photo: 0 not at all, 1 fully (`offcut.matting`)."""

    foreground: bool = True
    """Whether soft edges get the subject's own colours instead of the photo's, which still hold the old background."""

    output: Literal["cutout", "mask"] = "cutout"
    """``"mask"`` gives the alpha alone as a grey picture."""

    @classmethod
    def read(cls, given: dict[str, Any]) -> "Options":
        """Check options that came from outside. Raises OptionError with the name of the one that is wrong."""
        known = {entry.name for entry in fields(cls)}
        for name in given:
            if name not in known:
                raise OptionError(f"The option {name!r} is not known. Use any of: {', '.join(sorted(known))}.")
        options = cls(**{name: value for name, value in given.items() if value is not None})
        format_named(options.format)
        if options.background is not None:
            composite.parse_colour(options.background)
        if options.output not in ("cutout", "mask"):
            raise OptionError(f"The output {options.output!r} is not known. Use 'cutout' or 'mask'.")
        _check_number("quality", options.quality, 1, 100)
        _check_number("refine", options.refine, 0, 1)
        if not isinstance(options.foreground, bool):
            raise OptionError(f"The foreground {options.foreground!r} is neither true nor false.")
        return options


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


def _check_number(name: str, value: Any, low: float, high: float) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise OptionError(f"The {name} {value!r} is not a number from {low} to {high}.")


class Engine:
    """Holds at most one session and makes cutouts with it, one at a time.

    Photos given at the same time wait for each other: a network needs the whole memory and every core for itself.
    """

    def __init__(self, catalogue: Catalogue, open_session: Opener, decoder: Decoder | None = None) -> None:
        self._catalogue = catalogue
        self._open_session = open_session
        self._decode = decoder or _decode
        self._session: Session | None = None
        self._model: Model | None = None
        self._turn = asyncio.Lock()

    @property
    def model(self) -> Model:
        """The loaded model, or the default one while none is loaded."""
        return self._model or self._catalogue.model()

    @property
    def session(self) -> Session | None:
        """The session in memory, if any."""
        return self._session

    async def load(self, id: str | None = None, progress: Progress = lambda *_: None) -> None:
        """Have the session of a model ready, before the first photo needs it."""
        model = self._catalogue.model(id)
        async with self._turn:
            await self._use(model, progress)

    async def release(self) -> None:
        """Give the session's memory back; the next photo opens a new one."""
        async with self._turn:
            await self._drop()

    async def remove(self, data: bytes, options: Options, progress: Progress = lambda *_: None) -> Result:
        """Cut the subject out of an image file. Raises any OffcutError; the engine stays usable after each."""
        model = self._catalogue.model(options.model)
        target = format_named(options.format)
        if options.output == "cutout" and options.background is None and not target.transparent:
            raise OptionError(
                f"{target.extension.upper()} cannot be transparent. Choose PNG or WebP, or give a background colour."
            )
        async with self._turn:
            try:
                return await self._remove(data, model, target, options, progress)
            except MemoryError as error:
                raise _out_of_memory() from error

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
        async with self._turn:
            model = self.model if id is None else self._catalogue.model(id)
            try:
                return await _look(await self._use(model, progress), model, image)
            except MemoryError as error:
                raise _out_of_memory() from error

    async def _remove(
        self, data: bytes, model: Model, target: Format, options: Options, progress: Progress
    ) -> Result:
        clock = _Clock(progress)
        clock.enter("decode")
        photo = await self._decode(data)
        check_side(photo.size, target)
        clock.enter("model")
        session = await self._use(model, progress)
        clock.enter("infer")
        coarse = await _look(session, model, photo.image)
        clock.enter("compose")
        found = matting.matte(coarse, photo.image, options.refine)
        picture = _compose(photo, found, options)
        clock.enter("encode")
        written = encode(
            picture, target, quality=int(options.quality), icc_profile=photo.icc_profile, dpi=photo.dpi
        )
        clock.leave()
        width, height = photo.size
        return Result(
            written, target, width, height, model.id, model.title, session.backend, session.threads,
            tuple(photo.notices), clock.seconds,
        )

    async def _use(self, model: Model, progress: Progress) -> Session:
        if self._session is None or self._model != model:
            await self._drop()
            self._session = await self._open_session(model, progress)
            self._model = model
        return self._session

    async def _drop(self) -> None:
        session, self._session, self._model = self._session, None, None
        if session is not None:
            await session.release()


async def _look(session: Session, model: Model, image: Image.Image) -> np.ndarray:
    tensor, geometry = preprocess.prepare(image, model)
    return preprocess.read_alpha(await session.run(tensor), geometry, model.output_alpha)


def _out_of_memory() -> OutOfMemoryError:
    return OutOfMemoryError("This device ran out of memory for this photo. Close other tabs or make the photo smaller.")


async def _decode(data: bytes) -> Photo:
    return decode(data)


def _compose(photo: Photo, found: Image.Image, options: Options) -> Image.Image:
    alpha = composite.combine_alpha(photo.alpha, found)
    if options.output == "mask":
        return alpha
    image = photo.image
    if options.foreground:
        # With the alpha that was found, not the file's own: under its own transparency a file has unmixed colours.
        image = Image.fromarray(foreground.estimate(np.asarray(image), np.asarray(found)))
    cutout = composite.cut_out(image, alpha)
    if options.background is None:
        return cutout
    return composite.over_colour(cutout, composite.parse_colour(options.background))


class _Clock:
    """Tells the progress of each stage's beginning and keeps what each took."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._stage = ""
        self._since = 0.0
        self.seconds: dict[str, float] = {}

    def enter(self, stage: str) -> None:
        self.leave()
        self._stage, self._since = stage, time.perf_counter()
        self._progress(stage, 0, 0)

    def leave(self) -> None:
        if self._stage:
            took = time.perf_counter() - self._since
            self.seconds[self._stage] = round(self.seconds.get(self._stage, 0.0) + took, 3)
            self._stage = ""
