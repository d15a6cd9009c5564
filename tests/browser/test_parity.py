"""One engine, two homes: what the built site gives in a browser is what CPython gives, photo by photo."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Iterator
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


FEW = ("astronaut mirrored", "coffee dark", "fur")
"""Wide, narrow and small; a dark photo, a drawn one, hair: of all three the networks are sure."""


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The photos as files."""
    folder = tmp_path_factory.mktemp("photos")
    paths = {}
    for name, photo in photos():
        paths[name] = folder / f"{name}.png"
        photo.save(paths[name], compress_level=1)
    assert len(paths) == 20
    return paths


@pytest.fixture(params=["few", pytest.param("every", marks=pytest.mark.nightly)])
def chosen(request: pytest.FixtureRequest, every: dict[str, Path]) -> dict[str, Path]:
    """Three photos, or all twenty with --all."""
    return every if request.param == "every" else {name: every[name] for name in FEW}


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


# What comes after the network, in one function that both homes run. Grey levels stand for the network's answer: unlike
# any subject they are unsure almost everywhere, so that every step has as much to do as it ever can.
FINISH = """
import io
import numpy as np
from PIL import Image
from offcut import compositing, foreground, matting

def finish(data):
    image = Image.open(io.BytesIO(data)).convert("RGB")
    grey = np.asarray(image.convert("L").resize((320, 320), Image.Resampling.BICUBIC), np.float32)
    low, high = np.percentile(grey, (20, 80))
    found = matting.matte(np.clip((grey - low) / (high - low), 0, 1), image, 1.0)
    colours = Image.fromarray(foreground.estimate(np.asarray(image), np.asarray(found)))
    written = io.BytesIO()
    compositing.cut_out(colours, found).save(written, "PNG", compress_level=1)
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


def test_photos_are_cut_out_alike(warm_u2netp, chosen):
    native = natively(chosen, "u2netp")
    subjects = 0
    for name, path in chosen.items():
        cutout = pixels(warm_u2netp.remove(path.read_bytes(), model="u2netp")["data"])
        assert cutout.shape == native[name].shape, name
        difference = np.abs(seen(cutout) - seen(native[name]))
        assert difference.mean() <= 1.5, (name, difference.mean())
        subjects += 0.02 < (cutout[..., 3] > 128).mean() < 0.98
    assert subjects >= 0.75 * len(chosen), "most photos have a subject, so that there is something to compare"


@pytest.fixture(scope="module")
def finish(warm_u2netp) -> Callable[[bytes], bytes]:
    """`finish` in the browser."""
    page = warm_u2netp.page
    page.evaluate(ANOTHER, FINISH)
    return lambda data: base64.b64decode(page.evaluate("finish", base64.b64encode(data).decode()))


def test_after_any_network_photos_are_finished_alike(finish, chosen):
    """The 8-bit networks' own answers differ between two homes (docs/decisions/0056); what follows may not."""
    here: dict = {}
    exec(FINISH, here)
    for name, path in chosen.items():
        data = path.read_bytes()
        there, expected = pixels(finish(data)), pixels(here["finish"](data))
        assert ((expected[..., 3] > 0) & (expected[..., 3] < 255)).mean() > 0.05, name
        assert np.abs(there.astype(int) - expected).max() <= 2, name


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("isnet-768", "astronaut"),
        ("modnet", "astronaut"),
        *(
            pytest.param(model, name, marks=pytest.mark.nightly)
            for model in ("isnet-768", "isnet")
            for name in ("astronaut", "coffee", "fur")
            if (model, name) != ("isnet-768", "astronaut")
        ),
        pytest.param("modnet", "astronaut mirrored", marks=pytest.mark.nightly),
    ],
)
def test_an_8_bit_network_misses_by_little(warm_u2netp, every, model, name):
    """Two kernels may round an 8-bit activation to neighbouring steps, and later layers carry that on.

    The alphas are as near to each other as each is to the network's before it was made 8-bit, not nearer.
    """
    native = natively({name: every[name]}, model)[name][..., 3]
    ours = pixels(warm_u2netp.remove(every[name].read_bytes(), model=model)["data"])[..., 3]
    assert 0.1 < (ours > 128).mean() < 0.9
    assert np.abs(ours.astype(int) - native.astype(int)).mean() <= 6
    subject = [alpha > 128 for alpha in (ours, native)]
    assert (subject[0] & subject[1]).sum() / (subject[0] | subject[1]).sum() > 0.97
