"""A person's first visit: a photo in, a transparent PNG out, and nothing goes anywhere else."""

import json
from collections.abc import Iterator

import numpy as np
import pytest

from offcut.alpha_bleeding import bleed
from tests.browser.faulty_server import FaultyServer
from tests.browser.profile import INSTALLED
from tests.browser.visit import PHOTOS, Visit, default_model, eventually, pixels
from tools.server import serving

CAT = PHOTOS / "cat.png"


@pytest.fixture(scope="module")
def first_visit(browser, built, tmp_path_factory) -> Iterator[Visit]:
    """A whole first visit with the real network: the page, a photo, its file saved as `visit.saved`."""
    with FaultyServer(built) as server:
        server.start()
        context = browser.new_context()
        visit = Visit(context, server.url, model=default_model(built)).go().until_isolated().until_ready()
        visit.server, visit.saved = server, tmp_path_factory.mktemp("first") / "cutout.png"
        visit.download = visit.choose(CAT).until_done().save()
        visit.download.save_as(visit.saved)
        yield visit.until(INSTALLED)
        context.close()


@pytest.mark.smoke
def test_the_first_cutout_is_what_the_same_engine_gives_natively(first_visit, native_cutout):
    assert first_visit.download.suggested_filename == "cat-cutout.png"
    ours, native = pixels(first_visit.saved), pixels(native_cutout(CAT.read_bytes()))
    difference = np.abs(ours[..., 3].astype(int) - native[..., 3].astype(int))
    assert ours.shape == native.shape
    assert difference.mean() <= 1.5

    whole, gone = ours[..., 3] == 255, ours[..., 3] == 0
    assert 0.05 < whole.mean() < 0.95
    assert np.array_equal(ours[whole][:, :3], pixels(CAT)[..., :3][whole])
    # Nothing of the background is left under alpha 0, only what is visible goes on there.
    assert np.array_equal(ours, bleed(np.where(gone[..., None], np.uint8(0), ours)))


def test_a_first_visit_asks_only_its_own_origin_and_reloads_once(first_visit):
    foreign = [url for url in first_visit.requests if not url.startswith((first_visit.url, "blob:", "data:"))]
    assert not foreign
    assert len(first_visit.requests) > 20
    assert first_visit.loads == 2
    assert not first_visit.complaints


def test_a_first_visit_fetches_large_files_once_in_their_smallest_form_and_nothing_shipped_is_unused(first_visit):
    server = first_visit.server
    asked = [path for path in server.asked if "/vendor/" in path or "/chunks/" in path]
    large = [path for path in asked if path.endswith((".wasm", ".packed", ".whl", ".bin", "python_stdlib.zip"))]
    assert len(large) >= 7
    assert sorted(large) == sorted(set(large))

    used = {path.removeprefix(server.prefix) for path in server.asked}
    shipped = json.loads((server.root / "files.json").read_text())["files"]
    runtime = [file for file in shipped if file["path"].startswith("vendor/")]
    needed = {file["path"] for file in runtime if not file.get("optional") and not file.get("late")}
    optional = {file["path"] for file in shipped if file.get("optional")}
    packed = {file["packs"] for file in shipped if "packs" in file} & needed
    assert "vendor/pyodide/pyodide.asm.wasm" in packed
    assert needed - packed <= used and not packed & used
    assert optional and not optional & used  # there is no graphics processor here


def test_with_the_photos_own_colours_every_visible_pixel_keeps_its_colour(warm):
    cutout = pixels(warm.remove(CAT.read_bytes(), foreground=False)["data"])
    visible = cutout[..., 3] > 0
    assert np.array_equal(cutout[visible][:, :3], pixels(CAT)[..., :3][visible])


@pytest.mark.nightly
def test_a_host_that_isolates_pages_itself_needs_no_reload_and_is_asked_for_the_packed_forms_all_the_same(
    visit, faulty
):
    faulty.headers = {"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp"}
    installing = faulty.hold("/worker/offcut.zip")
    visitor = visit(faulty)
    # The page's own scripts have long run by then: without the service worker they would have started Python.
    eventually(lambda: any(path.endswith("/worker/offcut.zip") for path in faulty.asked), "it installs", visitor.page)
    assert not [path for path in faulty.asked if "/vendor/" in path]
    installing.set()
    visitor.until_ready()
    assert visitor.loads == 1
    asked = {path.removeprefix(faulty.prefix + "vendor/pyodide/") for path in faulty.asked}
    assert {"pyodide.asm.wasm.packed", "pyodide.asm.mjs.packed"} <= asked and not {
        "pyodide.asm.wasm",
        "pyodide.asm.mjs",
    } & asked


@pytest.mark.nightly
def test_a_host_without_the_packed_forms_sends_the_files_themselves(visit, faulty):
    faulty.answers[".packed"] = [404] * 100
    visit(faulty).until_isolated().until_ready()
    assert any(path.endswith("/pyodide.asm.wasm") for path in faulty.asked)


def test_works_again_with_the_server_stopped(visit, tiny, tmp_path):
    server = serving(tiny, "/gone/")
    visitor = visit(server).until_isolated().until_ready()
    visitor.choose(CAT).until_done().until(INSTALLED)
    server.stop()

    visitor.page.goto("about:blank")
    visitor.page.goto(server.url)
    visitor.until_ready().choose(PHOTOS / "astronaut.png").until_done().save().save_as(tmp_path / "offline.png")
    assert pixels(tmp_path / "offline.png").shape == (512, 512, 4)
    assert visitor.page.evaluate("crossOriginIsolated")


def test_a_photo_chosen_before_python_is_up_is_queued_and_cut_out(visit, faulty):
    python = faulty.hold("micropython.wasm")
    visitor = visit(faulty)
    eventually(lambda: any("micropython.wasm" in path for path in faulty.asked), "Python is asked for", visitor.page)
    visitor.choose(CAT)
    assert visitor.page.get_attribute("body", "data-state") == "empty"
    python.set()
    visitor.page.wait_for_selector("body[data-state=working] #original[aria-label='cat.png']")
    visitor.until_done()
    assert visitor.page.get_attribute("#save", "download") == "cat-cutout.png"


@pytest.mark.nightly
def test_the_photo_is_shown_while_the_engine_is_still_starting(visit, faulty):
    engine = faulty.hold("pyodide.asm.wasm")
    visitor = visit(faulty).until_isolated()
    visitor.choose(CAT)
    visitor.page.wait_for_selector("body[data-state=working] #original[aria-label='cat.png']")
    visitor.page.wait_for_function("document.getElementById('progress-text').textContent === 'Starting'")
    visitor.page.wait_for_function("/\\d of \\d+\\.\\d MB/.test(document.getElementById('progress-bytes').textContent)")
    engine.set()
    visitor.until_done()
