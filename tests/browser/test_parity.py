"""One engine, two homes: what the built site gives in a browser is what CPython gives, photo by photo."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps

from bench.scenes import KINDS, make
from offcut.native import open_engine
from offcut.options import Options
from tests.browser.visit import PHOTOS, pixels
from tools.paths import MODELS

SIZES = [(500, 375), (360, 540), (640, 360), (480, 480)]


def photos() -> Iterator[tuple[str, Image.Image]]:
    """Twenty: every kind of soft edge, and the tests' photos whole, mirrored, darker and in part."""
    for index, kind in enumerate(KINDS):
        yield kind, Image.fromarray(make(kind, SIZES[index % len(SIZES)], index).photo)
    for path in sorted(PHOTOS.glob("*.png")):
        with Image.open(path) as opened:
            photo = opened.convert("RGB")
        width, height = photo.size
        yield path.stem, photo
        yield f"{path.stem} mirrored", ImageOps.mirror(photo).crop((0, 0, width, height * 4 // 5))
        yield f"{path.stem} dark", ImageEnhance.Brightness(photo).enhance(0.4).resize((width * 3 // 4, height))
        yield f"{path.stem} large", photo.crop((width // 8, 0, width, height)).resize((500, 600))


@pytest.fixture(scope="module")
def twenty(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The photos as files."""
    folder = tmp_path_factory.mktemp("twenty")
    paths = {}
    for name, photo in photos():
        paths[name] = folder / f"{name}.png"
        photo.save(paths[name], compress_level=1)
    assert len(paths) == 20
    return paths


def natively(paths: dict[str, Path], model: str) -> dict[str, np.ndarray]:
    """Cutouts of the engine on CPython. In a thread: Playwright has this one's event loop."""

    async def cut_out() -> dict[str, np.ndarray]:
        engine = open_engine(MODELS)
        options = Options.read({"model": model})
        return {name: pixels((await engine.remove(path.read_bytes(), options)).data) for name, path in paths.items()}

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, cut_out()).result()


def seen(cutout: np.ndarray) -> np.ndarray:
    """Alpha, and the colours as far as they are seen: times alpha. Under a faint alpha they may be anything."""
    values = cutout.astype(float)
    values[..., :3] *= values[..., 3:] / 255
    return values


# What comes after the network, in one function that both homes run. Grey levels stand for the network's answer: unlike any
# subject they are unsure almost everywhere, so that every step has as much to do as it ever can.
FINISH = """
import io
import numpy as np
from PIL import Image
from offcut import composite, foreground, matting

def finish(data):
    image = Image.open(io.BytesIO(data)).convert("RGB")
    grey = np.asarray(image.convert("L").resize((320, 320), Image.Resampling.BICUBIC), np.float32)
    low, high = np.percentile(grey, (20, 80))
    found = matting.matte(np.clip((grey - low) / (high - low), 0, 1), image, 1.0)
    colours = Image.fromarray(foreground.estimate(np.asarray(image), np.asarray(found)))
    written = io.BytesIO()
    composite.cut_out(colours, found).save(written, "PNG", compress_level=1)
    return written.getvalue()
"""

# A second Pyodide with the site's own engine, because the page's offers no way to hand in a network's answer.
ANOTHER = """async (code) => {
    const {loadPyodide} = await import(new URL("vendor/pyodide/pyodide.mjs", location.href));
    const pyodide = await loadPyodide();
    await pyodide.loadPackage(["numpy", "pillow"]);
    pyodide.unpackArchive(await (await fetch("worker/offcut.zip")).arrayBuffer(), "zip");
    pyodide.runPython(`import base64\n${code}`);
    window.finish = pyodide.runPython("lambda text: base64.b64encode(finish(base64.b64decode(text))).decode()");
}"""


def test_twenty_photos_are_cut_out_alike(warm, twenty):
    native = natively(twenty, "u2netp")
    subjects = 0
    for name, path in twenty.items():
        cutout = pixels(warm.remove(path.read_bytes(), model="u2netp")["data"])
        assert cutout.shape == native[name].shape, name
        difference = np.abs(seen(cutout) - seen(native[name]))
        assert difference.max() <= 2, (name, difference.max())
        subjects += 0.02 < (cutout[..., 3] > 128).mean() < 0.98
    assert subjects >= 15, "most photos have a subject, so that there is something to compare"


def test_after_any_network_twenty_photos_are_finished_alike(visit, server, twenty):
    """The 8-bit networks' own answers differ between two homes (docs/quality.md); what follows may not."""
    page = visit(server.url).until_isolated().page
    page.evaluate(ANOTHER, FINISH)
    here: dict = {}
    exec(FINISH, here)
    for name, path in twenty.items():
        data = path.read_bytes()
        there = pixels(base64.b64decode(page.evaluate("finish", base64.b64encode(data).decode())))
        expected = pixels(here["finish"](data))
        assert ((expected[..., 3] > 0) & (expected[..., 3] < 255)).mean() > 0.05, name
        assert np.abs(there.astype(int) - expected).max() <= 2, name


def test_an_8_bit_network_misses_by_little(warm, twenty):
    few = {name: twenty[name] for name in ("astronaut", "coffee", "fur")}  # of which the network is sure
    native = natively(few, "isnet-768")
    for name, path in few.items():
        cutout = pixels(warm.remove(path.read_bytes(), model="isnet-768")["data"])
        assert np.abs(cutout[..., 3].astype(int) - native[name][..., 3]).mean() <= 6, name
