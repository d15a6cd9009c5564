"""The engine on CPython, with the models that `python3 -m tools build` wrote into a folder."""

import json
from pathlib import Path

from offcut.errors import ModelDamagedError
from offcut.inference.session import Session
from offcut.models.catalogue import Catalogue, Model, read_catalogue
from offcut.models.chunks import read_model
from offcut.pipeline import Engine
from offcut.progress import Progress


def engine_of(models: Path) -> Engine:
    """An engine with the catalogue and the chunks of the folder `models`.

    Raises:
        ModelDamagedError: the catalogue cannot be read.
        OSError: there is none.
    """

    async def open_session(model: Model, backend: str, progress: Progress) -> Session:
        from offcut.inference.onnx_native import (
            NativeSession,  # onnxruntime takes a while to import; refusals should not wait
        )

        return NativeSession(model, read_model(model.variant(NativeSession.backend), models))

    return Engine(_catalogue(models / "catalogue.json"), open_session)


def _catalogue(path: Path) -> Catalogue:
    try:
        return read_catalogue(json.loads(path.read_text("utf-8")))
    except (ValueError, KeyError, TypeError) as error:
        raise ModelDamagedError(f"The catalogue {path} cannot be read. Run `python3 -m tools build` again.") from error
