"""A person's first visit: a photo in, a transparent PNG out, and nothing goes anywhere else."""

import json

import numpy as np
import pytest

from tests.browser.visit import PHOTOS, pixels
from tools.server import serving


@pytest.mark.parametrize("name", ["astronaut", "cat", "coffee"])
def test_cutout_is_what_the_same_engine_gives_natively(warm, native_cutout, tmp_path, name):
    photo = PHOTOS / f"{name}.png"
    warm.page.reload()
    download = warm.choose(photo).until_done().save()
    assert download.suggested_filename == f"{name}-cutout.png"
    download.save_as(tmp_path / "cutout.png")

    ours, native = pixels(tmp_path / "cutout.png"), pixels(native_cutout(photo.read_bytes()))
    difference = np.abs(ours[..., 3].astype(int) - native[..., 3].astype(int))
    assert ours.shape == native.shape
    assert difference.max() <= 2

    whole, gone = ours[..., 3] == 255, ours[..., 3] == 0
    assert 0.05 < whole.mean() < 0.95
    assert np.array_equal(ours[whole][:, :3], pixels(photo)[..., :3][whole])
    assert not ours[gone].any()


def test_with_the_photos_own_colours_every_visible_pixel_keeps_its_colour(warm):
    photo = PHOTOS / "cat.png"
    cutout = pixels(warm.remove(photo.read_bytes(), foreground=False)["data"])
    visible = cutout[..., 3] > 0
    assert np.array_equal(cutout[visible][:, :3], pixels(photo)[..., :3][visible])


def test_a_first_visit_asks_only_its_own_origin_and_reloads_once(visit, server):
    visitor = visit(server.url).until_isolated().until_ready()
    visitor.choose(PHOTOS / "cat.png").until_done()
    foreign = [url for url in visitor.requests if not url.startswith((server.url, "blob:", "data:"))]
    assert not foreign
    assert len(visitor.requests) > 20
    assert visitor.loads == 2
    assert not visitor.complaints


def test_a_first_visit_fetches_large_files_once_in_their_smallest_form_and_nothing_shipped_is_unused(visit, faulty):
    visitor = visit(faulty.url).until_ready()
    visitor.choose(PHOTOS / "cat.png").until_done()
    visitor.page.wait_for_timeout(1000)
    asked = [path for path in faulty.asked if "/vendor/" in path or "/chunks/" in path]
    large = [path for path in asked if path.endswith((".wasm", ".packed", ".whl", ".bin", "python_stdlib.zip"))]
    assert len(large) >= 7
    assert sorted(large) == sorted(set(large))

    used = {path.removeprefix("/faulty/") for path in faulty.asked}
    shipped = json.loads((faulty.root / "files.json").read_text())["files"]
    needed = {file["path"] for file in shipped if file["path"].startswith("vendor/") and not file.get("optional")}
    optional = {file["path"] for file in shipped if file.get("optional")}
    packed = {file["packs"] for file in shipped if "packs" in file} & needed
    assert "vendor/pyodide/pyodide.asm.wasm" in packed
    assert needed - packed <= used and not packed & used
    assert optional and not optional & used  # there is no graphics processor here


def test_a_host_that_isolates_pages_itself_needs_no_reload_and_is_asked_for_the_packed_forms_all_the_same(
    visit, faulty
):
    faulty.headers = {"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp"}
    installing = faulty.hold("/worker/offcut.zip")
    visitor = visit(faulty.url)
    visitor.page.wait_for_timeout(1000)
    assert not [path for path in faulty.asked if "/vendor/" in path]
    installing.set()
    visitor.until_ready()
    assert visitor.loads == 1
    asked = {path.removeprefix("/faulty/vendor/pyodide/") for path in faulty.asked}
    assert {"pyodide.asm.wasm.packed", "pyodide.asm.mjs.packed"} <= asked and not {
        "pyodide.asm.wasm",
        "pyodide.asm.mjs",
    } & asked


def test_a_host_without_the_packed_forms_sends_the_files_themselves(visit, faulty):
    faulty.answers[".packed"] = [404] * 100
    visitor = visit(faulty.url).until_isolated().until_ready()
    visitor.choose(PHOTOS / "cat.png").until_done()
    assert any(path.endswith("/pyodide.asm.wasm") for path in faulty.asked)


def test_works_again_with_the_server_stopped(visit, built, tmp_path):
    server = serving(built, "/gone/")
    visitor = visit(server.url).until_isolated().until_ready()
    visitor.choose(PHOTOS / "cat.png").until_done()
    server.stop()

    visitor.page.goto("about:blank")
    visitor.page.goto(server.url)
    visitor.until_ready().choose(PHOTOS / "astronaut.png").until_done().save().save_as(tmp_path / "offline.png")
    assert pixels(tmp_path / "offline.png").shape == (512, 512, 4)
    assert visitor.page.evaluate("crossOriginIsolated")


def test_a_photo_chosen_before_python_is_up_is_queued_and_cut_out(visit, faulty):
    python = faulty.hold("micropython.wasm")
    visitor = visit(faulty.url)
    visitor.choose(PHOTOS / "cat.png")
    visitor.page.wait_for_timeout(500)
    assert visitor.page.get_attribute("body", "data-state") == "empty"
    python.set()
    visitor.page.wait_for_selector("body[data-state=working] #original[aria-label='cat.png']")
    visitor.until_done()
    assert visitor.page.get_attribute("#save", "download") == "cat-cutout.png"


def test_the_photo_is_shown_while_the_engine_is_still_starting(visit, faulty):
    engine = faulty.hold("pyodide.asm.wasm")
    visitor = visit(faulty.url).until_isolated()
    visitor.choose(PHOTOS / "cat.png")
    visitor.page.wait_for_selector("body[data-state=working] #original[aria-label='cat.png']")
    visitor.page.wait_for_function("document.getElementById('progress-text').textContent === 'Starting Python'")
    visitor.page.wait_for_function("/\\d of \\d+\\.\\d MB/.test(document.getElementById('progress-bytes').textContent)")
    engine.set()
    visitor.until_done()


def test_without_a_service_worker_it_works_on_one_thread(visit, server):
    visitor = visit(server.url, service_workers="block").until_ready()
    visitor.choose(PHOTOS / "cat.png").until_done()
    info = visitor.page.evaluate("offcut.info().then((i) => ({threads: i.threads, isolated: i.isolated}))")
    assert info == {"threads": 1, "isolated": False}
    assert visitor.loads == 1
