"""The engine on CPython: sessions that other programs keep, and where they find the models."""

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from PIL import Image

from offcut.alpha_bleeding import bled
from offcut.alternatives.removal import Alternatives, find_all
from offcut.codecs.native_heic import decode_natively
from offcut.codecs.photo import Photo
from offcut.errors import InferenceError, OptionError
from offcut.inference.session import Session
from offcut.models.catalogue import AUTOMATIC, Model
from offcut.options import Options
from offcut.pipeline import Engine, MattedPixels, Result, write
from offcut.progress import Progress, StageTimer, no_progress
from offcut.request import Request, network
from offcut.store.fetching import ready
from offcut.store.folders import Models, read_folder

T = TypeVar("T")


class RemovalSession:
    """A loaded model, ready for any number of photos, also from several threads at once.

    Create it with `new_session`. As a context manager it frees the model's memory at the end.
    """

    def __init__(self, engine: Engine, model: str) -> None:
        """Use `new_session`."""
        self._engine = engine
        self._model = model
        self._lock = threading.Lock()

    @property
    def model(self) -> str:
        """The model's id in the catalogue, or ``"auto"``."""
        return self._model

    def remove(self, data: bytes, options: Options, progress: Progress = no_progress) -> Result:
        """Cut the subject out of an image file with this session's model. Raises any OffcutError."""
        return self.make(data, Request(options), progress)

    def make(self, data: bytes | Photo, request: Request, progress: Progress = no_progress) -> Result:
        """Make a file of a photo, as `offcut.remove` does. Raises any OffcutError."""
        return self.apply(data, request, lambda pixels, clock: make_file(pixels, request, clock), progress)

    def compose(self, data: bytes | Photo, request: Request, progress: Progress = no_progress) -> Image.Image:
        """Make a picture of a photo, of mode RGBA, RGB or L. Raises any OffcutError."""
        return self.apply(data, request, lambda pixels, clock: make_picture(pixels, request), progress)

    def apply(
        self,
        data: bytes | Photo,
        request: Request,
        make: Callable[[MattedPixels, StageTimer], T],
        progress: Progress = no_progress,
    ) -> T:
        """Find the subject of a photo and return what `make` makes of photo and alpha. Raises any OffcutError."""
        clock = StageTimer(progress)
        # Only the network is one at a time: of several threads' photos, the others are composed and encoded meanwhile.
        with self._lock:
            pixels = _run(self._engine.pixels(data, self._options(request), clock))
            if request.finds_face:
                found = self._engine.find_face(pixels.rgb, pixels.alpha, pixels.provenance.space)
                pixels = replace(pixels, face=_run(found))
        clock.enter("compose")
        return make(pixels, clock)

    def apply_all(
        self,
        data: bytes | Photo,
        request: Request,
        make: Callable[[MattedPixels, StageTimer], T],
        progress: Progress = no_progress,
    ) -> Alternatives[T]:
        """Do `apply` with every model of this machine, this session's first. Raises any OffcutError."""
        engine, options = self._engine, self._options(request)
        with self._lock:
            return _run(find_all(engine, data, options, engine.catalogue.models, make, progress))

    def close(self) -> None:
        """Free the model's memory. The next photo loads the model again."""
        with self._lock:
            _run(self._engine.release())

    def __enter__(self) -> "RemovalSession":
        """Return the session."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close the session."""
        self.close()

    def _options(self, request: Request) -> Options:
        options = request.options
        return options if options.model else replace(options, model=self._model)


def make_file(pixels: MattedPixels, request: Request, clock: StageTimer) -> Result:
    """Make a file of a photo and its alpha. Raises OptionError."""
    picture, provenance = request.picture(pixels)
    clock.enter("encode")
    target = request.options.target
    return write(picture, provenance, target, request.options, clock, keep_hidden=request.keep_colours)


def make_picture(pixels: MattedPixels, request: Request) -> Image.Image:
    """Make a picture of a photo and its alpha, of mode RGBA, RGB or L.

    Its `info` has the photo's resolution and, where it has colours, colour profile, which Pillow then saves.
    """
    composed, provenance = request.picture(pixels)
    if not request.keep_colours:
        composed = bled(composed)
    picture = composed if isinstance(composed, Image.Image) else composed.whole()
    if provenance.icc_profile and picture.mode != "L":
        picture.info["icc_profile"] = provenance.icc_profile
    if provenance.dpi:
        picture.info["dpi"] = provenance.dpi
    return picture


def new_session(
    model: str | os.PathLike[str] | None = None,
    *,
    models: str | os.PathLike[str] | None = None,
    threads: int | None = None,
    model_name: str | None = None,
    sess_opts: object = None,
    providers: object = None,
    model_path: str | os.PathLike[str] | None = None,
) -> RemovalSession:
    """Load a model, to use it for many photos.

    Args:
        model: its id in the catalogue, such as ``"u2netp"``, or rembg's name for it; None for the default; ``"auto"``
            for the network that suits each photo, out of those that are there. The path of an ONNX file, which ends in
            ``.onnx``, is a network of one's own (docs/own-networks.md).
        models: folder with ``catalogue.json`` and ``chunks/``; None for `OFFCUT_MODELS`, or the models of this machine,
            where one that is missing is fetched (docs/python.md).
        threads: how many the network computes with; None for all of the processor's.
        model_name: rembg's name of `model`.
        sess_opts: rembg's; refused.
        providers: rembg's; refused.
        model_path: the ONNX file of rembg's ``"u2net_custom"``, ``"dis_custom"`` or ``"ben_custom"``.

    Raises:
        ModelDownloadError: the model is not on this machine and cannot be fetched, or a part of it is missing.
        ModelDamagedError: a part of it is damaged.
        NetworkError: a network of one's own is refused; its `reason` says why.
        OptionError: the catalogue has no such model, or an argument is refused.
        OSError: the file of a network of one's own cannot be read.
    """
    if sess_opts is not None or providers is not None:
        raise OptionError(
            "Offcut sets up onnxruntime itself, so there are no sess_opts and no providers. "
            "threads=2 makes the network compute with two threads."
        )
    if model_name is not None and model is not None:
        raise OptionError("The arguments model and model_name are the same. Leave one of them out.")
    if threads is not None and threads < 1:
        raise OptionError(f"The number of threads {threads!r} is not a whole number from 1 on.")
    wanted = network(model or model_name, model_path)
    engine = open_engine(ready(wanted, models), threads)
    _run(engine.load(wanted))
    return RemovalSession(engine, AUTOMATIC if wanted == AUTOMATIC else engine.model.id)


def open_engine(models: Models | Path, threads: int | None = None) -> Engine:
    """Create an engine that runs models with onnxruntime.

    Args:
        models: of this machine (`offcut.store.fetching.ready`), or a folder with ``catalogue.json`` and ``chunks/``, as
            `python3 -m tools build` writes it.
        threads: how many a network computes with; None for all of the processor's.

    Raises:
        ModelDamagedError: the catalogue cannot be read.
        OSError: there is no catalogue.
    """

    async def open_session(model: Model, backend: str, progress: Progress) -> Session:
        # Importing onnxruntime takes a while; a file or an option that is refused should not wait for it.
        try:
            from offcut.inference.onnx_native import NativeSession, fastest
        except ModuleNotFoundError as error:
            raise InferenceError("onnxruntime is not installed. Run `pip install 'offcut[native]'`.") from error
        options = {} if threads is None else {"threads": threads}
        return NativeSession(model, found.read(fastest(model)), **options)

    found = models if isinstance(models, Models) else read_folder(models)
    return Engine(found.catalogue, open_session, decode_natively)


def _run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, also where this thread has a running event loop already, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()
