"""Measure the same photos on CPython, without a browser."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
from PIL import Image

from bench.quality import rembg
from offcut.native import open_engine
from offcut.options import Options

Cutter = Callable[[Path], Awaitable[bytes]]


def measure(models: list[str], folder: Path, photos: dict[str, Path]) -> dict[str, dict[str, float]]:
    """Return seconds from file to PNG by candidate and size, the second of two runs. `folder` has the built models."""
    return asyncio.run(_measure(models, folder, photos))


async def _measure(models: list[str], folder: Path, photos: dict[str, Path]) -> dict[str, dict[str, float]]:
    found = {f"offcut {model}, CPython": await _photos(_ours(model, folder), photos) for model in models}
    async with rembg.opened() as network:
        found["rembg's steps, CPython"] = await _photos(_rembg(network), photos)
    return found


async def _photos(cut: Cutter, photos: dict[str, Path]) -> dict[str, float]:
    found = {}
    for size, photo in photos.items():
        await cut(photo)  # the first run opens the session
        before = time.perf_counter()
        await cut(photo)
        found[f"{size}: a photo, s"] = time.perf_counter() - before
    return found


def _ours(model: str, folder: Path) -> Cutter:
    engine = open_engine(folder)

    async def cut(photo: Path) -> bytes:
        return (await engine.remove(photo.read_bytes(), Options(model=model))).data

    return cut


def _rembg(network) -> Cutter:
    async def cut(photo: Path) -> bytes:
        """Do what rembg does by default: the mask as alpha, the colours unchanged, Pillow's compression."""
        alpha = await network.alpha(photo)
        with Image.open(photo) as image:
            cutout = image.convert("RGBA")
        cutout.putalpha(Image.fromarray((alpha * 255).astype(np.uint8)))
        result = io.BytesIO()
        cutout.save(result, "PNG")
        return result.getvalue()

    return cut
