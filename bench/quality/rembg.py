"""rembg's steps with U²-Net p, U²-Net and IS-Net.

After rembg 2.0.86 (MIT): `sessions/base.py` (`normalize`), `sessions/u2netp.py`, `u2net.py` and `dis_general_use.py`
(`predict`), and `bg.py`, which turns the photo upright and by default does nothing else to the mask. IS-Net's weights
are our catalogue's, in half precision; rembg downloads `isnet-general-use` in single precision from its own releases.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

from bench.quality.candidate import Candidate
from tools.fetching.fetch import fetch
from tools.models.catalogue import requested
from tools.paths import VENDOR


@dataclass(frozen=True)
class Network:
    """A network as rembg runs it."""

    file: Path
    size: tuple[int, int]
    mean: tuple[float, float, float]
    std: tuple[float, float, float]


IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
"""Mean and standard deviation of ImageNet's colours, 0 to 1."""

NETWORKS = {
    "u2netp": Network(VENDOR / "models" / "u2netp.onnx", (320, 320), *IMAGENET),
    "u2net": Network(VENDOR / "models" / "u2net.onnx", (320, 320), *IMAGENET),
    "isnet": Network(VENDOR / "models" / "isnet.onnx", (1024, 1024), (0.5, 0.5, 0.5), (1.0, 1.0, 1.0)),
}
"""By id in our catalogue, whose original files these are."""


def fetch_network(id: str) -> None:
    """Fetch the file of one of `NETWORKS` into `vendor/`, if it is not there."""
    fetch(requested=requested([id]))


@asynccontextmanager
async def opened(id: str = "u2netp") -> AsyncIterator[Candidate]:
    """Load one of `NETWORKS`."""
    network = NETWORKS[id]
    yield _Rembg(onnxruntime.InferenceSession(network.file, providers=["CPUExecutionProvider"]), network)


class _Rembg:
    def __init__(self, session: onnxruntime.InferenceSession, network: Network) -> None:
        self._session = session
        self._network = network

    async def alpha(self, image: Path) -> np.ndarray:
        with Image.open(image) as opened_image:
            photo = ImageOps.exif_transpose(opened_image).convert("RGB")
        given = {self._session.get_inputs()[0].name: tensor(photo, self._network)}
        output = self._session.run(None, given)[0]
        return np.asarray(mask(output, photo.size), np.float32) / np.float32(255)

    async def setting(self) -> str:
        return f"native onnxruntime {onnxruntime.__version__}, cpu"


def tensor(photo: Image.Image, network: Network = NETWORKS["u2netp"]) -> np.ndarray:
    """The network's input for an RGB photo, float32 `(1, 3, height, width)` of the network's size."""
    pixels = np.array(photo.resize(network.size, Image.Resampling.LANCZOS))
    normalised = (pixels / max(np.max(pixels), 1e-6) - network.mean) / network.std
    return normalised.transpose(2, 0, 1)[None].astype(np.float32)


def mask(output: np.ndarray, size: tuple[int, int]) -> Image.Image:
    """The mask of mode L and `size` (width, height) from the network's first output."""
    found = output[:, 0, :, :]
    low, high = np.min(found), np.max(found)
    stretched = np.squeeze((found - low) / (high - low))
    return Image.fromarray((stretched * 255).astype("uint8")).resize(size, Image.Resampling.LANCZOS)
