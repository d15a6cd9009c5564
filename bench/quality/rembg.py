"""rembg's steps with U²-Net p.

After rembg 2.0.86 (MIT): `sessions/base.py` (`normalize`), `sessions/u2netp.py` (`predict`), and `bg.py`, which turns
the photo upright and by default does nothing else to the mask.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

from bench.quality.candidate import Candidate
from tools.paths import VENDOR

NETWORK = VENDOR / "models" / "u2netp.onnx"
SIZE = (320, 320)
MEAN = np.array((0.485, 0.456, 0.406))
STD = np.array((0.229, 0.224, 0.225))


@asynccontextmanager
async def opened() -> AsyncIterator[Candidate]:
    """Load the original network."""
    yield _Rembg(onnxruntime.InferenceSession(NETWORK, providers=["CPUExecutionProvider"]))


class _Rembg:
    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    async def alpha(self, image: Path) -> np.ndarray:
        with Image.open(image) as opened_image:
            photo = ImageOps.exif_transpose(opened_image).convert("RGB")
        output = self._session.run(None, {self._session.get_inputs()[0].name: tensor(photo)})[0]
        return np.asarray(mask(output, photo.size), np.float32) / np.float32(255)

    async def setting(self) -> str:
        return f"native onnxruntime {onnxruntime.__version__}, cpu"


def tensor(photo: Image.Image) -> np.ndarray:
    """The network's input for an RGB photo, float32 `(1, 3, 320, 320)`."""
    pixels = np.array(photo.resize(SIZE, Image.Resampling.LANCZOS))
    normalised = (pixels / max(np.max(pixels), 1e-6) - MEAN) / STD
    return normalised.transpose(2, 0, 1)[None].astype(np.float32)


def mask(output: np.ndarray, size: tuple[int, int]) -> Image.Image:
    """The mask of mode L and `size` (width, height) from the network's first output."""
    found = output[:, 0, :, :]
    low, high = np.min(found), np.max(found)
    stretched = np.squeeze((found - low) / (high - low))
    return Image.fromarray((stretched * 255).astype("uint8")).resize(size, Image.Resampling.LANCZOS)
