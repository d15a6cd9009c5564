"""Offcut in pages of other people, with the very code of docs/embedding.md."""

import base64
import re

import pytest

from tests.browser.faulty_server import FaultyServer
from tests.browser.visit import PATIENCE, PHOTOS, pixels
from tools.paths import ROOT
from tools.server import serving
from tools.wheels import wheels

DOCUMENT = (ROOT / "docs/embedding.md").read_text("utf-8")
MODULE, MASKS = (
    re.search(rf"```js\n// {name}\.js\n(.*?)```", DOCUMENT, re.DOTALL)[1] for name in ("offcut", "offcut-masks")
)

HOST = """<!doctype html><title>shop</title><body><script type="module">
import removeBackground, {
    applySegmentationMask, preload, removeForeground, segmentForeground
} from "./offcut-masks.js";
const address = (blob) => new Promise((done) => {
    const reader = Object.assign(new FileReader(), {onload: () => done(reader.result)});
    reader.readAsDataURL(blob);
});
const stages = new Set();
const progress = (stage) => stages.add(stage);
const cutout = await removeBackground("cat.png", {progress});
const photo = await (await fetch("cat.png")).blob();
const canvas = new OffscreenCanvas(40, 30);
canvas.getContext("2d").fillRect(0, 0, 20, 30);
await preload();
const mask = await segmentForeground(await photo.arrayBuffer(), {output: {format: "image/webp"}});
const pixels = await removeBackground(canvas.getContext("2d").getImageData(0, 0, 40, 30));
const {width} = await createImageBitmap(pixels);
const [applied, background] = await Promise.all(
    [applySegmentationMask("cat.png", mask), removeForeground(photo, {output: {format: "image/webp"}})]);
const [jpeg, failure] = await Promise.all([
    removeBackground(photo, {device: "cpu", output: {format: "image/jpeg", quality: 0.5}}),
    removeBackground(new Blob(["no photo"])).catch(({name}) => name),
]);
globalThis.found = {cutout: await address(cutout), type: jpeg.type, failure, stages: [...stages],
    mask: await address(mask), width,
    applied: await address(applied), background: await address(background), isolated: crossOriginIsolated};
</script>"""


def write_shop(folder, site):
    """Write a page that cuts photos out in a frame with a copy of Offcut."""
    (folder / "index.html").write_text(HOST)
    (folder / "offcut.js").write_text(MODULE.replace("https://offcut.example/", site))
    (folder / "offcut-masks.js").write_text(MASKS)
    (folder / "cat.png").write_bytes((PHOTOS / "cat.png").read_bytes())


def test_a_site_of_another_origin_cuts_out_photos_in_a_frame(server, visit, tmp_path):
    write_shop(tmp_path, server.url)
    with serving(tmp_path) as shop:
        assert shop.url.rsplit(":", 1)[1] != server.url.rsplit(":", 1)[1]  # two ports are two origins
        page = visit(shop, model=None).page
        page.wait_for_function("globalThis.found", timeout=PATIENCE)
        found = page.evaluate("found")
    assert pixels(base64.b64decode(found["cutout"].split(",")[1])).shape == (300, 451, 4)
    assert (found["type"], found["failure"]) == ("image/jpeg", "NotAnImageError")
    assert {"decode", "infer"} <= set(found["stages"])
    assert pixels(base64.b64decode(found["mask"].split(",")[1])).shape[:2] == (300, 451) and found["width"] == 40
    assert not found["isolated"] and len(MODULE) < 2000 and len(MASKS) < 2000
    alpha, applied, background = (
        pixels(base64.b64decode(found[name].split(",")[1])).astype(int) for name in ("mask", "applied", "background")
    )
    assert abs(applied[..., 3] - alpha[..., 0]).max() <= 1 and abs(background[..., 3] - 255 + alpha[..., 0]).mean() < 2
    assert alpha.min() == 0 and alpha.max() == 255


@pytest.mark.nightly
def test_in_a_page_that_is_isolated_the_frame_is_isolated_too(tiny, visit, tmp_path):
    """Also when its service worker answers, the second time."""
    isolating = {"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp"}
    with FaultyServer(tiny) as site, FaultyServer(tmp_path, "/") as shop:
        write_shop(tmp_path, site.url)
        site.headers = isolating | {"Cross-Origin-Resource-Policy": "cross-origin"}
        shop.headers = isolating
        for server in (site, shop):
            server.start()
        page = visit(shop, model=None).page
        for _ in range(2):
            page.wait_for_function("globalThis.found", timeout=PATIENCE)
            assert page.evaluate("found.isolated")
            (frame,) = [frame for frame in page.frames if frame.url.startswith(site.url)]
            assert frame.evaluate("offcut.info().then(({isolated}) => isolated)")
            page.reload()


@pytest.mark.nightly
def test_the_wheel_cuts_out_in_a_pyscript_page_of_other_people(tiny, visit, tmp_path):
    wheels(tmp_path, [])
    for name, text in re.findall(r"```\w+\n(?:<!--|#) ([\w.]+)(?: -->)?\n(.*?)```", DOCUMENT, re.DOTALL):
        (tmp_path / name).write_text(text)
    (tmp_path / "offcut").symlink_to(tiny)
    with serving(tmp_path) as server:
        visitor = visit(server, "addEventListener('py:done', () => { globalThis.isUp = true; })", model=None)
        page = visitor.page
        page.wait_for_function("globalThis.isUp", timeout=PATIENCE)
        page.set_input_files("#photo", PHOTOS / "cat.png")
        page.wait_for_function("document.getElementById('cutout').naturalWidth", timeout=PATIENCE)
        assert page.evaluate("document.getElementById('cutout').naturalWidth") == 451
    assert [request for request in visitor.requests if not request.startswith((server.url, "blob:", "data:"))] == []
