"""Offcut's engine on CPython, in this process."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from PIL import Image

from bench.quality.candidate import Refusal
from offcut.errors import OffcutError, OptionError
from offcut.native import open_engine
from offcut.options import Options
from offcut.pipeline import Engine
from tools.errors import ToolError


@asynccontextmanager
async def opened(model: str, options: dict[str, Any], models: Path) -> AsyncIterator[OursNative]:
    """Load one model of `models`, a folder with `catalogue.json` and `chunks/`. Yields the engine with it."""
    engine = open_engine(models)
    try:
        given = Options.read(options | {"model": model, "output": "mask", "format": "png"})
        await engine.load(model)
    except OptionError as error:
        raise ToolError(str(error)) from error
    try:
        yield OursNative(engine, given)
    finally:
        await engine.release()


class OursNative:
    """The engine with one model: a candidate that also runs the network alone."""

    def __init__(self, engine: Engine, options: Options) -> None:
        self._engine = engine
        self._options = options

    async def alpha(self, image: Path) -> np.ndarray:
        """See `Candidate`."""
        try:
            result = await self._engine.remove(image.read_bytes(), self._options)
        except OffcutError as error:
            raise Refusal(f"{error.name}: {error}") from error
        with Image.open(io.BytesIO(result.data)) as mask:
            return np.asarray(mask, np.float32) / np.float32(255)

    async def coarse_alpha(self, image: Image.Image) -> np.ndarray:
        """Return the network's coarse alpha of a picture of mode RGB, float32, 0 to 1."""
        return await self._engine.alpha(image)

    async def setting(self) -> str:
        """See `Candidate`."""
        session = self._engine.session
        return f"native onnxruntime {onnxruntime.__version__}, {session.backend}, threads: {session.threads}"
