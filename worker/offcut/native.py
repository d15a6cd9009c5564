"""The engine on CPython: the functions that other programs import, and where they find the models."""

import asyncio
import json
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal, TypeVar

from offcut.errors import InferenceError, ModelDamagedError, ModelDownloadError
from offcut.inference.session import Session
from offcut.models.catalogue import Catalogue, Model, read_catalogue
from offcut.models.chunks import read_model
from offcut.options import Options
from offcut.pipeline import Engine, Result
from offcut.progress import Progress

VARIABLE = "OFFCUT_MODELS"
"""Environment variable with the folder of the models."""

_CHECKOUT = Path(__file__).parents[2] / "build" / "models"
"""Where `python3 -m tools build` puts the models of a checkout."""

T = TypeVar("T")


class RemovalSession:
    """A loaded model, ready for any number of photos, also from several threads. Create it with `new_session`."""

    def __init__(self, engine: Engine, model: str) -> None:
        """Use `new_session`."""
        self._engine = engine
        self._model = model
        self._lock = threading.Lock()

    @property
    def model(self) -> str:
        """The model's id in the catalogue."""
        return self._model

    def remove(self, data: bytes, options: Options) -> Result:
        """Cut the subject out of an image file with this session's model. Raises any OffcutError."""
        with self._lock:
            return _run(self._engine.remove(data, options))

    def close(self) -> None:
        """Free the model's memory. The next photo loads the model again."""
        with self._lock:
            _run(self._engine.release())


def new_session(model: str | None = None, *, models: str | os.PathLike[str] | None = None) -> RemovalSession:
    """Load a model, to use it for many photos.

    Args:
        model: its id in the catalogue, such as ``"u2netp"``; None for the default.
        models: folder with ``catalogue.json`` and ``chunks/``; None to look for it (`find_models`).

    Raises:
        ModelDownloadError: no models were found, or a part of this one is missing.
        ModelDamagedError: a part of it is damaged.
        OptionError: the catalogue has no such model.
    """
    engine = open_engine(find_models(models))
    _run(engine.load(model))
    return RemovalSession(engine, engine.model.id)


def remove(
    data: bytes,
    *,
    session: RemovalSession | None = None,
    model: str | None = None,
    models: str | os.PathLike[str] | None = None,
    format: str = "png",
    quality: int = 90,
    background: str | None = None,
    refine: float = 1.0,
    foreground: bool = True,
    output: Literal["cutout", "mask"] = "cutout",
) -> bytes:
    """Remove the background of a photo.

    Args:
        data: the bytes of an image file: JPEG, PNG, WebP, GIF, TIFF or BMP.
        session: a loaded model (`new_session`); None to load one for this photo alone.
        model: id in the catalogue; None for the session's, or the default.
        models: folder of the models, used where there is no session.
        format: of the result: ``"png"``, ``"webp"`` or ``"jpeg"``.
        quality: 1 to 100, for lossy formats.
        background: a CSS colour to put the subject on, such as ``"#ffffff"``; None keeps it transparent, in JPEG white.
        refine: how far uncertain edges follow the photo, 0 (not at all) to 1 (fully).
        foreground: whether soft edges get the subject's estimated colours, without the old background in them.
        output: ``"cutout"``, or ``"mask"`` for the alpha alone as a grey picture.

    Returns:
        The bytes of the finished file, of the photo's size.

    Raises:
        OffcutError: the file, an option or the model cannot be used; the message says which, and what to do.

    Example:
        >>> from pathlib import Path
        >>> cutout = remove(Path("photo.jpg").read_bytes())
        >>> Path("cutout.png").write_bytes(cutout)
    """
    options = {
        "format": format,
        "quality": quality,
        "background": background,
        "refine": refine,
        "foreground": foreground,
        "output": output,
    }
    if session is None:
        session = new_session(model, models=models)
        try:
            return session.remove(data, Options.read(options | {"model": session.model})).data
        finally:
            session.close()
    return session.remove(data, Options.read(options | {"model": model or session.model})).data


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


def open_engine(models: Path) -> Engine:
    """Create an engine that runs the models of a folder with onnxruntime.

    Args:
        models: folder with ``catalogue.json`` and ``chunks/``, as `python3 -m tools build` writes it.

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
        return NativeSession(model, read_model(model.variant(NativeSession.backend), models))

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
