"""IMG.LY's background removal, with its own networks, on CPython.

After @imgly/background-removal 1.4.5 (`runInference` in `src/inference.ts`); 1.7.0 computes the same. The photo is
squashed to 1024² by a bilinear resize that takes four pixels from the upper left on, without averaging, and rounds to
whole levels; the network's output is cut to whole levels, resized back the same way and used as alpha as it is.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

from bench.quality.candidate import Candidate
from tools.fetching.fetch import fetch
from tools.models.chunks import join
from tools.paths import cache_folder

LOCK = Path(__file__).with_name("peers.lock.toml")
FOLDER = cache_folder() / "peers"
RESOLUTION = 1024
MEAN = 128.0
STD = 256.0


def fetch_networks() -> None:
    """Fetch missing networks, 136 MB, into the per-user cache."""
    fetch(FOLDER, LOCK)


@asynccontextmanager
async def opened(size: Literal["small", "medium"]) -> AsyncIterator[Candidate]:
    """Load one of the networks."""
    data = network(FOLDER / "imgly", size)
    yield _Imgly(onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"]))


class _Imgly:
    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    async def alpha(self, image: Path) -> np.ndarray:
        with Image.open(image) as opened_image:
            photo = np.asarray(ImageOps.exif_transpose(opened_image).convert("RGB"))
        output = self._session.run(["output"], {"input": tensor(photo)})[0]
        return mask(output, photo.shape[1], photo.shape[0]).astype(np.float32) / np.float32(255)

    async def setting(self) -> str:
        return f"native onnxruntime {onnxruntime.__version__}, cpu"


def network(folder: Path, size: str) -> bytes:
    """The ONNX file of that size, from the chunks that `resources.json` lists by their SHA-256."""
    listed = json.loads((folder / "resources.json").read_text(encoding="utf-8"))[f"/models/{size}"]["chunks"]
    return join((chunk["hash"], (folder / chunk["hash"]).read_bytes()) for chunk in listed)


def tensor(photo: np.ndarray) -> np.ndarray:
    """The network's input for uint8 `(height, width, 3)`, float32 `(1, 3, 1024, 1024)`."""
    squashed = resized(photo, RESOLUTION, RESOLUTION).astype(np.float32)
    return ((squashed - np.float32(MEAN)) / np.float32(STD)).transpose(2, 0, 1)[None]


def mask(output: np.ndarray, width: int, height: int) -> np.ndarray:
    """The alpha as uint8 `(height, width)` from the network's output, 0 to 1."""
    # JavaScript multiplies in double precision, and its byte array drops the fraction.
    levels = (output.reshape(RESOLUTION, RESOLUTION, 1) * np.float64(255)).astype(np.uint8)
    return resized(levels, width, height)[:, :, 0]


def resized(pixels: np.ndarray, width: int, height: int) -> np.ndarray:
    """`tensorResizeBilinear`: uint8 `(height, width, channels)` from and to."""
    left, right, across = _taps(pixels.shape[1], width)
    upper, lower, down = _taps(pixels.shape[0], height)
    across, down = across[None, :, None], down[:, None, None]
    top, bottom = pixels[upper], pixels[lower]
    values = (1 - across) * (1 - down) * top[:, left] + across * (1 - down) * top[:, right]
    values += (1 - across) * down * bottom[:, left] + across * down * bottom[:, right]
    # Math.round, which rounds halves up.
    return np.floor(values + 0.5).astype(np.uint8)


def _taps(source: int, target: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    at = np.arange(target) * (source / target)
    first = np.maximum(np.floor(at), 0).astype(np.intp)
    second = np.minimum(np.ceil(at), source - 1).astype(np.intp)
    return first, second, at - first
