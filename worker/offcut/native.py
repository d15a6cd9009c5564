"""The engine on CPython: sessions that other programs keep, and where they find the models."""

import asyncio
import json
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from PIL import Image

from offcut.alpha_bleeding import bled
from offcut.codecs.photo import Photo
from offcut.errors import InferenceError, ModelDamagedError, ModelDownloadError, OptionError
from offcut.inference.session import Session
from offcut.models.catalogue import Catalogue, Model, read_catalogue
from offcut.models.chunks import read_model
from offcut.options import Options
from offcut.pipeline import Engine, MattedPixels, Result, write
from offcut.progress import Progress, StageTimer, no_progress
from offcut.request import Request, network

VARIABLE = "OFFCUT_MODELS"
"""Environment variable with the folder of the models."""

_CHECKOUT = Path(__file__).parents[2] / "build" / "models"
"""Where `python3 -m tools build` puts the models of a checkout."""

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
        """The model's id in the catalogue."""
        return self._model

    def remove(self, data: bytes, options: Options, progress: Progress = no_progress) -> Result:
        """Cut the subject out of an image file with this session's model. Raises any OffcutError."""
        return self.make(data, Request(options), progress)

    def make(self, data: bytes | Photo, request: Request, progress: Progress = no_progress) -> Result:
        """Make a file of a photo, as `offcut.remove` does. Raises any OffcutError."""
        target = request.options.target
        clock = StageTimer(progress)
        picture, provenance = request.picture(self._pixels(data, request, clock))
        clock.enter("encode")
        return write(picture, provenance, target, request.options, clock, keep_hidden=request.keep_colours)

    def compose(self, data: bytes | Photo, request: Request, progress: Progress = no_progress) -> Image.Image:
        """Make a picture of a photo, of mode RGBA, RGB or L. Raises any OffcutError."""
        picture, _ = request.picture(self._pixels(data, request, StageTimer(progress)))
        if not request.keep_colours:
            picture = bled(picture)
        return picture if isinstance(picture, Image.Image) else picture.whole()

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

    def _pixels(self, data: bytes | Photo, request: Request, clock: StageTimer) -> MattedPixels:
        options = request.options
        if options.model is None:
            options = replace(options, model=self._model)
        # Only the network is one at a time: of several threads' photos, the others are composed and encoded meanwhile.
        with self._lock:
            pixels = _run(self._engine.pixels(data, options, clock))
        clock.enter("compose")
        return pixels


def new_session(
    model: str | None = None,
    *,
    models: str | os.PathLike[str] | None = None,
    threads: int | None = None,
    model_name: str | None = None,
    sess_opts: object = None,
    providers: object = None,
) -> RemovalSession:
    """Load a model, to use it for many photos.

    Args:
        model: its id in the catalogue, such as ``"u2netp"``, or rembg's name for it; None for the default.
        models: folder with ``catalogue.json`` and ``chunks/``; None to look for it (`find_models`).
        threads: how many the network computes with; None for all of the processor's.
        model_name: rembg's name of `model`.
        sess_opts: rembg's; refused.
        providers: rembg's; refused.

    Raises:
        ModelDownloadError: no models were found, or a part of this one is missing.
        ModelDamagedError: a part of it is damaged.
        OptionError: the catalogue has no such model, or an argument is refused.
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
    engine = open_engine(find_models(models), threads)
    _run(engine.load(network(model or model_name)))
    return RemovalSession(engine, engine.model.id)


def find_models(folder: str | os.PathLike[str] | None = None) -> Path:
    """Find the folder of the models: `folder`, else `OFFCUT_MODELS`, else `build/models` of the checkout.

    Raises:
        ModelDownloadError: there is no catalogue there.
    """
    chosen = folder or os.environ.get(VARIABLE)
    found = Path(chosen or _CHECKOUT)
    if not (found / "catalogue.json").is_file():
        problem = f"There are no models in {found}: catalogue.json is missing." if chosen else "No models were found."
        raise ModelDownloadError(
            f"{problem} Set {VARIABLE} to a folder with catalogue.json and chunks/, "
            "or run `python3 -m tools build` in a checkout of Offcut."
        )
    return found


def open_engine(models: Path, threads: int | None = None) -> Engine:
    """Create an engine that runs the models of a folder with onnxruntime.

    Args:
        models: folder with ``catalogue.json`` and ``chunks/``, as `python3 -m tools build` writes it.
        threads: how many a network computes with; None for all of the processor's.

    Raises:
        ModelDamagedError: the catalogue cannot be read.
        OSError: there is no catalogue.
    """

    async def open_session(model: Model, backend: str, progress: Progress) -> Session:
        # Importing onnxruntime takes a while; a file or an option that is refused should not wait for it.
        try:
            from offcut.inference.onnx_native import NativeSession
        except ModuleNotFoundError as error:
            raise InferenceError("onnxruntime is not installed. Run `pip install 'offcut[native]'`.") from error
        options = {} if threads is None else {"threads": threads}
        return NativeSession(model, read_model(model.variant(NativeSession.backend), models), **options)

    return Engine(_catalogue(models / "catalogue.json"), open_session)


def _catalogue(path: Path) -> Catalogue:
    try:
        return read_catalogue(json.loads(path.read_text("utf-8")))
    except (ValueError, KeyError, TypeError) as error:
        raise ModelDamagedError(f"The catalogue {path} cannot be read. Run `python3 -m tools build` again.") from error


def _run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, also where this thread has a running event loop already, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()
