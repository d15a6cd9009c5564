"""Photos that are large for the device: whole where there is memory for them, or smaller once a person has agreed."""

from __future__ import annotations

import asyncio
import io
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bench.memory import processes
from bench.photos import SIZES
from offcut.memory_budget import BYTES_PER_PIXEL
from offcut.native import open_engine
from offcut.options import Options
from tests.browser.test_parity import seen
from tests.browser.visit import PHOTOS, pixels, text

AGENT = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Version/26.0 Safari/604.1"
"""Of a device that has memory for 16 megapixels."""

SMALLER = 4472, 3577


def natively(path: Path, models: Path) -> np.ndarray:
    """The cutout of the engine on CPython. In a thread: Playwright has this one's event loop."""

    engine, data = open_engine(models), path.read_bytes()
    with ThreadPoolExecutor(1) as thread:
        return pixels(thread.submit(asyncio.run, engine.remove(data, Options())).result().data)


@pytest.fixture
def large() -> dict:
    """A photo of 20 megapixels."""
    photo = io.BytesIO()
    Image.new("RGB", (5000, 4000), "red").save(photo, "JPEG")
    return {"name": "wall.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}


def test_a_photo_is_made_smaller_only_when_a_person_was_told_and_agrees(visit, server, large):
    visitor = visit(server, user_agent=AGENT).until_isolated().until_ready()
    page = visitor.page
    visitor.choose(large)
    page.wait_for_selector("#question[open]")
    told = page.inner_text("#question-text")
    assert all(part in told for part in ("20 megapixels", "5000 × 4000", "16", "4472 × 3577"))
    assert page.inner_text("#question-no") == text("reduce.no")
    page.click("#question-no")
    page.wait_for_selector("body[data-state=empty]")

    visitor.choose(large)
    page.click("#question-yes")
    visitor.until_done()
    assert "4472 by 3577 pixels" in page.inner_text("#notice-text")
    assert Image.open(visitor.save().path()).size == SMALLER

    visitor.choose(large).until_done()  # asked once in a visit
    refused = visitor.remove(large["buffer"], reduce=False)
    assert refused["name"] == "ImageTooLargeError" and "5000 × 4000" in refused["message"]
    assert Image.open(io.BytesIO(visitor.remove(large["buffer"])["data"])).size == SMALLER

    cat = {"name": "cat.png", "mimeType": "image/png", "buffer": (PHOTOS / "cat.png").read_bytes()}
    page.set_input_files("#photo", [large, cat])
    page.wait_for_selector("#batch-summary:not([hidden])")
    lines = [page.inner_text(f".card:has(strong:text-is('{name}'))") for name in ("wall.jpg", "cat.png")]
    assert [text("batch.reduced").format(megapixels="16") in line for line in lines] == [True, False]


@pytest.mark.nightly
def test_a_photo_of_64_megapixels_is_cut_out_and_saved_whole(visit, server, tiny, tmp_path):
    """As CPython does it but for rounding, so without seams, and within the memory that is reckoned with."""
    width, height = SIZES[64]
    path = tmp_path / "large.jpg"
    with Image.open(PHOTOS / "coffee.png") as photo:  # of finer colours decoders of JPEG make something of their own
        photo.convert("RGB").resize((width, height), Image.Resampling.LANCZOS).save(path, quality=92, subsampling=0)
    visitor = visit(server).until_isolated().until_ready()
    visitor.choose(PHOTOS / "coffee.png").until_done()
    before = processes.resident(processes.renderers())
    processes.reset_peaks(processes.renderers())
    visitor.choose(path).until_done()
    cutout = pixels(visitor.save().path())
    taken = processes.peak(processes.renderers()) - before
    assert cutout.shape == (height, width, 4) and not visitor.page.is_visible("#question")
    soft = (cutout[..., 3] > 0) & (cutout[..., 3] < 255)
    assert soft.mean() > 0.01, "there are edges to compare"
    if sys.platform == "linux":
        assert 0 < taken < BYTES_PER_PIXEL * width * height / 1e6
    native = natively(path, tiny / "models")
    tops = range(0, height, 256)  # the whole as floats would take gigabytes
    apart = [np.abs(seen(cutout[top : top + 256]) - seen(native[top : top + 256])).max() for top in tops]
    assert max(apart) <= 4, apart
