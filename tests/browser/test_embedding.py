"""Offcut in pages of other people, with the very code of docs/embedding.md."""

import base64
import re

import pytest

from tests.browser.visit import PATIENCE, PHOTOS, pixels
from tools.paths import ROOT
from tools.server import serving
from tools.wheels import wheels

DOCUMENT = (ROOT / "docs/embedding.md").read_text("utf-8")
MODULE = re.search(r"```js\n// offcut\.js\n(.*?)```", DOCUMENT, re.DOTALL)[1]

HOST = """<!doctype html><title>shop</title><body><script type="module">
import { removeBackground } from "./offcut.js";
const address = (blob) => new Promise((done) => {
    const reader = Object.assign(new FileReader(), {onload: () => done(reader.result)});
    reader.readAsDataURL(blob);
});
const stages = new Set();
const progress = (stage) => stages.add(stage);
const cutout = await removeBackground("cat.png", {progress});
const photo = await (await fetch("cat.png")).blob();
const [jpeg, failure] = await Promise.all([
    removeBackground(photo, {device: "cpu", output: {format: "image/jpeg", quality: 0.5}}),
    removeBackground(new Blob(["no photo"])).catch(({name}) => name),
]);
globalThis.found = {cutout: await address(cutout), type: jpeg.type, failure, stages: [...stages]};
</script>"""


def test_a_site_of_another_origin_cuts_out_photos_in_a_frame(server, visit, tmp_path):
    (tmp_path / "index.html").write_text(HOST)
    (tmp_path / "offcut.js").write_text(MODULE.replace("https://offcut.example/", server.url))
    (tmp_path / "cat.png").write_bytes((PHOTOS / "cat.png").read_bytes())
    with serving(tmp_path) as shop:
        assert shop.url.rsplit(":", 1)[1] != server.url.rsplit(":", 1)[1]  # two ports are two origins
        page = visit(shop, model=None).page
        page.wait_for_function("globalThis.found", timeout=PATIENCE)
        found = page.evaluate("found")
    assert pixels(base64.b64decode(found["cutout"].split(",")[1])).shape == (300, 451, 4)
    assert (found["type"], found["failure"]) == ("image/jpeg", "NotAnImageError")
    assert {"decode", "infer"} <= set(found["stages"])
    assert len(MODULE) < 2000


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
